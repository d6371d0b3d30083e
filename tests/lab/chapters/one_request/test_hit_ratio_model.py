"""The hit-ratio model: exact values, laws, and formula against exact replay."""

from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.one_request import hit_ratio_model
from mysite.clock import MovableClock
from mysite.ttl_cache import TTLCache

rates = st.fractions(min_value=Fraction(1, 1000), max_value=1000)
times = st.fractions(min_value=0, max_value=10_000)
sizes = st.integers(min_value=1, max_value=50)
traces = st.lists(st.integers(min_value=0, max_value=200), max_size=30).map(sorted)


def test_poisson_exact_values():
    assert hit_ratio_model.poisson(Fraction(1, 20), 60) == Fraction(3, 4)
    assert hit_ratio_model.poisson(1, Fraction(1)) == Fraction(1, 2)
    assert hit_ratio_model.poisson(2, 0) == 0
    assert hit_ratio_model.poisson(0.5, 6.0) == 0.75


def test_renewal_exact_values():
    assert [hit_ratio_model.renewal(Fraction(m)) for m in (0, 1, 3)] == [0, Fraction(1, 2), Fraction(3, 4)]


@given(rates, times)
def test_poisson_is_the_renewal_formula_with_rate_times_ttl(rate, ttl):
    assert hit_ratio_model.poisson(rate, ttl) == hit_ratio_model.renewal(rate * ttl)


@given(rates, times, times)
def test_a_longer_ttl_never_hits_less(rate, ttl, more):
    assert hit_ratio_model.poisson(rate, ttl) <= hit_ratio_model.poisson(rate, ttl + more) < 1
    assert hit_ratio_model.even(1 / rate, ttl) <= hit_ratio_model.even(1 / rate, ttl + more) < 1


def test_the_hit_ratio_tends_to_one():
    assert 1 - hit_ratio_model.poisson(Fraction(1), 10**9) == Fraction(1, 10**9 + 1)


@pytest.mark.parametrize(
    ("ttl", "expected"),
    [(0, 0), (9, 0), (10, 0), (11, Fraction(1, 2)), (20, Fraction(1, 2)), (21, Fraction(2, 3)), (60, Fraction(5, 6))],
)
def test_even_exact_values(ttl, expected):
    assert hit_ratio_model.even(10, Fraction(ttl)) == pytest.approx(float(expected), abs=1e-15)


@given(rates, times.filter(bool))
def test_even_arrivals_stay_below_the_poisson_formula(rate, ttl):
    assert hit_ratio_model.even(1 / rate, ttl) < hit_ratio_model.poisson(rate, ttl)


@given(rates, times.filter(bool), sizes)
def test_bursts_stand_above_the_poisson_formula(rate, ttl, size):
    assert hit_ratio_model.bursts(rate, ttl, size) == 1 - 1 / (size + rate * ttl)
    assert hit_ratio_model.bursts(rate, ttl, 1) == hit_ratio_model.poisson(rate, ttl)
    if size > 1:
        assert hit_ratio_model.bursts(rate, ttl, size) > hit_ratio_model.poisson(rate, ttl)


def test_bursts_with_nothing_kept():
    assert hit_ratio_model.bursts(1, 0, 5) == 0


def test_stale_window_exact_values():
    window = hit_ratio_model.StaleWindow(worst_s=60, expected_s=Fraction(45, 2), expected_requests=Fraction(9, 8))
    assert hit_ratio_model.stale_window(Fraction(1, 20), 60) == window


@given(rates, times.filter(bool))
def test_the_stale_window_is_at_most_half_a_ttl_on_average(rate, ttl):
    window = hit_ratio_model.stale_window(rate, ttl)
    assert window.worst_s == ttl
    assert hash(window)  # frozen
    assert window.expected_s < Fraction(ttl) / 2
    assert window.expected_requests == (rate * ttl) ** 2 / (2 * (1 + rate * ttl))


def test_question_times_by_hand():
    assert hit_ratio_model.question_times([0, 5, 9, 10, 12, 20, 35], 10) == [0, 10, 20, 35]
    assert hit_ratio_model.question_times([3, 3, 3], 10) == [3]
    assert hit_ratio_model.question_times([3, 3, 4], 0) == [3, 3, 4]
    assert hit_ratio_model.question_times([], 10) == []
    assert hit_ratio_model.question_times([-5, 0], 10) == [-5]


