"""lab/views/waterfall.py: the waterfall of a visit."""

from types import SimpleNamespace

import pytest

from lab import runs
from lab.views.waterfall import KINDS, LAYOUTS, figure, key, rows_of, ticks_ms, word
from lab.visit import Visit
from tests.lab.views.picture import assert_legible, assert_well_formed, assert_within, texts

STEPS = [
    ("name", "api.mysite.com", 1.0, "127.0.0.1"), ("connect", "api.mysite.com", 0.5, ""),
    ("send", "/", 0.5, ""), ("wait", "/", 5.0, "3 statements"), ("receive", "/", 1.0, ""),
    ("send", "/a.css", 0.1, ""), ("wait", "/a.css", 0.8, ""), ("receive", "/a.css", 0.1, ""),
]  # fmt: skip


def visited(factor=1.0, steps=STEPS):
    """A visit of these steps, one after the other, each `factor` times as long."""
    made, start = [], 0.0
    for kind, resource, took_ms, note in steps:
        end = start + took_ms * factor / 1000
        made.append(SimpleNamespace(kind=kind, resource=resource, start_s=start, end_s=end, note=note))
        start = end
    return SimpleNamespace(host="api.mysite.com", steps=made)


def assert_drawn_well(picture):
    """The rules of every drawing, but that text here may lie on the grid: a strip of panel parts the two."""
    for layout, drawing in picture.drawings.items():
        assert_well_formed(drawing, f"w-{layout}")
        assert_legible(drawing)
        assert_within(drawing)


def test_rows_are_the_look_up_the_connection_and_each_resource():
    assert [(title, len(steps)) for title, steps in rows_of(visited())] == [
        ("look up the name", 1), ("connect", 1), ("/", 3), ("/a.css", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("visits", [[visited()], [visited(), visited(0.4)], [visited(0.01), visited(30)]])
def test_is_well_made(visits):
    assert_drawn_well(figure(visits, "w"))


def test_recorded_run_is_well_made():
    assert_drawn_well(figure([Visit.from_json(runs.load("01-page-visit").detail["visit"])], "w"))


def test_says_rows_times_notes_and_key():
    for drawing in figure([visited()], "w").drawings.values():
        words = [text.words for text in texts(drawing)]
        assert {"look up the name", "connect", "/", "/a.css"} <= set(words)
        assert {"1 ms, 127.0.0.1", "0.5 ms", "6.5 ms, 3 statements"} <= set(words)
        assert {word(kind) for kind in KINDS} <= set(words)
        assert "your own run" not in words
        assert "milliseconds since the name was typed" in words
        assert {"0", "2", "4", "6", "8", "10"} <= set(words)


def test_own_run_is_named_and_drawn_beneath():
    alone, both = figure([visited()], "w"), figure([visited(), visited(0.5)], "w")
    assert alone.alt == both.alt
    for layout in LAYOUTS:
        assert "your own run" in [text.words for text in texts(both.drawings[layout])]
        assert both.drawings[layout].svg != alone.drawings[layout].svg


def test_alt_text_says_order_counts_and_the_largest_share():
    assert figure([visited()], "w").alt == (
        "Waterfall of one visit of api.mysite.com, 8 steps one after the other: the name is looked up, a connection is"
        " made, then 2 requests on that connection: /, /a.css. Of the whole time 64% was “waiting for the server”."
    )


def test_a_longer_step_is_a_wider_bar():
    short, long = (figure([visited(1, [*STEPS[:3], ("wait", "/", took, "")])], "w") for took in (1.0, 7.0))
    assert short.drawings["wide"].svg != long.drawings["wide"].svg


@pytest.mark.parametrize("visits", [[], [visited()] * 3])
def test_one_or_two_visits_are_taken(visits):
    with pytest.raises(ValueError, match=f"at the most one more, not {len(visits)}"):
        figure(visits, "w")


def test_visits_with_other_rows_are_refused():
    with pytest.raises(ValueError, match="cannot share their rows: make record"):
        figure([visited(), visited(steps=STEPS[:5])], "w")


@pytest.mark.parametrize(
    "last, most, ticks",
    [(9, 5, [0, 2, 4, 6, 8, 10]), (10, 5, [0, 2, 4, 6, 8, 10]), (10.1, 5, [0, 5, 10, 15]), (0.3, 8, [0, 0.5]),
     (41, 8, [0, 10, 20, 30, 40, 50])],
)  # fmt: skip
def test_ticks(last, most, ticks):
    assert ticks_ms(last, most) == ticks


def test_key_breaks_into_lines_that_fit():
    assert [kind for kind, _, _ in key(720, own=True)] == [*KINDS, "own"]
    assert len({line for _, _, line in key(360, own=False)}) > 1
    assert key(360, own=False)[0] == ("name", 12.0, 0)
