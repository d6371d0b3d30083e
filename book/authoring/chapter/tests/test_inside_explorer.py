"""lab/chapters/TOPIC/inside_explorer.py"""

import json

import pytest

from lab.chapters.TOPIC.inside_explorer import MILLISECONDS, STEPS, inside_explorer


@pytest.fixture(scope="module")
def explorer():
    return inside_explorer()


def test_explorer_has_the_grid(explorer):
    assert {len(column) for column in json.loads(explorer.table).values()} == {len(STEPS) * len(MILLISECONDS)}
    assert explorer.at(rate=200, milliseconds=50) == {"inside": 10}
