"""The report on a load, from results written down by hand."""

from dataclasses import replace

import pytest

from mysite.load import FAILED, GAVE_UP, Request, Result, percentiles
from mysite.load_report import describe


def request(number: int, latency_ms: int, status: int = 200, late_ms: int = 0) -> Request:
    due = number * 10_000
    return Request(number, 0, due, due + late_ms * 1000, due + latency_ms * 1000, status)


def test_answers_throughput_and_percentiles() -> None:
    result = Result([request(number, number + 1) for number in range(100)], cpu_share=0.1)
    assert describe(result, 1.0).splitlines() == [
        "answers: 100 200",
        "91.7 answers of 200 a second",  # 100 in 990 + 100 ms
        "milliseconds: 50 % within 50.0, 95 % within 95.0, 99 % within 99.0, 100 % within 100.0",
    ]


def test_what_was_not_answered_is_counted_and_not_timed() -> None:
    requests = [request(0, 5), request(1, 900, 503), request(2, 900, FAILED), request(3, 900, GAVE_UP)]
    lines = describe(Result(requests, cpu_share=0.1), 8.0).splitlines()
    assert lines[0] == "answers: 1 200, 1 503, 1 given up, 1 without an answer"
    assert lines[4] == "0.1 answers of 200 a second"  # one in the eight seconds for which load was put on
    assert lines[5] == "milliseconds: 50 % within 5.0, 95 % within 5.0, 99 % within 5.0, 100 % within 5.0"
    assert lines[1:4] == ["1 503 Service Unavailable", "1 without an answer", "1 given up"]
    assert describe(Result(requests[1:], cpu_share=0.1), 8.0).splitlines() == [
        "answers: 1 503, 1 given up, 1 without an answer", *lines[1:4]
    ]  # fmt: skip


def test_what_failed_is_said_in_words_with_its_reason() -> None:
    reasons = ["full", "shut", "full", "full", *"abcd"]
    requests = [replace(request(number, 5, 503), reason=reason) for number, reason in enumerate(reasons)]
    assert describe(Result(requests, cpu_share=0.1), 1.0).splitlines() == [
        "answers: 8 503",
        "3 503 Service Unavailable: full",
        *(f"1 503 Service Unavailable: {reason}" for reason in ("shut", "a", "b", "c")),
        "other reasons: 1",
    ]


@pytest.mark.parametrize(("cpu_share", "late_ms"), [(0.95, 0), (0.1, 50)])
def test_a_busy_or_late_generator_warns(cpu_share: float, late_ms: int) -> None:
    result = Result([request(0, 60, late_ms=late_ms)], cpu_share)
    assert describe(result, 1.0).splitlines()[-1] == (
        "The load generator was too busy or too late: this says nothing about the site."
    )


def test_percentiles_are_values_that_were_there() -> None:
    assert percentiles([5, 1, 9], [1, 50, 67, 100]) == [1, 5, 9, 9]
    with pytest.raises(ValueError, match="No values"):
        percentiles([], [50])
