"""The plot of load time against round-trip time, and the axes of its explorer."""

import pytest

from lab.chapters.two_clients.load_time_view import Load, explorer_drawings, figure, loads_of, slope
from lab.chapters.two_clients.load_times import CONNECTION_EACH, PHONE, LoadTimes
from lab.drawing.geometry import Box
from lab.drawing.moving import Curve, MovingScale, PointOnCurve
from lab.instruments.runs import Run, load
from tests.lab.chapters.two_clients.load_time_runs import LOADS, MEASURED_RTTS_MS, run_beside_formula
from tests.lab.drawing.picture import (
    assert_legible,
    assert_nothing_on_text,
    assert_well_made,
    assert_within,
    shapes,
    texts,
)

RECORDED, OFF, OWN = run_beside_formula(), run_beside_formula(off_ms=30), run_beside_formula(off_ms=60, repeats=5)


@pytest.mark.parametrize("runs", [[RECORDED], [RECORDED, OWN], [OFF]])
def test_well_made(runs: list[Run[LoadTimes]]) -> None:
    assert_well_made(figure(runs, "a", "a machine"))


def test_the_recorded_run_is_well_made() -> None:
    recorded = load(LoadTimes)
    assert_well_made(figure([recorded], "a", "a machine"))
    assert [load.round_trips for load in loads_of(recorded)] == [3, 6, 9]


def test_loads_are_medians_the_fewest_round_trips_first() -> None:
    loads = loads_of(RECORDED)
    assert [(load.name, load.round_trips) for load in loads] == [
        ("phone, JSON", 3), ("page, one connection", 6), ("page, a connection each", 9),
    ]  # fmt: skip
    for (rtt_ms, load_ms), expected in zip(loads[0].points, MEASURED_RTTS_MS, strict=True):
        assert rtt_ms == pytest.approx(expected)
        assert load_ms == pytest.approx(3 * expected + 7)


def test_the_slope_is_counted_and_the_start_measured() -> None:
    load = Load("a", 2, ((10.0, 25.0), (1.0, 7.0), (20.0, 50.0)))
    assert load.work_ms == 5
    assert [load.formula_ms(rtt) for rtt in (0, 1, 10, 20)] == [5, 7, 25, 45]
    assert load.furthest() == (20, pytest.approx(0.1))
    assert Load("b", 2, ((1.0, 7.0), (10.0, 50.0), (20.0, 45.0))).furthest() == (10, pytest.approx(0.5))
    assert [slope(Load("c", trips, ())) for trips in (1, 3)] == ["1 round trip", "3 round trips"]


def pixels(rtt_ms: float, load_ms: float, layout: str) -> tuple[float, float]:
    """Where a point lies: 100 ms across, 1,000 ms up."""
    box = Box(64, 46, 534, 326) if layout == "wide" else Box(52, 46, 260, 306)
    return box.left + rtt_ms / 100 * box.width, box.bottom - load_ms / 1000 * box.height


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_recorded_points_are_hollow_and_lie_where_they_were_measured(layout: str) -> None:
    hollow = [
        shape for shape in shapes(figure([OFF], "a", "a machine").drawings[layout])
        if shape.fill == "panel" and shape.line == "soft"
    ]  # fmt: skip
    assert len(hollow) == 15 + 1, "and one in the key"
    expected = [
        pixels(rtt_ms, trips * rtt_ms + work_ms + 30 * (rtt_ms > 1), layout)
        for trips, work_ms in sorted(LOADS.values()) for rtt_ms in MEASURED_RTTS_MS
    ]  # fmt: skip
    for shape, place in zip(hollow, expected, strict=False):
        xs, ys = zip(*shape.points, strict=True)
        assert ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2) == pytest.approx(place, abs=0.05)


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_lines_have_the_counted_slopes_and_are_dashed_where_nothing_was_measured(layout: str) -> None:
    drawing = figure([RECORDED], "a", "a machine").drawings[layout]
    lines = [shape for shape in shapes(drawing) if shape.line == "ink" and shape.width == 2]
    assert [shape.dashes for shape in lines] == [None, "6,4"] * 3 + [None]
    for place, (trips, work_ms) in enumerate(sorted(LOADS.values())):
        for line, (start, end) in zip(lines[2 * place : 2 * place + 2], ((0.5, 82), (82, 100)), strict=True):
            for point, rtt_ms in ((line.points[0], start), (line.points[-1], end)):
                assert point == pytest.approx(pixels(rtt_ms, trips * rtt_ms + work_ms, layout), abs=0.05)


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_the_measured_range_is_shaded(layout: str) -> None:
    drawing = figure([RECORDED], "a", "a machine").drawings[layout]
    shaded = next(shape for shape in shapes(drawing) if shape.fill == "web" and shape.line is None)
    xs = [x for x, _ in shaded.points]
    assert (min(xs), max(xs)) == pytest.approx((pixels(0.5, 0, layout)[0], pixels(82, 0, layout)[0]), abs=0.05)
    assert 'opacity="0.07"' in drawing.svg
    assert "measured range" in [text.words for text in texts(drawing)]


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_the_reader_s_own_run_is_filled_and_moves_no_line(layout: str) -> None:
    alone, both = (figure(runs, "a", "a machine").drawings[layout] for runs in ([RECORDED], [RECORDED, OWN]))
    filled = [shape for shape in shapes(both) if shape.line == "web" and shape.width == 8]
    assert [shape.outline.count("M") for shape in filled] == [5, 5, 5, 1]
    assert filled[0].points[8] == pytest.approx(pixels(82, 3 * 82 + 7 + 60, layout), abs=0.05)
    words_alone, words_of_both = ({text.words for text in texts(drawing)} for drawing in (alone, both))
    assert "your own run, median of 5" in words_of_both
    assert not any("your own" in words for words in words_alone)
    assert {"formula, slope counted", "recorded, median of 3"} <= words_alone & words_of_both


