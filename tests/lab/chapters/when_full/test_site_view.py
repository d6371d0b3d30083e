"""The site that fills up, from a run written by hand."""

from dataclasses import replace

from lab.chapters.when_full import site_view as view
from lab.instruments.runs import Run
from lab.site.filling import ANSWERED, CPU, MEDIAN, P99, SiteFilling
from tests.lab.drawing.picture import assert_well_made, shapes

RUN = Run(
    what="by hand",
    units={ANSWERED: "/s", CPU: "s", MEDIAN: "s", P99: "s"},
    series={ANSWERED: [99.4, 290.0, 505.0], CPU: [0.19, 0.57, 0.99], MEDIAN: [0.003] * 3, P99: [0.01] * 3},
    payload=SiteFilling(
        rates=(100, 300, 600), memory=(70_000_000, 71_000_000, 72_400_000), connections=(4, 9, 100),
        unanswered=(0, 0, 170), was_bottleneck=(False, False, False),
    ),
)  # fmt: skip
FIGURES = {"site": lambda: view.figure([RUN, RUN], "site", "a machine")}


def test_the_figure_has_what_one_core_can_do():
    figure = FIGURES["site"]()
    assert_well_made(figure)
    assert "One core is full at 510 requests a second." in figure.caption
    assert "300 asked, 290 answered, 57 per cent of a core" in figure.alt


def test_what_the_generator_spoilt_is_left_out():
    spoilt = replace(RUN, payload=replace(RUN.payload, was_bottleneck=(False, True, False)))
    whole, less = (view.figure([run], "a", "a machine") for run in (RUN, spoilt))
    hollow = [sum(shape.fill == "panel" for shape in shapes(figure.drawings["wide"])) for figure in (whole, less)]
    assert hollow[0] - hollow[1] == 1
    assert "too late: 300 a second." in less.caption
    assert [row[0] for row in view.fullness(spoilt).rows] == [100, 600]


def test_fullness_is_a_table():
    table = view.fullness(RUN)
    assert [list(row) for row in table.rows] == [
        [100, 99, 19, 70, 4, 0], [300, 290, 57, 71, 9, 0], [600, 505, 99, 72, 100, 170],
    ]  # fmt: skip
