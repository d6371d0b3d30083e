"""The scene of the queue: its places, and what moves on it."""

import pytest

from lab.chapters.when_full.queue_scene_view import PLACES, RADIUS, SERVERS, WAITING, positions, scene
from tests.lab.drawing.picture import assert_legible, assert_nothing_on_text, assert_within, shapes


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_well_made(layout: str) -> None:
    drawing = scene("a", 745)[layout]
    assert_within(drawing)
    assert_legible(drawing)
    assert_nothing_on_text(drawing)
    assert [(part.kind, part.output) for part in drawing.moving] == [
        ("customers", "customers"), ("curve", "inside"), ("point", "inside"),
    ]  # fmt: skip
    assert drawing.moving[0].places == positions(layout)


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_no_two_places_touch_and_all_are_on_the_sheet(layout: str) -> None:
    places = positions(layout)
    assert len(places) == SERVERS + WAITING + 1 == PLACES["exit"] + 1
    width = 720 if layout == "wide" else 360
    for number, (x, y) in enumerate(places):
        assert RADIUS < x < width - RADIUS and y > RADIUS
        for other_x, other_y in places[:number]:
            assert max(abs(x - other_x), abs(y - other_y)) > 2 * RADIUS


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_each_place_is_drawn(layout: str) -> None:
    outlines = shapes(scene("a", 745)[layout])
    assert sum(shape.line == "rule" and shape.width == 1.2 for shape in outlines) >= WAITING
    assert sum(shape.line == "web" and shape.fill == "paper" for shape in outlines) == SERVERS