def test_labels_stand_at_the_lines() -> None:
    for layout, drawing in figure([RECORDED], "a", "a machine").drawings.items():
        for name, (trips, work_ms) in LOADS.items():
            (label,) = [text for text in texts(drawing) if text.words == f"{trips} round trips"]
            x, y = pixels(100, 100 * trips + work_ms, layout)
            assert (label.x, label.y) == pytest.approx((x + 8, y + 4), abs=0.05)
            assert label.bold
            assert (name if layout == "wide" else f"{trips}: {name}") in [text.words for text in texts(drawing)]


def test_labels_of_lines_that_end_together_are_kept_apart() -> None:
    together = run_beside_formula(loads={**LOADS, PHONE: (6, 20), CONNECTION_EACH: (6, 22)})
    assert_well_made(figure([together], "a", "a machine"))


def test_axes_and_units() -> None:
    for layout, across in (("wide", ["0", "20", "40", "60", "80", "100"]), ("tall", ["0", "50", "100"])):
        words = [text.words for text in texts(figure([RECORDED], "a", "a machine").drawings[layout])]
        assert words[:6] == ["0", "200", "400", "600", "800", "1,000"]
        assert words[6 : 6 + len(across)] == across
        assert {"round-trip time (ms)", "load time (ms)"} <= set(words)


def test_the_words_for_those_who_do_not_see_it() -> None:
    assert figure([OFF, OWN], "a", "a machine").alt == (
        "Load time against round-trip time, measured from 0.5 to 82 milliseconds. Straight lines that rise by the"
        " counted round trips: 3 for “phone, JSON”, 6 for “page, one connection”, 9 for “page, a connection each”."
        " Recorded medians at the longest round trip: “phone, JSON” 283 ms; “page, one connection” 540 ms; “page, a"
        " connection each” 792 ms. The largest error of the formula is 44 %, for “phone, JSON” at 10 milliseconds."
    )


@pytest.mark.parametrize("count", [0, 3])
def test_one_run_or_two(count: int) -> None:
    with pytest.raises(ValueError, match=f"the recorded run and at the most one more, not {count}"):
        figure([RECORDED] * count, "a", "a machine")


def test_runs_of_other_loads_do_not_share_lines() -> None:
    own = run_beside_formula(loads={**LOADS, PHONE: (2, 7)})
    with pytest.raises(ValueError, match=r"did not count the same loads, .*: make record"):
        figure([RECORDED, own], "a", "a machine")


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_the_explorer_s_axes_move_two_curves_and_a_point(layout: str) -> None:
    recorded = [(30.0, 400.0), (0.5, 20.0)]
    drawing = explorer_drawings("a", over="rtt_ms", load="load", flat="flat", recorded=recorded)[layout]
    assert_within(drawing)
    assert_legible(drawing)
    assert_nothing_on_text(drawing)
    left, right, bottom, top = (64, 688, 278, 46) if layout == "wide" else (52, 338, 268, 46)
    axes = MovingScale((left, right), (0, 150), "linear"), MovingScale((bottom, top), (0, 2000), "linear")
    assert drawing.moving == (
        Curve("flat", "rtt_ms", *axes, "soft"),
        Curve("load", "rtt_ms", *axes, "ink"),
        PointOnCurve("load", "rtt_ms", *axes, "web"),
    )
    hollow = [shape for shape in shapes(drawing) if shape.fill == "panel"]
    assert len(hollow) == 2
    xs, ys = zip(*hollow[0].points, strict=True)
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    assert middle == pytest.approx((left + (right - left) / 5, bottom - (bottom - top) / 5), abs=0.05)
    words = [text.words for text in texts(drawing)]
    assert words[:5] == ["0", "500", "1,000", "1,500", "2,000"]
    assert words[5:9] == ["0", "50", "100", "150"]
