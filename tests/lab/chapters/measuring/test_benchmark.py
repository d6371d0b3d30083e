"""The benchmark: its counts are those of its settings. No time is asserted."""

from dataclasses import replace

import pytest

from lab.chapters.measuring.benchmark import Arm, Report, compared, counted, headline

HTML = Arm("text/html", keep_alive=False, page_cache=False, warm_up=0, requests=3)


@pytest.mark.parametrize(
    ("arm", "connections", "from_cache"),
    [
        (HTML, 3, 0),
        (replace(HTML, warm_up=2), 3, 0),
        (replace(HTML, keep_alive=True), 1, 0),
        (replace(HTML, keep_alive=True, warm_up=1), 0, 0),
        (replace(HTML, page_cache=True), 3, 2),
        (replace(HTML, page_cache=True, warm_up=1, accept="application/json"), 3, 3),
    ],
)
def test_counts(arm, connections, from_cache):
    done = compared({"it": arm})["it"]
    assert (done.requests, done.connections, done.from_cache) == (3, connections, from_cache)
    assert len(done.seconds) == 3 and min(done.seconds) > 0
    assert done.body_bytes % 3 == 0 and done.body_bytes > 0


def test_what_is_not_answered_is_not_compared():
    with pytest.raises(ValueError, match="as image/png is answered with 406, so nothing is compared"):
        compared({"it": replace(HTML, accept="image/png")})


def test_the_tables():
    reports = {"A": Report(2, 2, 0, 10, (0.001, 0.003)), "B": Report(2, 0, 2, 8, (0.0005, 0.0005))}
    assert [list(row) for row in headline(reports).rows] == [["A", "⟨2.00 ms⟩"], ["B", "⟨500 µs⟩"]]
    assert [list(row) for row in counted(reports).rows] == [["A", 2, 2, 0, 10], ["B", 2, 0, 2, 8]]


def test_arms_are_run_by_name():
    done = compared({"one": replace(HTML, requests=2), "two": replace(HTML, requests=4)})
    assert {name: report.requests for name, report in done.items()} == {"one": 2, "two": 4}
