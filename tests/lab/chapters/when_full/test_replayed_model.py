"""A measured load, replayed, by hand."""

import math

import pytest

from lab.chapters.when_full.queue_replay_model import replay
from lab.chapters.when_full.replayed_model import replayed_load
from lab.models.queue_formulas import mmc_response


def test_by_hand():
    """Two servers: the third customer waits 8 µs for the first; the last comes when all is quiet."""
    load = replayed_load(0.5, replay([0, 1, 2, 100], [10, 10, 5, 5], 2), 2, service_ms=8, mean_ms=0.010, p99_ms=0.020)
    assert (load.load, load.mean_ms, load.p99_ms) == (0.5, 0.010, 0.020)
    assert load.utilisation == pytest.approx(30 / 2 / 105)
    assert load.replay_mean_ms == pytest.approx((10 + 10 + 13 + 5) / 4 / 1000)
    assert load.replay_p99_ms == pytest.approx(0.013)
    assert load.formula_mean_ms == pytest.approx(mmc_response(2, 0.5, 8))
    assert load.formula_held_ms == pytest.approx(mmc_response(2, 30 / 210, 0.0075))
    assert load.error == pytest.approx(0.05)


def test_a_full_server_has_no_formula():
    load = replayed_load(0.5, replay([0, 0, 0, 0], [100] * 4, 2), 2, service_ms=8, mean_ms=0.1, p99_ms=0.1)
    assert load.utilisation == 1 and load.formula_held_ms == math.inf


def test_the_percentile_is_the_99th():
    """Of 200 who wait for nobody, two are longer than that."""
    alone = replay([1000 * place for place in range(200)], list(range(1, 201)), 1)
    load = replayed_load(0.1, alone, 1, service_ms=0.1, mean_ms=0.1, p99_ms=0.2)
    assert load.replay_p99_ms == pytest.approx(0.198)
