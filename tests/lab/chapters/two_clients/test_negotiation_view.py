"""The tree of a choice: every branch drawn, nothing on top of a word, and what an explorer moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.two_clients.negotiation_explorer import ACCEPTS
from lab.chapters.two_clients.negotiation_view import (
    CHIPS,
    FIELD_SIZE,
    FLOW,
    LEAVES,
    QUESTIONS,
    ROOT,
    THICK,
    THIN,
    _Tree,
    bent,
    explorer_drawings,
    field_lines,
)
from lab.drawing.book_figure import LAYOUTS
from lab.drawing.geometry import Box, along, text_box
from lab.drawing.lettering import text_width
from lab.drawing.moving import Branches, MovingText, Words
from tests.lab.drawing.picture import (
    assert_legible,
    assert_nothing_on_text,
    assert_well_formed,
    assert_within,
    shapes,
    texts,
)

FIELDS = ["(no such field)", *filter(None, ACCEPTS.values()), ",".join(["application/something;q=0.5"] * 4)]
WEIGHTS = {"html": "of html", "json": "of json"}
DRAWINGS = explorer_drawings("a", FIELDS, "walk", "field", WEIGHTS)
both = pytest.mark.parametrize("layout", LAYOUTS)


def moving(layout, kind):
    return [part for part in DRAWINGS[layout].moving if isinstance(part, kind)]


def branches(layout):
    (way,) = moving(layout, Branches)
    return dict(zip(FLOW, way.branches, strict=True))


def box_of(weight):
    """The box of a weight at its widest."""
    return text_box(weight.x, weight.y, "0.333", weight.size, weight.anchor, bold=True)


def within(inner, outer):
    return outer.grown(0.1).holds(inner)


@both
def test_well_made(layout):
    drawing = DRAWINGS[layout]
    assert_well_formed(drawing, f"a-{layout}")
    assert_legible(drawing)
    assert_within(drawing)
    assert_nothing_on_text(drawing)


def test_from_the_root_every_branch_leads_on_until_a_leaf():
    ends = {end for _, end in FLOW.values()}
    assert {start for start, _ in FLOW.values()} == set(QUESTIONS) == (ends | {ROOT}) - set(LEAVES)
    assert set(LEAVES) < ends
    assert set(CHIPS) < set(FLOW)


@both
def test_every_word_is_there(layout):
    words = [text.words for text in texts(DRAWINGS[layout])]
    for lines in [*CHIPS.values(), *LEAVES.values()]:
        assert set(lines) <= set(words)
    for lines in QUESTIONS.values():
        assert " ".join(lines) in " ".join(words)
    assert words.count("no") == 1 and words.count("yes") == 2 and "all weigh 1" in words


@both
def test_a_branch_ends_where_it_leads_and_begins_where_it_comes_from(layout):
    tree = _Tree(layout, LAYOUTS[layout])
    for name, (start, end) in FLOW.items():
        first, last = tree.branches[name].lines[0][0], tree.branches[name].lines[-1][-1]
        assert within(Box(*first, *first), tree.boxes[start]), name
        assert last == pytest.approx((last[0], tree.boxes[end].top)), name
        assert within(Box(*last, *last), tree.boxes[end]), name


@both
def test_boxes_lie_apart(layout):
    tree = _Tree(layout, LAYOUTS[layout])
    boxes = [*tree.boxes.values(), tree.field]
    for place, box in enumerate(boxes):
        assert not any(box.meets(other) for other in boxes[place + 1 :])
    for chip in CHIPS:
        assert tree.boxes[chip].width >= max(text_width(line, 12) for line in CHIPS[chip]) + 8


@both
def test_what_is_walked_differs_by_more_than_colour(layout):
    """Thicker lines, filled arrows where the others are open, and a mark at the leaf alone."""
    open_arrows = [shape for shape in shapes(DRAWINGS[layout]) if shape.fill == "panel" and shape.line == "soft"]
    assert len(open_arrows) >= len(FLOW)
    for name, branch in branches(layout).items():
        assert branch.width == THICK > 2 * THIN
        assert branch.filled
        assert bool(branch.tick) == (FLOW[name][1] in LEAVES), name
        assert branch.colour == ("full" if name == "unwelcome" else "web")
    assert branches(layout)["unwelcome"].tick.count("M") == 2, "a cross"
    assert branches(layout)["same"].tick.count("M") == 1, "a tick"


@both
def test_no_walked_line_runs_through_a_word_or_off_the_sheet(layout):
    drawing = DRAWINGS[layout]
    page = Box(0, 0, drawing.width, drawing.height)
    words = [*(text.box for text in texts(drawing)), *map(box_of, moving(layout, MovingText))]
    for name, branch in branches(layout).items():
        line = along(branch.line)
        assert all(page.holds(Box(x, y, x, y).grown(THICK / 2)) for x, y in line), name
        for outline in (branch.filled, branch.line):
            assert not any(box.grown(-1).crossed_by(along(outline)) for box in words), name


@both
def test_weights_lie_on_nothing(layout):
    weights = moving(layout, MovingText)
    assert [weight.output for weight in weights] == ["of html", "of json"]
    tree = _Tree(layout, LAYOUTS[layout])
    for weight in weights:
        box = box_of(weight)
        assert not any(box.meets(text.box) for text in texts(DRAWINGS[layout]))
        assert not any(box.meets(other) for other in tree.boxes.values())


@both
def test_fields_stand_in_their_box(layout):
    (field,) = moving(layout, Words)
    assert (field.output, field.size) == ("field", FIELD_SIZE[layout])
    tree = _Tree(layout, LAYOUTS[layout])
    label = next(text for text in texts(DRAWINGS[layout]) if text.words == "Accept:")
    for words, lines in zip(FIELDS, field.words, strict=True):
        assert "".join(line.replace(" ", "") for _, line in lines) == words.replace(" ", "")
        for y, line in lines:
            box = text_box(field.x, y, line, field.size)
            assert tree.field.holds(box) and not box.meets(label.box)


@given(st.text(st.sampled_from("ab,; /"), max_size=120), st.sampled_from(["wide", "tall"]))
def test_a_broken_field_loses_nothing_but_blanks_at_the_ends_of_lines(words, layout):
    tree = _Tree(layout, LAYOUTS[layout])
    lines = [line for _, line in field_lines(words, tree, 0, 200)]
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all("," not in line[:-1] or text_width(line, FIELD_SIZE[layout]) <= 200 for line in lines)


def test_corners_are_round_and_straight_lines_straight():
    assert bent([(0, 0), (0, 20)]) == "M 0 0 L 0 20"
    assert bent([(0, 0), (0, 20), (30, 20)]) == "M 0 0 L 0 14 C 0 20 0 20 6 20 L 30 20"
    assert bent([(0, 0), (0, 0), (0, 8), (2, 8)]) == "M 0 0 L 0 4 C 0 8 0 8 1 8 L 2 8"
