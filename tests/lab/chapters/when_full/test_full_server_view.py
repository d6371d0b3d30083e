"""The figures of chapter 03, from runs written by hand."""

from types import SimpleNamespace

import pytest

from lab.chapters.when_full import full_server_view as view
from lab.chapters.when_full.scalability_model import Scalability
from tests.lab.drawing.picture import assert_well_made, shapes, texts

POINT = {"gaps_us": [0, 5000, 5000, 90_000], "held_us": [20_000] * 4, "was_bottleneck": False, "response_s": 0.025,
         "generator": 0.07}  # fmt: skip
WAITING = SimpleNamespace(
    series={"mean": [0.021, 0.030], "99th percentile": [0.050, 0.140]},
    detail={
        "servers": 4, "mean_us": 20_000,
        "points": [
            {**POINT, "load": 0.3, "rate": 60, "inside": 1.6},
            {**POINT, "load": 0.9, "rate": 180, "inside": 4.4, "gaps_us": [0, 100, 100, 25_000]},
        ],
    },
)  # fmt: skip
OWN = SimpleNamespace(
    series={"mean": [0.024, 0.060], "99th percentile": [0.060, 0.120]},
    detail={**WAITING.detail, "points": [WAITING.detail["points"][0], {**WAITING.detail["points"][1],
                                                                       "was_bottleneck": True}]},
)  # fmt: skip
KINDS = ("all may wait", "8 places to wait", "all may wait, nobody leaves")
OVERLOAD = SimpleNamespace(
    series=dict(zip(KINDS, ([100, 30.0, 5], [100, 190.0, 185], [100, 195.0, 198]), strict=True)),
    detail={
        "loads": [0.5, 1.5, 2.0], "capacity": 200.0, "servers": 4, "mean_us": 20_000, "seed": 3, "draws": 2000,
        "seconds": 1, "patience_s": 0.2, "places": 8, "retry_after_s": 1,
        "bottlenecks": [],
        "median_s": {KINDS[0]: [0.02, 0.1, 0.1], KINDS[1]: [0.02, 0.05, 0.055], KINDS[2]: [0.02, 1.0, 2.5]},
    },
)  # fmt: skip
SITE = SimpleNamespace(
    series={"answered": [99.4, 290.0, 505.0], "CPU": [0.19, 0.57, 0.99]},
    detail={"rates": [100, 300, 600], "memory": [70e6, 71e6, 72.4e6], "connections": [4, 9, 100],
            "unanswered": [0, 0, 170], "was_bottleneck": [False, False, False]},
)  # fmt: skip
USERS = SimpleNamespace(series={"answered": [600, 640, 620]}, detail={"users": [1, 8, 64]})

FIGURES = {
    "waiting": lambda: view.waiting([WAITING, OWN], "waiting", "a machine"),
    "waiting alone": lambda: view.waiting([WAITING], "waiting-alone", "a machine"),
    "little": lambda: view.littles_law([WAITING, OWN], "little", "a machine"),
    "goodput": lambda: view.goodput([OVERLOAD], "goodput", "a machine"),
    "goodput with own": lambda: view.goodput([OVERLOAD, OVERLOAD], "goodput-own", "a machine"),
    "site": lambda: view.site([SITE, SITE], "site", "a machine"),
    "users": lambda: view.users(USERS, Scalability(600, 0.95, 0.0001), "users", "a machine"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_well_made(name):
    assert_well_made(FIGURES[name]())


def test_waiting_says_how_far_off_the_replay_is():
    figure = FIGURES["waiting"]()
    # the replay: nobody of the first trace waits, so each is there for 20 ms
    assert "measured mean: 4.8 %," in figure.caption
    assert "The load generator used at most 7 % of a core. Recorded on a machine." in figure.caption
    assert "Left out, since the load generator was too busy or too late: a load of 0.9." in figure.caption
    assert "17 %, 21 ms; 44 %, 30 ms" in figure.alt and "17 %, 50 ms; 44 %, 140 ms" in figure.alt
    assert "Left out" not in FIGURES["waiting alone"]().caption


def test_waiting_draws_own_points_filled_and_not_those_left_out():
    drawn = shapes(FIGURES["waiting"]().drawings["wide"])
    filled = [shape for shape in drawn if shape.fill == shape.line == "web"]
    assert len(filled) == 4, "a dot and a square, in the plot and in the key"


def test_little_compares_what_was_sampled():
    figure = FIGURES["little"]()
    assert "1.50 and 1.60; 4.50 and 4.40" in figure.alt
    assert "Largest difference of the two: 6.7 %." in figure.caption
    assert "too late: a load of 0.9." in figure.caption, "the reader's own point that the generator spoilt"


def test_goodput_draws_the_model_of_the_run_s_own_draws():
    figure = FIGURES["goodput"]()
    assert "few places gives 190 a second, the one that lets all wait 30. Patient clients get 195" in figure.alt
    assert "patient clients wait 2,500 ms (median), those who find a place 55 ms" in figure.caption
    bounded, unbounded = (dict(view.modelled(OVERLOAD.detail, places)) for places in (8, None))
    assert 85 < bounded[0.5] == unbounded[0.5] <= 100, "where there is room, all are answered in time"
    assert unbounded[2.0] < bounded[2.0] <= 220, "no more than the servers can do, but for the luck of the draws"
    patient = dict(view.modelled({**OVERLOAD.detail, "patience_s": 1000}, None))
    assert bounded[2.0] - 30 < patient[2.0] <= 220, "who waits for ever loses time alone"


def test_what_the_generator_spoilt_is_not_drawn():
    spoilt = SimpleNamespace(series=OVERLOAD.series, detail={**OVERLOAD.detail, "bottlenecks": [f"{KINDS[0]} at 1.5"]})
    whole, less = (view.goodput([run], "a", "a machine") for run in (OVERLOAD, spoilt))
    counts = [sum(shape.fill == "panel" for shape in shapes(each.drawings["wide"])) for each in (whole, less)]
    assert counts[0] - counts[1] == 1
    assert f"too late: {KINDS[0]} at 1.5." in less.caption
    late = SimpleNamespace(series=SITE.series, detail={**SITE.detail, "was_bottleneck": [False, True, False]})
    assert view.answered_of(late) == [(100, 99.4), (600, 505.0)]
    assert "too late: 300 a second." in view.site([late], "a", "a machine").caption


def test_site_draws_what_one_core_can_do():
    figure = FIGURES["site"]()
    assert "One core is full at 510 requests a second." in figure.caption
    assert "300 asked, 290 answered, 57 per cent of a core" in figure.alt


def test_fullness_is_a_table():
    table = view.fullness(SITE)
    assert [list(row) for row in table.rows] == [
        [100, 99, 19, 70, 4, 0], [300, 290, 57, 71, 9, 0], [600, 505, 99, 72, 100, 170],
    ]  # fmt: skip


def test_users_have_a_logarithmic_axis():
    figure = FIGURES["users"]()
    words = {text.words: text.x for text in texts(figure.drawings["wide"])}
    assert words["8"] - words["1"] == pytest.approx(words["64"] - words["8"], abs=0.1)
    assert "contention 0.95, coherency 0.0001" in figure.caption
