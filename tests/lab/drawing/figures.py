"""A plot that was looked at."""

from lab.drawing import plot
from tests.lab.drawing.test_plot import PLOT

FIGURES = {"plot": (lambda: plot.figure(PLOT, "plot", "x"), "063b42bd1b5c")}
