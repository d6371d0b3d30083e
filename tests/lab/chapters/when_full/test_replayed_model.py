"""A measured load, replayed, by hand."""

import math

import pytest

from lab.chapters.when_full.replayed_model import replay_of, replayed
from lab.models.queue_formulas import mmc_response

# two servers: the third customer waits 8 us for the first; the last comes when all is quiet
POINT = {"load": 0.5, "gaps_us": [0, 1, 1, 98], "held_us": [10, 10, 5, 5], "was_bottleneck": False}
DETAIL = {"servers": 2, "mean_us": 8000, "points": [POINT, {**POINT, "was_bottleneck": True}]}
SERIES = {"mean": [0.000010, 1], "99th percentile": [0.000020, 1]}


def test_by_hand():
    (found,) = replayed(SERIES, DETAIL)
    assert found.load == 0.5
    assert found.utilisation == pytest.approx(30 / 2 / 105)
    assert (found.mean_ms, found.p99_ms) == (pytest.approx(0.010), pytest.approx(0.020))
    assert found.replay_mean_ms == pytest.approx((10 + 10 + 13 + 5) / 4 / 1000)
    assert found.replay_p99_ms == pytest.approx(0.013)
    assert found.formula_mean_ms == pytest.approx(mmc_response(2, 0.5, 8))
    assert found.formula_held_ms == pytest.approx(mmc_response(2, 30 / 210, 0.0075))
    busy = {**POINT, "gaps_us": [0, 0, 0, 0], "held_us": [100] * 4}
    (full,) = replayed(SERIES, {**DETAIL, "points": [busy, DETAIL["points"][1]]})
    assert full.utilisation == 1 and full.formula_held_ms == math.inf
    assert found.error == pytest.approx(0.05)


def test_the_percentile_is_the_99th():
    """Of 200 who wait for nobody, two are longer than that."""
    point = {"load": 0.1, "gaps_us": [1000] * 200, "held_us": list(range(1, 201)), "was_bottleneck": False}
    series = {"mean": [0.0001], "99th percentile": [0.0002]}
    (found,) = replayed(series, {"servers": 1, "mean_us": 100, "points": [point]})
    assert found.replay_p99_ms == pytest.approx(0.198)


def test_the_replay_has_the_recorded_arrivals():
    assert replay_of(POINT, 2).arrivals == [0, 1, 2, 100]
    assert replay_of(POINT, 2).starts == [0, 1, 10, 100]
    assert replay_of(POINT, 1).starts == [0, 10, 20, 100]


def test_series_of_another_length_are_refused():
    with pytest.raises(ValueError):
        replayed({**SERIES, "mean": [1]}, DETAIL)
