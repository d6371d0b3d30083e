"""lab/explorers/trips.py: the grid, the formula behind it, and what is said."""

import itertools
import json

import pytest

from lab.explorers.trips import RTTS_MS, SENTENCES, STATEMENTS, WORKS_MS, model, trips_explorer
from tests.lab.explorers.seen import assert_each_control_moves_the_drawing, assert_within_the_axes


@pytest.fixture(scope="module")
def explorer():
    made = trips_explorer()
    yield made
    made.close()


def test_model_by_hand():
    assert model(2, 11, 20) == {
        "page": pytest.approx(42), "waiting": pytest.approx(22), "share": pytest.approx(22 / 42),
        "equal": pytest.approx(20 / 11), "work": 20, "twice": 40, "sentence": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ((0.05, 1, 50), "Less than a tenth of it is waiting"),
        ((5, 1, 50), "Less than a tenth"),  # 5 of 55
        ((5, 2, 50), "Less than half of it is waiting"),  # 10 of 60
        ((0.2, 3, 5), "Less than half"),  # 0.6 of 5.6
        ((5, 1, 5), "Half of it or more is waiting"),  # 5 of 10
        ((20, 1, 20), "Half of it or more"),
        ((1, 5, 5), "Half of it or more"),
        ((1, 51, 5), "Nine tenths of it or more are waiting"),  # 51 of 56
        ((20, 101, 50), "Nine tenths"),
        ((2, 21, 5), "Half of it or more"),  # 42 of 47
    ],
)
def test_the_sentence_says_how_much_is_waiting(setting, said):
    assert SENTENCES[model(*setting)["sentence"]].startswith(said)


def test_every_sentence_can_be_said(explorer):
    assert set(json.loads(explorer.table)["sentence"]) == {0, 1, 2, 3}
    assert len(set(SENTENCES)) == 4


def test_explorer_has_the_grid(explorer):
    assert [(c["name"], c["values"]) for c in explorer.spec["controls"]] == [
        ("rtt_ms", list(RTTS_MS)), ("statements", list(STATEMENTS)), ("work_ms", list(WORKS_MS)),
    ]  # fmt: skip
    assert {len(column) for column in json.loads(explorer.table).values()} == {9 * 8 * 3}
    assert explorer.value == {"rtt_ms": 0.5, "statements": 11, "work_ms": 20}
    assert [(o["name"], o["unit"], o["percent"]) for o in explorer.spec["outputs"]] == [
        ("page", "ms", False), ("waiting", "ms", False), ("share", "", True), ("equal", "ms", False),
    ]  # fmt: skip
    assert repr(explorer).endswith(f" 216 settings, checksum {explorer.checksum}")


def test_more_of_anything_takes_longer(explorer):
    for statements, work in itertools.product(STATEMENTS, WORKS_MS):
        rows = [explorer.at(rtt_ms=rtt, statements=statements, work_ms=work) for rtt in RTTS_MS]
        for output in ("page", "waiting", "share", "sentence"):
            assert [row[output] for row in rows] == sorted(row[output] for row in rows)
        assert all(row["page"] == pytest.approx(row["waiting"] + work, rel=1e-3) for row in rows)


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
        said = model(rtt, statements, work)
        assert (round(said["page"], 9) >= said["twice"]) == (said["share"] >= 0.5) == (said["sentence"] >= 2)
        assert (round(said["equal"], 9) <= rtt) == (said["share"] >= 0.5)
