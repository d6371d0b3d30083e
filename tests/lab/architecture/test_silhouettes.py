"""The shapes of the parts, and the work that stands in them."""

import math

import pytest

from lab.architecture.diagram import KIND_WORDS
from lab.architecture.silhouettes import (
    MOST_USERS,
    SILHOUETTES,
    USER_RADIUS,
    USERS_RADIUS,
    level_text_at,
    level_words,
    moving_level,
    paint_silhouette,
    user_positions,
)
from lab.drawing.book_figure import draw
from lab.drawing.colours import TINT
from lab.drawing.geometry import Box, along
from lab.drawing.moving import Level
from tests.lab.drawing.picture import assert_nothing_on_text, assert_within, shapes

VESSELS = [kind for kind in SILHOUETTES if kind != "users"]


def test_every_kind_of_part_has_a_silhouette_and_words() -> None:
    assert list(SILHOUETTES) == ["browser", "phone", "name_server", "web", "data", "cache", "users"]
    assert set(SILHOUETTES) == set(KIND_WORDS)


def test_sizes_and_colours() -> None:
    parts = {kind: make(0, 0, 1) for kind, make in SILHOUETTES.items()}
    assert {kind: (part.colour, part.box.width, part.box.height) for kind, part in parts.items()} == {
        "browser": ("ink", 116, 80), "phone": ("ink", 50, 90), "name_server": ("name", 96, 50), "web": ("web", 120, 78),
        "data": ("data", 104, 84), "cache": ("cache", 108, 80), "users": ("ink", 132, 132),
    }  # fmt: skip


@pytest.mark.parametrize("kind", SILHOUETTES)
@pytest.mark.parametrize("scale", [1, 0.84])
def test_a_silhouette_is_centred_and_fills_its_box(kind: str, scale: float) -> None:
    part = SILHOUETTES[kind](200, 100, scale)
    assert part.box.centre == pytest.approx((200, 100))
    assert part.box.holds(part.tank)
    full = SILHOUETTES[kind](200, 100, 1)
    assert part.box.width == pytest.approx(full.box.width * scale)
    outlines = [part.vessel, *(detail.outline for detail in part.behind + part.front + part.idle)]
    points = [point for outline in outlines if outline for point in along(outline)]
    assert all(part.box.grown(0.02).holds(Box(x, y, x, y)) for x, y in points)
    if points:
        assert min(x for x, _ in points) == pytest.approx(part.box.left, abs=0.01)
        assert max(y for _, y in points) == pytest.approx(part.box.bottom, abs=0.01)


def test_outlines_differ_by_more_than_colour() -> None:
    """Scaled to one size they are still different: who sees no colour knows them apart."""
    looks = set()
    for kind in VESSELS:
        part = SILHOUETTES[kind](0, 0, 1)
        marks = [part.vessel, *(detail.outline for detail in part.behind + part.front)]
        scaled = tuple(
            (round(x / part.box.width, 1), round(y / part.box.height, 1)) for mark in marks for x, y in along(mark)[::4]
        )
        looks.add(frozenset(scaled))
    assert len(looks) == len(VESSELS)


@pytest.mark.parametrize("kind", VESSELS)
@pytest.mark.parametrize("level", [None, 0, 0.05, 0.2, 0.3, 0.5, 0.9, 0.91, 1, 1.4])
def test_no_level_line_runs_through_its_words(kind: str, level: float | None) -> None:
    part = SILHOUETTES[kind](100, 100, 1)
    picture = draw(lambda sheet, layout: paint_silhouette(sheet, part, level), "a", 200)["wide"]
    assert_within(picture)
    if kind in ("web", "data", "cache", "browser"):
        assert_nothing_on_text(picture)
    colours = {shape.line for shape in shapes(picture)} - {"soft", "rule", None}
    assert colours == {"full" if level is not None and level > 0.9 else part.colour}


def test_idle_details_give_way_to_a_level() -> None:
    part = SILHOUETTES["browser"](100, 100, 1)

    def count(level: float | None, idle: bool = True) -> int:
        picture = draw(lambda sheet, layout: paint_silhouette(sheet, part, level, idle), "a", 200)["wide"]
        return sum(shape.line == "rule" for shape in shapes(picture))

    assert (count(None), count(None, idle=False), count(0.5)) == (2, 0, 0)


@pytest.mark.parametrize(
    ("level", "words"),
    [(0, "0\u00a0%"), (0.004, "0\u00a0%"), (0.72, "72\u00a0%"), (0.9, "90\u00a0%"), (0.901, "90\u00a0% full"),
     (0.94, "94\u00a0% full"), (0.999, "100\u00a0% full"), (1, "full"), (1.4, "full")],
)  # fmt: skip
def test_words_for_a_level(level: float, words: str) -> None:
    assert level_words(level) == words


@pytest.mark.parametrize(
    ("level", "baseline"), [(0, 94), (0.2, 74), (0.24, 70), (0.25, 92), (0.5, 92), (1, 92), (1.4, 92)]
)
def test_little_work_has_its_share_above_its_surface(level: float, baseline: float) -> None:
    assert level_text_at(Box(0, 0, 60, 100), level) == pytest.approx((51, baseline))


def test_what_an_explorer_needs_of_a_vessel() -> None:
    part = SILHOUETTES["data"](100, 100, 1)
    assert moving_level(part, "utilisation") == Level(
        "utilisation", x=48, y=78, width=104, height=64, colour="data", full_above=0.9, outline=part.vessel, tint=TINT
    )


def test_a_crowd_grows_outwards_without_touching() -> None:
    ground = SILHOUETTES["users"](200, 100, 1).box
    crowd = user_positions(ground, MOST_USERS)
    assert (len(crowd), MOST_USERS, USERS_RADIUS) == (240, 240, 66)
    assert user_positions(ground, 7) == crowd[:7]
    assert user_positions(ground, 0) == []
    distances = [math.dist(place, (200, 100)) for place in crowd]
    assert max(distances) <= USERS_RADIUS - USER_RADIUS
    assert distances == pytest.approx(sorted(distances), abs=0.1)
    closest = min(math.dist(one, other) for place, one in enumerate(crowd) for other in crowd[place + 1 :])
    assert closest > 2 * USER_RADIUS
