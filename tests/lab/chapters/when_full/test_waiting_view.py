"""Response times and Little's law, from runs written by hand."""

from dataclasses import replace

import pytest

from lab.chapters.when_full import waiting_view as view
from lab.chapters.when_full.waiting import MEAN, P99, LoadPoint, Waiting
from lab.instruments.runs import Run
from tests.lab.drawing.picture import assert_well_made, shapes

IDLE = LoadPoint(
    load=0.3, gaps_us=(0, 5000, 5000, 90_000), held_us=(20_000,) * 4, inside=1.6, response_s=0.025, rate=60,
    generator=0.07, server=0.05, late_us=900, was_bottleneck=False,
)  # fmt: skip
BUSY = replace(IDLE, load=0.9, rate=180, inside=4.4, gaps_us=(0, 100, 100, 25_000))


def run_of(means_s, p99s_s, points):
    return Run("by hand", {MEAN: "s", P99: "s"}, {MEAN: means_s, P99: p99s_s}, Waiting(4, 20_000, points))


RECORDED = run_of([0.021, 0.030], [0.050, 0.140], (IDLE, BUSY))
OWN = run_of([0.024, 0.060], [0.060, 0.120], (IDLE, replace(BUSY, was_bottleneck=True)))
FIGURES = {
    "waiting": lambda: view.response_times([RECORDED, OWN], "waiting", "a machine"),
    "waiting alone": lambda: view.response_times([RECORDED], "waiting-alone", "a machine"),
    "little": lambda: view.littles_law([RECORDED, OWN], "little", "a machine"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_well_made(name):
    assert_well_made(FIGURES[name]())


def test_the_caption_says_how_far_off_the_replay_is():
    figure = FIGURES["waiting"]()
    # the replay: nobody of the first trace waits, so each is there for 20 ms
    assert "measured mean: 4.8 %," in figure.caption
    assert "The load generator used at most 7 % of a core. Recorded on a machine." in figure.caption
    assert "Left out, since the load generator was too busy or too late: a load of 0.9." in figure.caption
    assert "17 %, 21 ms; 44 %, 30 ms" in figure.alt and "17 %, 50 ms; 44 %, 140 ms" in figure.alt
    assert "Left out" not in FIGURES["waiting alone"]().caption


def test_own_points_are_filled_and_those_left_out_are_not_drawn():
    outlines = shapes(FIGURES["waiting"]().drawings["wide"])
    filled = [shape for shape in outlines if shape.fill == shape.line == "web"]
    assert len(filled) == 4, "a dot and a square, in the plot and in the key"


def test_little_compares_what_was_sampled():
    figure = FIGURES["little"]()
    assert "1.50 and 1.60; 4.50 and 4.40" in figure.alt
    assert "Largest difference of the two: 6.7 %." in figure.caption
    assert "too late: a load of 0.9." in figure.caption, "the reader's own point that the generator spoilt"
