"""The explorer of the hit ratio: its model at each kind of arrivals, and what it moves."""

import json

import pytest

from lab.chapters.one_request import hit_ratio_model
from lab.chapters.one_request.hit_ratio_explorer import (
    ARRIVALS,
    REQUESTS_AN_HOUR,
    TTLS_S,
    hit_ratio_explorer,
    model,
    trace,
)


def test_model_at_the_start():
    assert model(300, 12, "poisson") == {"ratio": 0.5, "questions": 6.0, "astray": 0.25, "longest": 300}


def test_even_arrivals_that_meet_the_end_of_a_copy_are_misses():
    assert model(300, 12, "even")["ratio"] == 0
    assert model(600, 12, "even")["ratio"] == 0.5
    assert model(600, 12, "even")["astray"] is None


def test_ten_at_once_are_nine_hits_at_least():
    assert model(1, 12, "bursts")["ratio"] == pytest.approx((9 + 12 / 3600) / (10 + 12 / 3600))
    assert model(300, 12, "bursts")["questions"] == pytest.approx(12 / 11)


@pytest.mark.parametrize("arrivals", ARRIVALS)
def test_trace_replayed_comes_near_the_model(arrivals):
    for ttl_s, per_hour in ((300, 12), (60, 300), (3600, 4)):
        arrivals_ms = trace(per_hour, arrivals, count=4000)
        hit_ratio = hit_ratio_model.replay(arrivals_ms, ttl_s * 1000) / 4000
        assert hit_ratio == pytest.approx(model(ttl_s, per_hour, arrivals)["ratio"], abs=0.03)


def test_traces_have_their_length_and_their_seed():
    assert trace(12, "even", 3) == [0, 300_000, 600_000]
    assert len(trace(12, "bursts", 50)) == 50
    assert trace(12, "poisson", 5) == trace(12, "poisson", 5, seed=1) != trace(12, "poisson", 5, seed=2)


def test_explorer_has_the_grid_and_moves_curve_and_point():
    explorer = hit_ratio_explorer()
    sizes = [len(control["values"]) for control in explorer.spec["controls"]]
    assert sizes == [len(TTLS_S), len(REQUESTS_AN_HOUR), len(ARRIVALS)] == [55, 12, 3]
    assert sorted(set(TTLS_S)) == list(TTLS_S)
    assert {1, 60, 300, 3600, 86_400} < set(TTLS_S)
    assert explorer.value == {"ttl_s": 300, "per_hour": 12, "arrivals": "poisson"}
    assert [(output["name"], output["label"], output["unit"]) for output in explorer.spec["outputs"]] == [
        ("ratio", "hit ratio", ""), ("questions", "questions to the name server", "an hour"),
        ("astray", "requests astray after a move", ""), ("longest", "longest time astray", "s"),
    ]  # fmt: skip
    for drawing in explorer.spec["drawings"].values():
        assert [(part["kind"], part["output"], part["over"]) for part in drawing["moving"]] == [
            ("curve", "ratio", "ttl_s"), ("point", "ratio", "ttl_s"),
        ]  # fmt: skip
    ratios = json.loads(explorer.table)["ratio"]
    assert all(0 <= ratio <= 1 for ratio in ratios)
    explorer.close()
