"""lab/views/hit_ratio.py: the plot and the explorer's axes."""

import pytest

from lab.models import hit_ratio as model
from lab.views.hit_ratio import explorer_drawings, figure
from tests.lab.views.picture import assert_legible, assert_well_formed, assert_within, texts

RATE = 12 / 3600
COUNTED = [(30, 0.09), (300, 0.51), (10_000, 0.97)]
FAILING = [(300, 0.0), (301, 0.5)]


def test_plot_is_legible_and_within_its_sheet():
    for layout, drawing in figure(RATE, COUNTED, FAILING, "h").drawings.items():
        assert_well_formed(drawing, f"h-{layout}")
        assert_legible(drawing)
        assert_within(drawing)


def test_plot_names_axes_and_markers():
    for layout, drawing in figure(RATE, COUNTED, FAILING, "h").drawings.items():
        words = [text.words for text in texts(drawing)]
        assert {"time to live (s)", "hit ratio", "counted range", "formula, Poisson arrivals"} <= set(words)
        assert {"counted, Poisson arrivals", "counted, even arrivals", "0", "0.25", "0.5", "0.75", "1"} <= set(words)
        assert ("10,000" in words) == (layout == "wide")


def test_alt_text_has_the_numbers_that_matter():
    largest = max(abs(ratio - model.poisson(RATE, ttl)) for ttl, ratio in COUNTED)
    assert figure(RATE, COUNTED, FAILING, "h").alt == (
        "Hit ratio against time to live from 1 to 100,000 seconds, for 12 requests an hour. The formula rises like an S"
        f" from 0 to 1 and passes 0.5 at 300 seconds. Counts of Poisson arrivals lie within {largest:.3f} of it. Evenly"
        " spaced arrivals do not: at 300 seconds their hit ratio is 0, the formula says 0.50."
    )


@pytest.mark.parametrize("place", range(3))
def test_every_count_moves_the_drawing(place):
    moved = [(ttl, ratio - 0.02) if index == place else (ttl, ratio) for index, (ttl, ratio) in enumerate(COUNTED)]
    first, second = (figure(RATE, counted, FAILING, "h") for counted in (COUNTED, moved))
    assert all(first.drawings[layout].svg != second.drawings[layout].svg for layout in first.drawings)


def test_explorer_moves_a_curve_and_a_point_on_the_same_axes():
    for layout, drawing in explorer_drawings("e", over="ttl_s", output="ratio").items():
        curve, point = drawing.moving
        assert (curve["kind"], point["kind"], curve["colour"], point["colour"]) == ("curve", "point", "ink", "web")
        assert curve["x"] == point["x"] and curve["y"] == point["y"]
        assert (curve["x"]["values"], curve["x"]["scale"]) == ([1, 100_000], "log")
        assert (curve["y"]["values"], curve["y"]["scale"]) == ([0, 1], "linear")
        bottom, top = curve["y"]["pixels"]
        assert 0 < top < bottom < drawing.height
        assert curve["x"]["pixels"] == {"wide": [64, 688], "tall": [52, 334]}[layout]
        assert_legible(drawing)
        assert_within(drawing)
