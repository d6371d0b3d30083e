"""The explorer of what a statement costs: the grid, the formula behind it, and its sentences."""

import itertools
import json

import pytest

from lab.chapters.between_tiers.trips_explorer import (
    REST_MS,
    RTTS_MS,
    SENTENCES,
    STATEMENTS,
    WORKS_MS,
    model,
    trips_explorer,
)
from tests.lab.widgets.explorer_drawing import assert_each_control_moves_the_drawing, assert_within_the_axes


@pytest.fixture(scope="module")
def explorer():
    explorer = trips_explorer()
    yield explorer
    explorer.close()


def test_model_by_hand():
    """Eleven statements of 1 ms and 5 ms beside them are 16 ms of work."""
    assert REST_MS == 5
    assert model(2, 11, 1) == {
        "page": pytest.approx(38), "waiting": pytest.approx(22), "share": pytest.approx(22 / 38),
        "equal": pytest.approx(16 / 11), "work": pytest.approx(16), "twice": pytest.approx(32), "sentence": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ((0.05, 1, 0.05), "Less than a tenth of it is waiting"),
        ((0.1, 101, 1), "Less than a tenth"),  # 10.1 of 116.1
        ((0.2, 3, 0.05), "Less than half of it is waiting"),  # 0.6 of 5.75
        ((0.5, 21, 1), "Less than half"),  # 10.5 of 36.5
        ((5, 2, 0.05), "Half of it or more is waiting"),  # 10 of 15.1
        ((20, 1, 1), "Half of it or more"),  # 20 of 26
        ((0.5, 101, 0.2), "Half of it or more"),  # 50.5 of 75.7
        ((2, 21, 0.2), "Half of it or more"),  # 42 of 51.2
        ((20, 101, 1), "Nine tenths of it or more are waiting"),  # 2,020 of 2,126
        ((5, 51, 0.2), "Nine tenths"),  # 255 of 270.2
    ],
)
def test_the_sentence_says_how_much_is_waiting(setting, sentence):
    assert SENTENCES[model(*setting)["sentence"]].startswith(sentence)


def test_every_sentence_can_be_said(explorer):
    assert set(json.loads(explorer.table)["sentence"]) == {0, 1, 2, 3}
    assert len(set(SENTENCES)) == 4


def test_explorer_has_the_grid(explorer):
    assert [(c["name"], c["values"]) for c in explorer.spec["controls"]] == [
        ("rtt_ms", list(RTTS_MS)), ("statements", list(STATEMENTS)), ("work_ms", list(WORKS_MS)),
    ]  # fmt: skip
    assert {len(column) for column in json.loads(explorer.table).values()} == {9 * 8 * 3}
    assert explorer.value == {"rtt_ms": 0.5, "statements": 51, "work_ms": 0.2}
    assert [(o["name"], o["unit"], o["percent"]) for o in explorer.spec["outputs"]] == [
        ("page", "ms", False), ("waiting", "ms", False), ("share", "", True), ("equal", "ms", False),
    ]  # fmt: skip
    assert repr(explorer).endswith(f" 216 settings, checksum {explorer.checksum}")


def test_more_of_anything_takes_longer(explorer):
    for statements, work in itertools.product(STATEMENTS, WORKS_MS):
        rows = [explorer.at(rtt_ms=rtt, statements=statements, work_ms=work) for rtt in RTTS_MS]
        for output in ("page", "waiting", "share", "sentence"):
            assert [row[output] for row in rows] == sorted(row[output] for row in rows)
        assert all(row["page"] == pytest.approx(row["waiting"] + REST_MS + statements * work, rel=1e-3) for row in rows)


def test_each_control_moves_the_drawing(explorer):
    assert_each_control_moves_the_drawing(explorer)


def test_the_curve_crosses_the_upper_flat_line_where_half_is_waiting(explorer):
    assert_within_the_axes(explorer)
    for drawing in explorer.spec["drawings"].values():
        assert [(item["kind"], item["output"], item["over"]) for item in drawing["moving"]] == [
            ("curve", "work", "rtt_ms"), ("curve", "twice", "rtt_ms"), ("curve", "page", "rtt_ms"),
            ("point", "page", "rtt_ms"),
        ]  # fmt: skip
    for rtt, statements, work in itertools.product(RTTS_MS, STATEMENTS, WORKS_MS):
        outputs = model(rtt, statements, work)
        half_waits = outputs["share"] >= 0.5
        assert (round(outputs["page"] - outputs["twice"], 9) >= 0) == half_waits == (outputs["sentence"] >= 2)
        assert (round(outputs["equal"], 9) <= rtt) == half_waits
