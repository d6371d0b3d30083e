"""The explorer of tiers: the grid, the model behind it, its sentences, and where the labels stand."""

import itertools
import json

import pytest

from lab.chapters.tiers.tiers_explorer import (
    ALONE_MS,
    BOXES,
    DEMANDS_MS,
    SENTENCES,
    USERS,
    bottleneck,
    labels,
    model,
    tiers_explorer,
    tiers_of,
)
from lab.models.tiers import Tier, most_throughput, steady_state
from lab.widgets.explorer import MOST_POINTS
from tests.lab.widgets.explorer_drawing import assert_each_control_moves_the_drawing, assert_within_the_axes

SETTINGS = list(itertools.product(BOXES, DEMANDS_MS))


@pytest.fixture(scope="module")
def explorer():
    explorer = tiers_explorer(lambda users, boxes, demands: users + sum(BOXES[boxes]) + DEMANDS_MS[demands][0])
    yield explorer
    explorer.close()


def test_model_by_hand():
    """Two users, one box each of 30 and 10 ms: the second user finds the first in the web box for three quarters."""
    outputs = model(2, "1 + 1", "30 + 10")
    assert outputs["response"] == pytest.approx(30 * 1.75 + 10 * 1.25)
    assert outputs["throughput"] == pytest.approx(2 / 0.065)
    assert (outputs["web"], outputs["data"]) == (pytest.approx(0.03 * 2 / 0.065), pytest.approx(0.01 * 2 / 0.065))
    assert outputs["knee"] == pytest.approx(4 / 3)
    assert (outputs["web_most"], outputs["data_most"], outputs["both_most"]) == (pytest.approx(1000 / 30), 100, None)


def test_one_box_that_does_both_is_busy_as_long_as_anybody_asks():
    for users, demands in itertools.product(USERS, DEMANDS_MS):
        outputs = model(users, "one box", demands)
        assert outputs["throughput"] == pytest.approx(25)
        assert outputs["response"] == pytest.approx(users * ALONE_MS)
        assert (outputs["web"], outputs["data"], outputs["knee"]) == (1, 1, 1)
        assert (outputs["web_most"], outputs["data_most"], outputs["both_most"]) == (None, None, pytest.approx(25))


def test_tiers_of_a_setting():
    assert tiers_of("one box", "30 + 10") == [Tier(0.04)]
    assert tiers_of("3 + 1", "10 + 30") == [Tier(0.01, 3), Tier(0.03, 1)]
    assert all(sum(demands) == ALONE_MS for demands in DEMANDS_MS.values()), "so the dashed line holds everywhere"


def test_each_row_is_that_of_the_model(explorer):
    for users, (boxes, demands) in itertools.product(USERS, SETTINGS):
        row, tiers = explorer.at(users=users, boxes=boxes, demands=demands), tiers_of(boxes, demands)
        state = steady_state(tiers, users)
        assert row["throughput"] == pytest.approx(state.throughput, rel=1e-3)
        assert row["response"] == pytest.approx(1000 * state.response_s, rel=1e-3)
        assert row["throughput"] <= most_throughput(tiers, users) * 1.001


