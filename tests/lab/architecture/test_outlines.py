"""lab/architecture/outlines.py"""

import networkx
import pytest

from lab.architecture.diagram import drawings
from lab.architecture.outlines import Ways, regroup
from lab.chapters.cover import splitting_explorer
from lab.drawing.geometry import Box, along, around, text_box
from lab.drawing.moving import Branches, Level, Words
from tests.lab.drawing.picture import assert_nothing_on_text, assert_within, shapes, texts

WAYS = Ways("outlines", splitting_explorer.GROUPS, {splitting_explorer.ONE_PROCESS: "process"})
SPLIT = drawings(splitting_explorer.picture_graph(), "a", {"users": "dots", "web": "web", "data": "data"}, WAYS)
STILL = drawings(splitting_explorer.picture_graph(), "a")


def branches_of(drawing) -> Branches:
    """The outlines of the ways, each a branch."""
    (branches,) = [part for part in drawing.moving if isinstance(part, Branches)]
    return branches


def boxes_by_way(drawing) -> list[list[Box]]:
    """The boxes of the groups' outlines, by way."""
    branches = branches_of(drawing)
    assert branches.output == "outlines"
    return [
        [around([Box(x, y, x, y) for x, y in along(f"M{outline}")]) for outline in branch.line.split("M")[1:]]
        for branch in branches.branches
    ]


def titles(drawing) -> list[tuple[int, str, Box]]:
    """(way, words, their box) of each title."""
    return [
        (way, words, text_box(part.x, y, words, part.size))
        for part in drawing.moving if isinstance(part, Words)
        for way, lines in part.words.items() for y, words in lines
    ]  # fmt: skip


def test_regroup() -> None:
    graph = splitting_explorer.picture_graph()
    copy = regroup(graph, {"web": "here"})
    assert dict(copy.nodes(data="group")) == {"users": "", "names": "", "web": "here", "data": ""}
    assert graph.nodes["web"]["group"] == "web tier" and list(copy.edges) == list(graph.edges)


@pytest.mark.parametrize("layout", SPLIT)
def test_each_way_outlines_its_groups_around_the_same_parts(layout: str) -> None:
    one, (web, data) = boxes_by_way(SPLIT[layout])
    (whole,) = one
    assert around([web, data]) == whole
    assert not web.meets(data)
    boxes = {text.words: text.box for text in texts(SPLIT[layout])}
    assert web.holds(boxes["application"]) and data.holds(boxes["database"])


@pytest.mark.parametrize("layout", SPLIT)
def test_a_group_that_is_one_process_is_a_vessel_behind_its_parts(layout: str) -> None:
    (whole,), _ = boxes_by_way(SPLIT[layout])
    (vessel,) = [part for part in SPLIT[layout].moving if isinstance(part, Level) and part.behind]
    assert (vessel.output, vessel.colour) == ("process", "ink")
    # an outline is written with two digits
    sides = (vessel.x, vessel.y, vessel.width, vessel.height)
    assert sides == pytest.approx((whole.left, whole.top, whole.width, whole.height), abs=0.02)


@pytest.mark.parametrize("layout", SPLIT)
def test_parts_and_arrows_stand_where_they_stand_without_ways(layout: str) -> None:
    """Only the frames, which are first there, are not drawn; and what moves."""
    lines = [shape.outline for shape in shapes(SPLIT[layout])]
    assert {shape.outline for shape in shapes(STILL[layout]) if shape.line == "rule" and shape.fill == "paper"}
    assert set(lines) < {shape.outline for shape in shapes(STILL[layout])}
    assert SPLIT[layout].height == STILL[layout].height


@pytest.mark.parametrize("layout", SPLIT)
def test_titles_belong_to_their_own_way_and_lie_on_nothing(layout: str) -> None:
    drawing = SPLIT[layout]
    words_by_way = [(way, words) for way, words, _ in titles(drawing)]
    assert words_by_way == [(1, splitting_explorer.ONE_PROCESS), (2, "web tier"), (2, "data tier")]
    assert_within(drawing)
    assert_nothing_on_text(drawing)
    lines = [shape for shape in shapes(drawing) if shape.line not in (None, "rule")]
    for _, words, box in titles(drawing):
        assert not any(box.crossed_by(shape.points) for shape in lines), words
        assert not any(box.meets(text.box) for text in texts(drawing)), words
        assert any(frame.holds(box) for frames in boxes_by_way(drawing) for frame in frames), words


@pytest.mark.parametrize("layout", SPLIT)
def test_no_outline_crosses_a_name_or_a_number(layout: str) -> None:
    for branch in branches_of(SPLIT[layout]).branches:
        for text in texts(SPLIT[layout]):
            assert not text.box.crossed_by(along(branch.line)), text


def test_a_title_moves_out_of_an_arrows_way() -> None:
    long = Ways("outlines", ({"web": "one server, one process", "data": "one server, one process"},))
    drawing = drawings(splitting_explorer.picture_graph(), "a", ways=long)["tall"]
    ((_, _, box),) = titles(drawing)
    assert not any(box.crossed_by(shape.points) for shape in shapes(drawing) if shape.line == "web")


def test_without_ways_nothing_moves() -> None:
    graph: networkx.DiGraph = splitting_explorer.picture_graph()
    graph.nodes["users"].pop("note_output")
    assert all(drawing.moving == () for drawing in drawings(graph, "a").values())
