"""The explorer of what a rate costs: the grid, the count of boxes behind it, and its sentences."""

import itertools
import json
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.tiers.boxes_explorer import DATA_PRICES, MOST_BUSY, RATES, SENTENCES, boxes_explorer, model
from lab.chapters.tiers.tiers_explorer import DEMANDS_MS
from tests.lab.widgets.explorer_drawing import assert_each_control_moves_the_drawing, assert_within_the_axes


@pytest.fixture(scope="module")
def explorer():
    explorer = boxes_explorer()
    yield explorer
    explorer.close()


def test_model_by_hand():
    """200 a second of 30 and 10 ms are 6 and 2 boxes that never rest: 9 and 3 at 70 %, and 12 that do both."""
    assert MOST_BUSY == 0.7
    assert model(200, "30 + 10", 4) == {
        "web": 9, "data": 3, "apart": 9 + 3 * 4, "both": 12, "together": 48, "sentence": 0,
    }  # fmt: skip


@given(st.integers(1, 3000), st.sampled_from(list(DEMANDS_MS)), st.sampled_from(DATA_PRICES))
def test_boxes_are_the_fewest_that_are_not_too_busy(rate, demands, price):
    outputs = model(rate, demands, price)
    web_ms, data_ms = DEMANDS_MS[demands]
    fewest = [
        ceil(Fraction(rate * demand_ms, 1000) / Fraction(7, 10)) for demand_ms in (web_ms, data_ms, web_ms + data_ms)
    ]
    assert [outputs["web"], outputs["data"], outputs["both"]] == fewest
    assert outputs["apart"] == outputs["web"] + price * outputs["data"]
    assert outputs["together"] == price * outputs["both"]
    assert outputs["both"] <= outputs["web"] + outputs["data"] <= outputs["both"] + 1
    more = model(rate + 1, demands, price)
    assert all(more[output] >= outputs[output] for output in ("web", "data", "both", "apart", "together"))
    # where both are equally dear nothing is saved, and where not, a dearer data box makes boxes for each tier better
    assert price > 1 or outputs["apart"] >= outputs["together"]
    dearer = model(rate, demands, 2 * price)
    assert dearer["apart"] * outputs["together"] <= outputs["apart"] * dearer["together"]


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ((200, "30 + 10", 4), "Boxes for each tier are cheaper"),
        ((200, "30 + 10", 1), "Both ways cost the same"),  # 9 + 3 and 12
        ((10, "30 + 10", 8), "Boxes that do both are cheaper"),  # 1 + 8 and 8
    ],
)
def test_the_sentence_says_what_is_cheaper(setting, sentence):
    assert SENTENCES[model(*setting)["sentence"]].startswith(sentence)


def test_every_sentence_can_be_said_and_none_is_wrong(explorer):
    table = json.loads(explorer.table)
    assert set(table["sentence"]) == {0, 1, 2}
    for apart, together, sentence in zip(table["apart"], table["together"], table["sentence"], strict=True):
        assert sentence == (0 if apart < together else 1 if apart == together else 2)


def test_explorer_has_the_grid(explorer):
    assert [(c["name"], c["values"]) for c in explorer.spec["controls"]] == [
        ("rate", list(RATES)), ("demands", list(DEMANDS_MS)), ("data_price", list(DATA_PRICES)),
    ]  # fmt: skip
    assert (RATES[0], RATES[-1]) == (10, 2000) and sorted(set(RATES)) == list(RATES)
    assert {len(column) for column in json.loads(explorer.table).values()} == {26 * 3 * 4}
    assert explorer.value == {"rate": 200, "demands": "30 + 10", "data_price": 4}
    assert [(o["name"], o["unit"]) for o in explorer.spec["outputs"]] == [
        ("web", ""), ("data", ""), ("apart", "web boxes"), ("both", ""), ("together", "web boxes"),
    ]  # fmt: skip
    assert repr(explorer).endswith(f" 312 settings, checksum {explorer.checksum}")


def test_the_note_says_what_is_assumed(explorer):
    note = explorer.spec["note"]
    assert f"{MOST_BUSY:.0%}".replace("%", " %") in note
    assert "a database can be spread over any number of boxes" in note
    assert "Prices are not in the book" in note


def test_each_control_moves_the_drawing(explorer):
    for rate, demands in itertools.product((10, 200, 2000), DEMANDS_MS):
        assert_each_control_moves_the_drawing(explorer, rate=rate, demands=demands)


def test_drawings_move_two_curves_and_two_points(explorer):
    assert_within_the_axes(explorer)
    for drawing in explorer.spec["drawings"].values():
        assert [(item["kind"], item["output"], item["colour"]) for item in drawing["moving"]] == [
            ("curve", "together", "data"), ("curve", "apart", "ink"), ("point", "together", "data"),
            ("point", "apart", "web"),
        ]  # fmt: skip