def test_replay_by_hand():
    assert hit_ratio_model.replay([0, 5, 9, 10, 12, 20, 35], 10) == 3
    assert hit_ratio_model.replay([], 10) == 0


@given(traces, st.integers(min_value=0, max_value=100))
def test_replay_against_its_definition(trace, ttl):
    """A request asks exactly when no earlier question lies less than a time to live before it."""
    questions = []
    for arrival in trace:
        if not any(arrival - question < ttl for question in questions):
            questions.append(arrival)
    assert hit_ratio_model.question_times(trace, ttl) == questions
    assert hit_ratio_model.replay(trace, ttl) == len(trace) - len(questions)


@given(traces, st.integers(min_value=0, max_value=100))
def test_the_book_s_own_cache_agrees_with_replay(trace, ttl):
    clock = MovableClock()
    cache = TTLCache(clock, capacity=1)
    for arrival in trace:
        clock.move(arrival - clock.now())
        if cache.get("name") is None:
            cache.put("name", "address", ttl)
    assert cache.hits == hit_ratio_model.replay(trace, ttl)


def stale_requests(trace, ttl, change):
    """Return how many requests are stale: those whose last question, up to them, came before the change."""
    questions = hit_ratio_model.question_times(trace, ttl)
    return sum(max(q for q in questions if q <= arrival) < change <= arrival for arrival in trace)


