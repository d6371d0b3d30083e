"""The waterfall of a visit: rows, bars, words, and a second run beneath."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.chapters.one_request.page_visit import PageVisit
from lab.chapters.one_request.waterfall_view import KINDS, alt_text, figure, key, rows_of
from lab.drawing.scales import ticks_up_to
from lab.instruments import runs
from lab.instruments.counting import Traffic
from lab.instruments.visit import Step, Visit
from tests.lab.drawing.picture import assert_nothing_on_text, assert_well_made, assert_within, shapes, texts


def visit(*milliseconds: float, note: str = "3 statements") -> Visit:
    """Return a visit that looks up, connects, then gets a page and as many more resources as durations are left."""
    paths = ("/", "/static/site.css", "/static/icon.svg", "/static/site.js")
    plan = [("name", "api.mysite.com", "127.0.0.1"), ("connect", "api.mysite.com", "127.0.0.1")]
    for path in paths[: (len(milliseconds) - 2) // 3]:
        plan += [("send", path, ""), ("wait", path, note if path == "/" else ""), ("receive", path, "")]
    steps, now = [], 0.0
    for (kind, resource, words), length in zip(plan, milliseconds, strict=True):
        steps.append(Step(f"{kind} {resource}", kind, resource, now, now + length / 1000, note=words))
        now += length / 1000
    return Visit("api.mysite.com", "/", 200, 1000, paths[1:], 1, Traffic(1, 1, 1), tuple(steps))


TYPICAL = visit(2, 1, 1, 5, 1, 0.25, 2, 0.5)


def test_rows_are_the_lookup_the_connection_and_each_resource() -> None:
    rows = rows_of(TYPICAL)
    assert [title for title, _ in rows] == ["look up the name", "connect", "/", "/static/site.css"]
    assert [[step.kind for step in steps] for _, steps in rows] == [
        ["name"], ["connect"], ["send", "wait", "receive"], ["send", "wait", "receive"],
    ]  # fmt: skip


@pytest.mark.parametrize("visits", [[TYPICAL], [TYPICAL, visit(1, 1, 1, 9, 1, 1, 1, 1)]])
def test_well_made(visits: list[Visit]) -> None:
    assert_well_made(figure(visits, "a"))


def test_the_recorded_run_is_well_made() -> None:
    assert_well_made(figure([runs.load(PageVisit).payload.visit], "a"))


@settings(max_examples=15)
@given(
    st.lists(st.floats(0.001, 300), min_size=5, max_size=14).filter(lambda times: len(times) % 3 == 2),
    st.sampled_from(["", "3 statements", "3 statements, from the cache, and as much again as that"]),
)
def test_whatever_took_long_nothing_lies_on_anything(times: list[float], note: str) -> None:
    for drawing in figure([visit(*times, note=note)], "a").drawings.values():
        assert_within(drawing)
        assert_nothing_on_text(drawing)


def test_every_row_says_what_it_took_and_what_was_said() -> None:
    for drawing in figure([TYPICAL], "a").drawings.values():
        words = [text.words for text in texts(drawing)]
        for label in ("2 ms, 127.0.0.1", "1 ms, 127.0.0.1", "7 ms, 3 statements", "2.75 ms"):
            assert label in words
        for title in ("look up the name", "connect", "/", "/static/site.css", "milliseconds since the name was typed"):
            assert title in words
        kinds = [word for _, word in KINDS.values()]
        assert [word for word in words if word in kinds] == kinds


def test_bars_start_and_end_at_their_times() -> None:
    drawing = figure([TYPICAL], "a").drawings["wide"]
    left, right, last = 150, 720 - 24, ticks_up_to(12.75, 8)[-1]
    request_bar = next(shape for shape in shapes(drawing) if shape.fill == "web")
    xs = [x for x, _ in request_bar.points]
    assert min(xs) == pytest.approx(left + 3 / last * (right - left), abs=0.01)
    assert max(xs) == pytest.approx(left + 4 / last * (right - left), abs=0.01)


def test_what_took_no_time_is_still_seen() -> None:
    drawing = figure([visit(1, 0, 0, 1000, 0)], "a").drawings["wide"]
    connection_bar = next(shape for shape in shapes(drawing) if shape.fill == "soft")
    xs = [x for x, _ in connection_bar.points]
    assert max(xs) - min(xs) == pytest.approx(2)


def test_kinds_differ_by_more_than_colour() -> None:
    """In the key of the tall layout: dotted, thin, full, empty, striped."""
    bars = shapes(figure([TYPICAL], "a").drawings["tall"])
    dotted, striped = (
        {(shape.line, shape.width) for shape in bars if shape.dashes == dashes} for dashes in ("0,5", "2,2")
    )
    assert dotted == {("name", 3.5)}
    assert striped == {("web", 14)}
    heights = {
        round(max(y for _, y in shape.points) - min(y for _, y in shape.points), 2)
        for shape in bars if shape.fill == "soft"
    }  # fmt: skip
    assert heights == {5}
    waiting = {(shape.width, shape.clipped) for shape in bars if shape.line == "web" and not shape.dashes}
    assert waiting == {(2.4, True)}


def test_the_reader_s_own_run_lies_beneath() -> None:
    own = visit(4, 1, 1, 1, 1, 1, 1, 1)
    alone, both = (figure(visits, "a").drawings["wide"] for visits in ([TYPICAL], [TYPICAL, own]))
    assert "your own run" not in [text.words for text in texts(alone)]
    assert "your own run" in [text.words for text in texts(both)]
    thin = [
        shape for shape in shapes(both)
        if shape.fill == "web" and max(y for _, y in shape.points) - min(y for _, y in shape.points) == pytest.approx(4)
    ]  # fmt: skip
    assert len(thin) == 4 + 1, "one a row, one in the key"
    assert len(shapes(both)) == len(shapes(alone)) + 5
    first = [x for x, _ in thin[0].points]
    assert (min(first), max(first)) == pytest.approx((150, 150 + 4 / 14 * 546))


def test_the_words_for_those_who_do_not_see_it() -> None:
    assert alt_text(TYPICAL) == (
        "Waterfall of one visit of api.mysite.com, 8 steps one after the other: the name is looked up, a connection is "
        "made, then 2 requests on that connection: /, /static/site.css. Of the whole time 55 % was “waiting for the "
        "server”."
    )
    assert figure([TYPICAL, visit(*[9] * 8)], "a").alt == alt_text(TYPICAL)


def test_the_caption_says_where_it_was_measured() -> None:
    assert figure([TYPICAL], "a").caption is None
    assert figure([TYPICAL], "a", caption="on a machine").caption == "on a machine"


@pytest.mark.parametrize("count", [0, 3])
def test_one_visit_or_two(count: int) -> None:
    with pytest.raises(ValueError, match=f"the recorded visit and at the most one more, not {count}"):
        figure([TYPICAL] * count, "a")


def test_visits_of_different_pages_do_not_share_rows() -> None:
    with pytest.raises(ValueError, match="did not ask for the same"):
        figure([TYPICAL, visit(1, 1, 1, 1, 1)], "a")
    steps = tuple(replace(step, resource="/other") if step.resource == "/" else step for step in TYPICAL.steps)
    with pytest.raises(ValueError, match="make record"):
        figure([TYPICAL, replace(TYPICAL, steps=steps)], "a")


def test_the_key_breaks_into_lines_that_fit() -> None:
    assert [kind for kind, _, _ in key(720, own=True)] == [*KINDS, "own"]
    assert [line for _, _, line in key(720, own=False)] == [0] * 5
    assert [line for _, _, line in key(360, own=False)] == [0, 0, 1, 1, 2]
    assert key(360, own=False)[0] == ("name", 12.0, 0)
