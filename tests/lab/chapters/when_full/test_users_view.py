"""Throughput over users, from a run written by hand."""

import pytest

from lab.chapters.when_full import users_view as view
from lab.chapters.when_full.scalability_model import Scalability
from lab.chapters.when_full.user_load import ANSWERED, UserLoad
from lab.instruments.runs import Run
from tests.lab.drawing.picture import assert_well_made, texts

RUN = Run("by hand", {ANSWERED: "/s"}, {ANSWERED: [600, 640, 620]}, UserLoad(users=(1, 8, 64), bottlenecks=()))
FIGURES = {"users": lambda: view.figure(RUN, Scalability(600, 0.95, 0.0001), "users", "a machine")}


def test_the_axis_is_logarithmic():
    figure = FIGURES["users"]()
    assert_well_made(figure)
    x = {text.words: text.x for text in texts(figure.drawings["wide"])}
    assert x["8"] - x["1"] == pytest.approx(x["64"] - x["8"], abs=0.1)
    assert "contention 0.95, coherency 0.0001" in figure.caption
    assert "1 user, 600; 8 users, 640" in figure.alt
