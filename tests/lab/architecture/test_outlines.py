"""lab/architecture/outlines.py"""

import networkx
import pytest

from lab.architecture.diagram import drawings
from lab.architecture.outlines import Ways, regrouped
from lab.chapters.cover import splitting_explorer
from lab.drawing.geometry import Box, along, around, text_box
from tests.lab.drawing.picture import assert_nothing_on_text, assert_within, shapes, texts

WAYS = Ways("outlines", splitting_explorer.GROUPS, {splitting_explorer.ONE_PROCESS: "process"})
DRAWN = drawings(splitting_explorer.graph(), "a", {"users": "dots", "web": "web", "data": "data"}, WAYS)
STILL = drawings(splitting_explorer.graph(), "a")


def outlined(drawing) -> list[list[Box]]:
    """The boxes of each way."""
    (item,) = [item for item in drawing.moving if item["kind"] == "path"]
    assert item["output"] == "outlines"
    return [
        [around([Box(x, y, x, y) for x, y in along(f"M{outline}")]) for outline in branch["line"].split("M")[1:]]
        for branch in item["branches"]
    ]


def titles(drawing) -> list[tuple[int, str, Box]]:
    """(way, words, what they cover) of each title."""
    return [
        (way, words, text_box(item["x"], y, words, item["size"]))
        for item in drawing.moving if item["kind"] == "words"
        for way, lines in item["words"].items() for y, words in lines
    ]  # fmt: skip


def test_regrouped() -> None:
    graph = splitting_explorer.graph()
    changed = regrouped(graph, {"web": "here"})
    assert dict(changed.nodes(data="group")) == {"users": "", "names": "", "web": "here", "data": ""}
    assert graph.nodes["web"]["group"] == "web tier" and list(changed.edges) == list(graph.edges)


@pytest.mark.parametrize("layout", DRAWN)
def test_each_way_outlines_its_groups_around_the_same_parts(layout: str) -> None:
    one, (web, data) = outlined(DRAWN[layout])
    (whole,) = one
    assert around([web, data]) == whole
    assert not web.meets(data)
    placed = {text.words: text.box for text in texts(DRAWN[layout])}
    assert web.holds(placed["application"]) and data.holds(placed["database"])


@pytest.mark.parametrize("layout", DRAWN)
def test_a_group_that_is_one_process_is_a_vessel_behind_its_parts(layout: str) -> None:
    (whole,), _ = outlined(DRAWN[layout])
    (vessel,) = [item for item in DRAWN[layout].moving if item.get("behind")]
    assert (vessel["kind"], vessel["output"], vessel["colour"]) == ("level", "process", "ink")
    # an outline is written with two digits
    sides = (vessel["x"], vessel["y"], vessel["width"], vessel["height"])
    assert sides == pytest.approx((whole.left, whole.top, whole.width, whole.height), abs=0.02)


@pytest.mark.parametrize("layout", DRAWN)
def test_parts_and_arrows_stand_where_they_stand_without_ways(layout: str) -> None:
    """Only the frames, which are first there, are not drawn; and what moves."""
    lines = [shape.outline for shape in shapes(DRAWN[layout])]
    assert {shape.outline for shape in shapes(STILL[layout]) if shape.line == "rule" and shape.fill == "paper"}
    assert set(lines) < {shape.outline for shape in shapes(STILL[layout])}
    assert DRAWN[layout].height == STILL[layout].height


@pytest.mark.parametrize("layout", DRAWN)
def test_titles_are_told_in_their_own_way_and_lie_on_nothing(layout: str) -> None:
    drawing = DRAWN[layout]
    told = [(way, words) for way, words, _ in titles(drawing)]
    assert told == [(1, splitting_explorer.ONE_PROCESS), (2, "web tier"), (2, "data tier")]
    assert_within(drawing)
    assert_nothing_on_text(drawing)
    lines = [shape for shape in shapes(drawing) if shape.line not in (None, "rule")]
    for _, words, box in titles(drawing):
        assert not any(box.crossed_by(shape.points) for shape in lines), words
        assert not any(box.meets(text.box) for text in texts(drawing)), words
        assert any(frame.holds(box) for frames in outlined(drawing) for frame in frames), words


@pytest.mark.parametrize("layout", DRAWN)
def test_no_outline_crosses_a_name_or_a_number(layout: str) -> None:
    (item,) = [item for item in DRAWN[layout].moving if item["kind"] == "path"]
    for branch in item["branches"]:
        for text in texts(DRAWN[layout]):
            assert not text.box.crossed_by(along(branch["line"])), text


def test_a_title_moves_out_of_an_arrows_way() -> None:
    long = Ways("outlines", ({"web": "one server, one process", "data": "one server, one process"},))
    drawing = drawings(splitting_explorer.graph(), "a", ways=long)["tall"]
    ((_, _, box),) = titles(drawing)
    assert not any(box.crossed_by(shape.points) for shape in shapes(drawing) if shape.line == "web")


def test_without_ways_nothing_moves() -> None:
    graph: networkx.DiGraph = splitting_explorer.graph()
    graph.nodes["users"].pop("note_output")
    assert all(drawing.moving == () for drawing in drawings(graph, "a").values())