@given(st.integers(min_value=1, max_value=60), st.integers(min_value=1, max_value=300))
def test_the_even_formula_is_exact_over_whole_cycles(interval, ttl):
    requests_in_a_cycle = -(-ttl // interval)
    trace = hit_ratio_model.even_arrivals(interval, 7 * requests_in_a_cycle)
    assert hit_ratio_model.replay(trace, ttl) == 7 * (requests_in_a_cycle - 1)
    assert hit_ratio_model.even(interval, ttl) == (requests_in_a_cycle - 1) / requests_in_a_cycle


# 3 / sqrt(questions) is about three standard deviations of a ratio counted over so many cycles.
def within_three_deviations(hit_ratio, expected, questions):
    return abs(hit_ratio - expected) < 3 * questions**-0.5 * (1 - expected)


@pytest.mark.parametrize(("ttl_s", "hits"), [(1, 950), (10, 6663), (60, 15015), (600, 19356)])
def test_replay_of_poisson_arrivals(ttl_s, hits):
    trace = hit_ratio_model.poisson_arrivals(0.05, 20_000, seed=1)
    assert hit_ratio_model.replay(trace, ttl_s * 1000) == hits
    assert within_three_deviations(hits / 20_000, hit_ratio_model.poisson(0.05, ttl_s), 20_000 - hits)


@pytest.mark.parametrize(("ttl_s", "hits"), [(10, 16350), (60, 17508)])
def test_replay_of_bursts(ttl_s, hits):
    trace = hit_ratio_model.burst_arrivals(0.05, 5, 4_000, seed=2)
    assert hit_ratio_model.replay(trace, ttl_s * 1000) == hits
    assert within_three_deviations(hits / 20_000, hit_ratio_model.bursts(0.05, ttl_s, 5), 20_000 - hits)
    assert hits / 20_000 > hit_ratio_model.poisson(0.05, ttl_s) + 0.1


def stale_moments(trace, ttl_ms):
    """Return the stale requests over all changes, one a millisecond: a hit counts for each since its question."""
    questions = hit_ratio_model.question_times(trace, ttl_ms)
    return sum(arrival - questions[bisect_right(questions, arrival) - 1] for arrival in trace)


@given(traces.filter(bool), st.integers(min_value=1, max_value=100))
def test_stale_requests_over_every_change(trace, ttl):
    changes = range(trace[0], trace[-1] + 1)
    assert sum(stale_requests(trace, ttl, change) for change in changes) == stale_moments(trace, ttl)


def test_the_stale_window_against_replay():
    trace = hit_ratio_model.poisson_arrivals(0.05, 20_000, seed=3)
    mean = stale_moments(trace, 60_000) / (trace[-1] - trace[0])
    expected = hit_ratio_model.stale_window(0.05, 60).expected_requests
    assert (round(mean, 4), expected) == (1.1289, 1.125)


def test_arrivals_are_the_same_on_every_run():
    assert hit_ratio_model.poisson_arrivals(2, 5, seed=7) == [354, 866, 1151, 1598, 1701]
    assert hit_ratio_model.even_arrivals(250, 4) == [0, 250, 500, 750]
    assert hit_ratio_model.burst_arrivals(2, 3, 2, seed=7) == [1061, 1061, 1061, 2599, 2599, 2599]
    assert hit_ratio_model.burst_arrivals(2, 3, 2, seed=7, gap_ms=1000) == [1061, 2061, 2599, 3061, 3599, 4599]
    assert hit_ratio_model.burst_arrivals(2, 1, 5, seed=7) == hit_ratio_model.poisson_arrivals(2, 5, seed=7)
    assert hit_ratio_model.poisson_arrivals(2, 1, seed=8) != hit_ratio_model.poisson_arrivals(2, 1, seed=7)


def test_poisson_arrivals_have_their_rate_and_no_memory():
    trace = hit_ratio_model.poisson_arrivals(0.5, 10_000, seed=4)
    gaps = [later - earlier for earlier, later in pairwise(trace)]
    assert sum(gaps) / len(gaps) == pytest.approx(2000, rel=0.03)
    for wait_ms in (1000, 3000):
        rest = [gap - wait_ms for gap in gaps if gap > wait_ms]
        assert sum(rest) / len(rest) == pytest.approx(2000, rel=0.06)


NOT_POSITIVE = [0, -1, float("nan"), float("inf")]
NEGATIVE = [-1, float("nan"), float("inf")]


@pytest.mark.parametrize("rate", NOT_POSITIVE)
def test_a_rate_must_be_positive(rate):
    for call in (
        lambda: hit_ratio_model.poisson(rate, 60),
        lambda: hit_ratio_model.bursts(rate, 60, 2),
        lambda: hit_ratio_model.bursts(rate, 0, 2),
        lambda: hit_ratio_model.poisson_arrivals(rate, 1, 1),
    ):
        with pytest.raises(
            ValueError, match=rf"The rate \(requests per second\) must be a finite number above 0, not {rate}\."
        ):
            call()
    with pytest.raises(ValueError, match=rf"The interval \(seconds\) must be a finite number above 0, not {rate}\."):
        hit_ratio_model.even(rate, 60)


@pytest.mark.parametrize("ttl", NEGATIVE)
def test_a_ttl_must_not_be_negative(ttl):
    for call in (
        lambda: hit_ratio_model.poisson(1, ttl),
        lambda: hit_ratio_model.even(1, ttl),
        lambda: hit_ratio_model.bursts(1, ttl, 2),
    ):
        with pytest.raises(
            ValueError, match=rf"The time to live \(seconds\) must be a finite number, 0 or more, not {ttl}\."
        ):
            call()
    with pytest.raises(ValueError, match=r"The time to live \(milliseconds\) must be"):
        hit_ratio_model.replay([], ttl)
    with pytest.raises(ValueError, match="The number of expected requests must be"):
        hit_ratio_model.renewal(ttl)
    with pytest.raises(ValueError, match=r"The gap \(milliseconds\) must be"):
        hit_ratio_model.burst_arrivals(1, 2, 3, 1, gap_ms=ttl)


@pytest.mark.parametrize("count", [0, -1, 1.5])
def test_counts_must_be_whole(count):
    what = {
        "burst size": [
            lambda: hit_ratio_model.bursts(1, 60, count),
            lambda: hit_ratio_model.burst_arrivals(1, count, 1, 1),
        ],
        "number of arrivals": [
            lambda: hit_ratio_model.poisson_arrivals(1, count, 1),
            lambda: hit_ratio_model.even_arrivals(1, count),
            lambda: hit_ratio_model.burst_arrivals(1, 1, count, 1),
        ],
        r"interval \(milliseconds\)": [lambda: hit_ratio_model.even_arrivals(count, 1)],
    }
    for name, calls in what.items():
        for call in calls:
            with pytest.raises(ValueError, match=rf"The {name} must be a whole number, 1 or more, not {count}\."):
                call()


def test_a_trace_must_be_in_order():
    with pytest.raises(ValueError, match="goes back in time, from 5 to 4 ms: sort it first"):
        hit_ratio_model.replay([1, 5, 4], 10)
