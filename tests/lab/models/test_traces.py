"""Seeded traces: the same for one seed, with the mean and the variability that were asked for."""

import math
import statistics
from itertools import pairwise

import pytest

from lab.models import traces


def variability(values):
    return statistics.pvariance(values) / statistics.fmean(values) ** 2


def test_arrivals_at_random():
    first = traces.arrivals_at_random(200, 50_000, seed=1)
    assert first == traces.arrivals_at_random(200, 50_000, seed=1) == sorted(first)
    assert first != traces.arrivals_at_random(200, 50_000, seed=2)
    gaps = [after - before for before, after in pairwise(first)]
    assert statistics.fmean(gaps) == pytest.approx(5000, rel=0.02)
    assert variability(gaps) == pytest.approx(1, rel=0.03)
    # no memory: the gap after a long gap is no other
    after_long = [second for gap, second in pairwise(gaps) if gap > 10_000]
    assert statistics.fmean(after_long) == pytest.approx(5000, rel=0.05)


def test_one_seed_gives_these_and_no_others():
    """What the chapters store rests on them: numpy promises the same draws for one seed and generator."""
    assert traces.arrivals_at_random(200, 4, seed=1) == [5365, 6907, 33_784, 35_616]
    assert traces.service_times(20_000, 1, 4, seed=1) == [11_338, 13_326, 36_233, 8682]
    assert traces.service_times(20_000, 4, 4, seed=1) == [970, 5312, 3, 149_066]
    assert traces.arrivals_at_random(200, 1, seed=1) == [5365]


def test_even_arrivals():
    assert traces.even_arrivals(4, 4) == [0, 250_000, 500_000, 750_000]
    assert traces.even_arrivals(3, 4)[-1] == 1_000_000


@pytest.mark.parametrize("expected", [0.25, 1, 4])
def test_service_times(expected):
    times = traces.service_times(20_000, expected, 200_000, seed=3)
    assert times == traces.service_times(20_000, expected, 200_000, seed=3)
    assert times != traces.service_times(20_000, expected, 200_000, seed=4)
    assert min(times) >= 0
    assert statistics.fmean(times) == pytest.approx(20_000, rel=0.02)
    assert variability(times) == pytest.approx(expected, rel=0.05)


def test_exponential_times_have_no_memory():
    times = traces.service_times(20_000, 1, 200_000, seed=3)
    remaining = [time - 20_000 for time in times if time > 20_000]
    assert len(remaining) / len(times) == pytest.approx(math.exp(-1), rel=0.02)
    assert statistics.fmean(remaining) == pytest.approx(20_000, rel=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_arrivals_and_services_of_one_seed_know_nothing_of_each_other(seed):
    arrivals, services = traces.arrivals_at_random(50, 20_000, seed), traces.service_times(20_000, 1, 20_000, seed)
    gaps = [arrivals[0], *(after - before for before, after in pairwise(arrivals))]
    assert abs(statistics.correlation(gaps, services)) < 0.03


def test_equal_service_times():
    assert traces.service_times(20_000, 0, 3, seed=1) == [20_000] * 3


@pytest.mark.parametrize("call, message", [
    (lambda: traces.arrivals_at_random(0, 1, 1), "rate"),
    (lambda: traces.arrivals_at_random(math.inf, 1, 1), "rate"),
    (lambda: traces.arrivals_at_random(1, 0, 1), "number of customers"),
    (lambda: traces.even_arrivals(-1, 1), "rate"),
    (lambda: traces.even_arrivals(1, 1.5), "number of customers"),
    (lambda: traces.service_times(0, 1, 1, 1), "mean service time"),
    (lambda: traces.service_times(1, -1, 1, 1), "variability"),
    (lambda: traces.service_times(1, 0, 0, 1), "number of customers"),
])  # fmt: skip
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