def test_more_users_and_more_boxes_never_answer_less(explorer):
    for boxes, demands in SETTINGS:
        rows = [explorer.at(users=users, boxes=boxes, demands=demands) for users in USERS]
        for output in ("throughput", "response", "web", "data"):
            assert [row[output] for row in rows] == sorted(row[output] for row in rows)
    for users, demands in itertools.product(USERS, DEMANDS_MS):
        for few, many in (("one box", "1 + 1"), ("1 + 1", "2 + 1"), ("1 + 1", "1 + 2"), ("2 + 1", "2 + 2"),
                          ("1 + 2", "2 + 2"), ("2 + 1", "3 + 1")):  # fmt: skip
            fewer, more = (model(users, boxes, demands)["throughput"] for boxes in (few, many))
            assert fewer <= more * (1 + 1e-12)


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ((1, "one box", "20 + 20"), "One box does both, and is busy as long as anybody asks. Up to the knee"),
        ((2, "one box", "20 + 20"), "One box does both, and is busy as long as anybody asks. Beyond the knee"),
        ((1, "1 + 1", "30 + 10"), "The web tier is the bottleneck: another web box"),
        ((8, "2 + 1", "20 + 20"), "The data tier is the bottleneck: another data box"),
        ((2, "1 + 1", "20 + 20"), "Both tiers are equally busy: only another box for each raises what they answer at"
         " most. Up to the knee nobody need wait."),
        ((3, "1 + 1", "20 + 20"), "Both tiers are equally busy: only another box for each raises what they answer at"
         " most. Beyond the knee somebody has to wait."),
        ((4, "3 + 1", "30 + 10"), "Both tiers are equally busy"),
        ((8, "2 + 1", "30 + 10"), "The web tier"),
        ((8, "1 + 2", "10 + 30"), "The data tier"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_bottleneck_and_the_knee(setting, sentence):
    assert SENTENCES[model(*setting)["sentence"]].startswith(sentence)


def test_the_bottleneck_is_the_busier_tier_and_the_lower_line():
    for boxes, demands in SETTINGS:
        outputs = model(6, boxes, demands)
        busier = (outputs["web"] > outputs["data"] + 1e-9) - (outputs["web"] < outputs["data"] - 1e-9)
        assert bottleneck(boxes, demands) in {1: {1}, -1: {2}, 0: {0, 3}}[busier]
        if busier:
            assert (outputs["web_most"] < outputs["data_most"]) == (busier == 1)
        else:
            assert outputs["web_most"] is outputs["data_most"] is None


def test_every_sentence_can_be_said(explorer):
    assert set(json.loads(explorer.table)["sentence"]) == set(range(8))
    assert len(set(SENTENCES)) == 8


def test_explorer_has_the_grid(explorer):
    assert [(c["name"], c["values"]) for c in explorer.spec["controls"]] == [
        ("users", list(USERS)), ("boxes", list(BOXES)), ("demands", list(DEMANDS_MS)),
    ]  # fmt: skip
    assert {len(column) for column in json.loads(explorer.table).values()} == {180}
    assert MOST_POINTS >= 180
    assert explorer.value == {"users": 8, "boxes": "1 + 1", "demands": "30 + 10"}
    assert [(o["name"], o["percent"]) for o in explorer.spec["outputs"]] == [
        ("throughput", False), ("response", False), ("web", True), ("data", True), ("knee", False),
    ]  # fmt: skip
    assert repr(explorer).endswith(f" 180 settings, checksum {explorer.checksum}")


def test_measure_gets_the_setting_and_is_offered_only_where_there_is_one(explorer):
    messages = []
    explorer.send = messages.append
    explorer._receive(explorer, {"ask": "measure"}, [])
    assert messages == [{"measured": 8 + 2 + 30, "setting": explorer.value}]
    assert explorer.spec["measure"] is True
    silent = tiers_explorer()
    assert silent.spec["measure"] is False
    silent.close()


def test_each_control_moves_the_drawing(explorer):
    assert_each_control_moves_the_drawing(explorer)
    assert_each_control_moves_the_drawing(explorer, boxes="2 + 2", demands="20 + 20")


def test_drawings_move_the_curve_below_what_each_tier_answers_at_most(explorer):
    assert_within_the_axes(explorer)
    for drawing in explorer.spec["drawings"].values():
        assert [(item["kind"], item["output"]) for item in drawing["moving"]] == [
            ("curve", "web_most"), ("curve", "data_most"), ("curve", "both_most"), ("curve", "throughput"),
            ("point", "throughput"), ("words", "place"), ("words", "place"), ("words", "place"),
        ]  # fmt: skip


def test_a_label_stands_at_each_flat_line_and_nowhere_else():
    for place, (boxes, demands) in enumerate(SETTINGS):
        outputs = model(1, boxes, demands)
        assert outputs["place"] == place
        for output, words in (("web_most", "web tier"), ("data_most", "data tier"), ("both_most", "both tiers")):
            label = labels(output, words, "the one box")[place]
            name = "the one box" if boxes == "one box" else words
            assert label == ([] if outputs[output] is None else [(outputs[output], name)])


def test_labels_keep_apart(explorer):
    """A label's baseline is at least its own height above the label below it, at every setting."""
    for drawing in explorer.spec["drawings"].values():
        parts = [item["words"] for item in drawing["moving"] if item["kind"] == "words"]
        for place in range(len(SETTINGS)):
            heights = sorted(y for part in parts for y, _ in part[place])
            assert len(heights) in (1, 2)
            assert all(below - above > 16 for above, below in itertools.pairwise(heights))
