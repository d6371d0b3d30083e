"""Goodput, from a run written by hand."""

import math
from dataclasses import replace

import pytest

from lab.chapters.when_full import overload_view as view
from lab.chapters.when_full.overload import BOUNDED, PATIENT, UNBOUNDED, Overload
from lab.instruments.runs import Run
from tests.lab.drawing.picture import assert_well_made, shapes

SETTING = Overload(
    loads=(0.5, 1.5, 2.0), capacity=200.0, servers=4, mean_us=20_000, seed=3, draws=2000, seconds=1, patience_s=0.2,
    places=8, retry_after_s=1,
    median_s={UNBOUNDED: (0.02, 0.1, 0.1), BOUNDED: (0.02, 0.05, 0.055), PATIENT: (0.02, 1.0, 2.5)},
    traces={}, in_time={}, bottlenecks=(),
)  # fmt: skip
SERIES = {UNBOUNDED: [100, 30.0, 5], BOUNDED: [100, 190.0, 185], PATIENT: [100, 195.0, 198]}
RUN = Run("by hand", dict.fromkeys(SERIES, "/s"), SERIES, SETTING)
FIGURES = {
    "goodput": lambda: view.goodput([RUN], "goodput", "a machine"),
    "goodput with own": lambda: view.goodput([RUN, RUN], "goodput-own", "a machine"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_well_made(name):
    assert_well_made(FIGURES[name]())


def test_the_words_have_the_numbers_of_the_run():
    figure = FIGURES["goodput"]()
    assert "few places gives 190 a second, the one that lets all wait 30. Patient clients get 195" in figure.alt
    assert "patient clients wait 2,500 ms (median), those who find a place 55 ms" in figure.caption


def test_the_model_is_fed_with_the_run_s_own_draws():
    bounded, unbounded = dict(view.model_curve(SETTING, 8)), dict(view.model_curve(SETTING, math.inf))
    assert 85 < bounded[0.5] == unbounded[0.5] <= 100, "where there is room, all are answered in time"
    assert unbounded[2.0] < bounded[2.0] <= 220, "no more than the servers can do, but for the luck of the draws"
    patient = dict(view.model_curve(replace(SETTING, patience_s=1000), math.inf))
    assert bounded[2.0] - 30 < patient[2.0] <= 220, "who waits for ever loses time alone"


def test_what_the_generator_spoilt_is_not_drawn():
    spoilt = replace(RUN, payload=replace(SETTING, bottlenecks=(f"{UNBOUNDED} at 1.5",)))
    whole, less = (view.goodput([run], "a", "a machine") for run in (RUN, spoilt))
    counts = [sum(shape.fill == "panel" for shape in shapes(figure.drawings["wide"])) for figure in (whole, less)]
    assert counts[0] - counts[1] == 1
    assert f"too late: {UNBOUNDED} at 1.5." in less.caption
