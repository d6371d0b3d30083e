"""lab/chapters/TOPIC/inside_view.py"""

from lab.chapters.TOPIC.inside_view import figure
from tests.lab.drawing.picture import assert_well_made


def test_figure_is_well_made_and_says_what_it_shows():
    drawing = figure(0.1, [(50, 5), (100, 10)], "a")
    assert_well_made(drawing)
    assert "from 0 to 20 at 200 a second, and 2 counted points" in drawing.alt
