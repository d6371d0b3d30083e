"""lab/chapters/when_full/queue_explorer.py: the grid, the formulas behind it, and what is said."""

import json

import pytest

from lab.chapters.when_full.queue_explorer import LOADS, SERVERS, VARIABILITIES, model, queue_explorer, slowest
from lab.models.queue_formulas import allen_cunneen_wait, mmc_response


@pytest.fixture(scope="module")
def explorer():
    widget = queue_explorer(lambda load, servers, variability: load)
    yield widget
    widget.close()


def test_the_mean_is_the_formula():
    outputs = model(0.9, 4, 1)
    assert outputs["mean"] == pytest.approx(mmc_response(4, 0.9, 1))
    assert outputs["inside"] == pytest.approx(outputs["mean"] * 3.6)
    assert outputs["waiting"] == pytest.approx((outputs["mean"] - 1) * 3.6)
    uneven = model(0.8, 2, 4)["mean"]
    assert uneven == pytest.approx(1 + allen_cunneen_wait(2, 0.8, 1, 1, 4))


def test_the_slowest_are_those_of_the_replay():
    """M/M/1: the response time is exponential, so its 99th percentile is ln 100 = 4.6 times the mean."""
    for load in (0.3, 0.5, 0.7, 0.9):
        assert slowest(load, 1, 1) == pytest.approx(4.60517 / (1 - load), rel=1e-4)
    assert slowest(0.1, 16, 0) == pytest.approx(1, abs=0.01), "all alike, and nobody waits"


@pytest.mark.parametrize("servers, load", [(1, 0.5), (1, 0.9), (4, 0.9)])
def test_the_replay_would_say_the_same_of_exponential_work(servers, load):
    """It is taken where there is no formula; a variability that is hardly another one shows how far off it is."""
    exact = slowest(load, servers, 1)
    assert slowest(load, servers, 1.0001) == pytest.approx(exact, rel=0.1)


def test_what_is_said_changes_with_the_mean(explorer):
    table = json.loads(explorer.table)
    assert set(table["sentence"]) == {0, 1, 2}
    assert [model(load, 1, 1)["sentence"] for load in (0.05, 0.3, 0.4)] == [0, 1, 2]


def test_explorer_has_the_grid(explorer):
    sizes = {control["name"]: control["values"] for control in explorer.spec["controls"]}
    assert sizes == {"load": list(LOADS), "servers": list(SERVERS), "variability": list(VARIABILITIES)}
    table = json.loads(explorer.table)
    assert {len(column) for column in table.values()} == {len(LOADS) * len(SERVERS) * len(VARIABILITIES)}
    assert all(1 <= mean <= p99 + 0.01 for mean, p99 in zip(table["mean"], table["p99"], strict=True))
    assert max(table["mean"]) < 100


def test_more_load_takes_longer(explorer):
    for servers in SERVERS:
        for variability in VARIABILITIES:
            rows = [explorer.at(load=load, servers=servers, variability=variability) for load in LOADS]
            assert [row["mean"] for row in rows] == sorted(row["mean"] for row in rows)


def test_measure_gets_the_setting(explorer):
    messages = []
    explorer.send = messages.append
    explorer.value = {"load": 0.9, "servers": 4, "variability": 1}
    explorer._receive(explorer, {"ask": "measure"}, [])
    assert messages == [{"measured": 0.9, "setting": explorer.value}]


def test_drawings_move_two_curves_and_two_points(explorer):
    for drawing in explorer.spec["drawings"].values():
        assert [(part["kind"], part["output"], part["over"]) for part in drawing["moving"]] == [
            ("curve", "p99", "load"), ("curve", "mean", "load"), ("point", "p99", "load"), ("point", "mean", "load"),
        ]  # fmt: skip
