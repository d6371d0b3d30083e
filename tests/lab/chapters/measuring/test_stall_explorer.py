"""lab/chapters/measuring/stall_explorer.py: the grid and what is said."""

import json

import pytest

from lab.chapters.measuring.stall_explorer import PERCENTS, RATES, SENTENCES, STALLS_MS, model, stall_explorer


@pytest.fixture(scope="module")
def explorer():
    widget = stall_explorer()
    yield widget
    widget.close()


def test_the_stall_of_the_chapter():
    assert model(1000, 100, 99) == {"schedule": 583.0, "waiting": 3.0, "late": 143, "sentence": 1}


def test_without_a_stall_both_say_the_service_time():
    for rate in RATES:
        for percent in PERCENTS:
            assert model(0, rate, percent) == {"schedule": 3.0, "waiting": 3.0, "late": 0, "sentence": 0}


def test_a_longer_stall_is_never_seen_less(explorer):
    for rate in RATES:
        for percent in PERCENTS:
            rows = [explorer.at(stall_ms=stall, rate=rate, percent=percent) for stall in STALLS_MS]
            assert [row["schedule"] for row in rows] == sorted(row["schedule"] for row in rows)
            assert all(row["waiting"] <= row["schedule"] for row in rows)


def test_every_sentence_can_be_said(explorer):
    assert set(json.loads(explorer.table)["sentence"]) == {0, 1, 2}
    assert SENTENCES[model(2000, 10, 99.9)["sentence"]].startswith("Both see it")
    assert SENTENCES[model(100, 100, 50)["sentence"]].startswith("Both say the same")


def test_drawings_move_two_curves_and_two_points(explorer):
    for drawing in explorer.spec["drawings"].values():
        assert [(part["kind"], part["output"]) for part in drawing["moving"]] == [
            ("curve", "waiting"), ("curve", "schedule"), ("point", "waiting"), ("point", "schedule"),
        ]  # fmt: skip
    table = json.loads(explorer.table)
    assert all(1 <= value <= 10_000 for value in table["schedule"] + table["waiting"])
