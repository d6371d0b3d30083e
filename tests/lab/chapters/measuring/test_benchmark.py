"""The benchmark: its counts are those of its settings. No time is asserted."""

from dataclasses import replace

import pytest

from lab.chapters.measuring.benchmark import Arm, Report, compared, counts, headline

HTML = Arm("text/html", keep_alive=False, page_cache=False, warm_up=0, requests=3)
ARMS = {
    "cold": HTML,
    "warm": replace(HTML, warm_up=2),
    "one connection": replace(HTML, keep_alive=True),
    "warm, one connection": replace(HTML, keep_alive=True, warm_up=1),
    "page cache": replace(HTML, page_cache=True),
    "warm page cache": replace(HTML, page_cache=True, warm_up=1, accept="application/json", requests=4),
}


@pytest.fixture(scope="module")
def reports():
    return compared(ARMS)


@pytest.mark.parametrize(
    ("name", "connections", "from_cache"),
    [
        ("cold", 3, 0), ("warm", 3, 0), ("one connection", 1, 0), ("warm, one connection", 0, 0),
        ("page cache", 3, 2), ("warm page cache", 4, 4),
    ],
)  # fmt: skip
def test_counts(reports, name, connections, from_cache):
    report, requests = reports[name], ARMS[name].requests
    assert (report.requests, report.connections, report.from_cache) == (requests, connections, from_cache)
    assert len(report.seconds) == requests and min(report.seconds) > 0
    assert report.body_bytes % requests == 0 and report.body_bytes > 0


def test_what_is_not_answered_is_not_compared():
    with pytest.raises(ValueError, match="as image/png is answered with 406, so nothing is compared"):
        compared({"PNG": replace(HTML, accept="image/png")})


def test_the_tables():
    reports = {"A": Report(2, 2, 0, 10, (0.001, 0.003)), "B": Report(2, 0, 2, 8, (0.0005, 0.0005))}
    assert [list(row) for row in headline(reports).rows] == [["A", "⟨2.00 ms⟩"], ["B", "⟨500 µs⟩"]]
    assert [list(row) for row in counts(reports).rows] == [["A", 2, 2, 0, 10], ["B", 2, 0, 2, 8]]
