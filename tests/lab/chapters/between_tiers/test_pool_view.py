"""The picture of updates over connections, from a run that is written down by hand."""

import pytest

from lab.chapters.between_tiers import pool_view
from lab.chapters.between_tiers.connection_pool import HOT, SPREAD, Pool
from lab.instruments.runs import Run
from tests.lab.drawing.picture import assert_well_made


@pytest.fixture
def run():
    connections = [1, 4, 16]
    rates = {SPREAD: [800.0, 1500.0, 2500.0], HOT: [900.0, 1200.0, 700.0]}
    latency_s = {
        kind: [count / rate for count, rate in zip(connections, values, strict=True)] for kind, values in rates.items()
    }
    return Run("made up", dict.fromkeys(rates, "/s"), rates, Pool(connections, latency_s, "a product"))


@pytest.mark.parametrize("count", [1, 2])
def test_the_figure(run, count):
    figure = pool_view.pool([run] * count, "a", "a machine")
    assert_well_made(figure)
    assert "one row: 900 with 1, 1200 with 4, 700 with 16, the knee at 1.3" in figure.alt


def test_the_knee_is_an_upright_line_up_to_the_most():
    line = pool_view.knee("a knee", 0.5, 8, "ink")
    assert (line.words, line.points) == ("a knee", [(4.0, 0), (4.0, 8)])


def test_the_bounds_come_from_one_connection_and_from_the_highest_rate(run):
    assert pool_view.alone_and_most(run, HOT) == (1 / 900, 1200)
    assert pool_view.alone_and_most(run, SPREAD) == (1 / 800, 2500)
