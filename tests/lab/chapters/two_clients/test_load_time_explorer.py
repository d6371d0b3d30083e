"""The explorer of load times over a run that was made up: its model, its sentences, its points."""

import json

import pytest

from lab.chapters.two_clients.load_time_explorer import (
    BYTES_PER_S,
    ROUND_TRIPS,
    RTTS_MS,
    SENTENCES,
    SIZES_KB,
    load_time_explorer,
    model,
)
from lab.models.load_time import initial_window_bytes
from tests.lab.chapters.two_clients.load_time_runs import run_beside_formula


@pytest.fixture(scope="module")
def explorer():
    explorer = load_time_explorer(run_beside_formula())
    yield explorer
    explorer.close()


def test_model_by_hand():
    assert model(round_trips=6, size_kb=10, rtt_ms=40, work_s=0.018) == {
        "load": pytest.approx(240 + 8 + 18), "waiting": pytest.approx(240), "bytes": pytest.approx(8), "work": 18,
        "share": pytest.approx(240 / 266), "flat": pytest.approx(26), "sentence": 2,
    }  # fmt: skip
    assert BYTES_PER_S * 8 == 10_000_000


@pytest.mark.parametrize(
    ("setting", "start"),
    [
        ((6, 10, 100, 0.01), "Most of it is waiting for round trips."),
        ((1, 1000, 10, 0.01), "Most of it is bytes on their way."),
        ((1, 1, 1, 0.05), "Most of it is work"),
        ((4, 30, 10, 0.01), "No part is two thirds of it"),
        ((2, 1, 10, 0.0091), "Most of it is waiting"),  # 20 of 29.9
        ((2, 1, 10, 0.0094), "No part is two thirds of it"),  # 20 of 30.2
    ],
)
def test_the_sentence_says_what_dominates(setting, start):
    assert SENTENCES[model(*setting)["sentence"]].startswith(start)


def test_the_sentence_says_where_the_formula_is_too_low():
    for size_kb in SIZES_KB:
        for rtt_ms in (1, 150):
            sentence = SENTENCES[model(3, size_kb, rtt_ms, 0.01)["sentence"]]
            assert ("slow start" in sentence) == (size_kb * 1000 > initial_window_bytes())
    assert len(set(SENTENCES)) == 8


def test_every_sentence_can_be_said(explorer):
    assert {0, 1, 2, 3, 5, 6} == set(json.loads(explorer.table)["sentence"])
    others = {model(1, size_kb, 1, work_s)["sentence"] for size_kb, work_s in ((13, 0.001), (30, 0.1))}
    assert others == {4, 7}  # bytes before the first window is full, work after it: with other work than here


def test_explorer_has_the_grid(explorer):
    sizes = {control["name"]: len(control["values"]) for control in explorer.spec["controls"]}
    assert sizes == {"rtt_ms": 22, "round_trips": 12, "size_kb": 6}
    assert list(ROUND_TRIPS) == [*range(1, 13)]
    for values, ends in ((RTTS_MS, (1, 150)), (SIZES_KB, (1, 100))):
        assert sorted(set(values)) == list(values)
        assert (values[0], values[-1]) == ends
    assert {10, 20, 40, 80} <= set(RTTS_MS)
    assert explorer.value == {"rtt_ms": 40, "round_trips": 6, "size_kb": 13}
    assert [(output["name"], output["label"], output["unit"], output["percent"])
            for output in explorer.spec["outputs"]] == [
        ("load", "load time", "ms", False), ("waiting", "waiting for round trips", "ms", False),
        ("bytes", "bytes on their way", "ms", False), ("work", "work", "ms", False),
        ("share", "share of the round trips", "", True),
    ]  # fmt: skip


def test_work_is_the_recorded_one_and_the_note_says_so(explorer):
    assert explorer.at(rtt_ms=10, round_trips=3, size_kb=10)["load"] == pytest.approx(30 + 8 + 18)
    note = explorer.spec["note"]
    assert "for 3, 6 and 9 round trips;" in note
    assert "Assumed: 10 Mbit/s. Work: as recorded for “page, one connection” at the nearest distance." in note
    assert set(json.loads(explorer.table)["work"]) == {18}


def test_drawings_move_load_and_what_no_distance_changes(explorer):
    for drawing in explorer.spec["drawings"].values():
        assert [(part["kind"], part["output"], part["over"]) for part in drawing["moving"]] == [
            ("curve", "flat", "rtt_ms"), ("curve", "load", "rtt_ms"), ("point", "load", "rtt_ms"),
        ]  # fmt: skip
    table = json.loads(explorer.table)
    assert all(0 < load <= 2000 for load in table["load"] + table["flat"])
    assert all(0 < share < 1 for share in table["share"])
