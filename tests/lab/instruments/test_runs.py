"""Recorded runs: written whole, read back, drawn beside the reader's own."""

import stat
from dataclasses import FrozenInstanceError

import pytest

from lab.instruments import runs
from lab.instruments.machine import MachineCard, card
from lab.instruments.runs import Overlay, Run, contents, load, overlay, recorded_only, rounded, save, summary

CARD = MachineCard("Some CPU", "2", "4.0 GiB", "Debian, Linux 6.1", "CPython 3.11.2", "3.40.1", "0.50")


def example(name="01-example", seconds=(0.00123456, 2.0), counts=(3, 4, 12345678)):
    return Run(
        name=name,
        what="Two series, made up in a test",
        units={"total": "s", "rows": "rows"},
        series={"total": list(seconds), "rows": list(counts)},
        machine=CARD,
        detail={"steps": [{"end_s": 0.333333, "label": "wait µ[1,  2]"}], "empty": []},
    )


@pytest.fixture
def outside(monkeypatch):
    """As a reader's own kernel: pytest itself runs with LAB_RUN=recorded."""
    monkeypatch.delenv("LAB_RUN")


def test_where_runs_are_kept():
    assert runs.DIRECTORY.is_dir()
    assert runs.DIRECTORY.parts[-2:] == ("data", "runs")


def test_recorded(monkeypatch):
    assert recorded_only()  # the root conftest says so
    monkeypatch.setenv("LAB_RUN", "mine")
    assert not recorded_only()
    monkeypatch.delenv("LAB_RUN")
    assert not recorded_only()


def test_what_is_saved_is_read_back(tmp_path):
    path = save(example(), tmp_path)
    assert path == tmp_path / "01-example.json"
    read = load("01-example", tmp_path)
    assert read.series == {"total": [0.001235, 2.0], "rows": [3, 4, 12345678]}
    assert read.machine == CARD
    assert read.detail == {"steps": [{"end_s": 0.3333, "label": "wait µ[1,  2]"}], "empty": []}
    assert (read.name, read.what, read.made_by) == ("01-example", example().what, "make record")
    save(read, tmp_path)
    assert load("01-example", tmp_path) == read


FILE = """\
{
 "name": "01-example",
 "what": "Two series, made up in a test",
 "units": {
  "total": "s",
  "rows": "rows"
 },
 "series": {
  "total": [0.001235, 2.0],
  "rows": [3, 4, 12345678]
 },
 "machine": {
  "processor": "Some CPU",
  "cores": "2",
  "memory": "4.0 GiB",
  "operating_system": "Debian, Linux 6.1",
  "python": "CPython 3.11.2",
  "sqlite": "3.40.1",
  "load": "0.50"
 },
 "made_by": "make record",
 "detail": {
  "steps": [
   {
    "end_s": 0.3333,
    "label": "wait µ[1,  2]"
   }
  ],
  "empty": []
 },
 "checksum": "c4633d5d99792b97"
}
"""


def test_the_file(tmp_path):
    path = save(example(), tmp_path)
    assert path.read_text(encoding="utf-8") == FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = save(example(), tmp_path)
    before = path.read_bytes()
    broken = example()
    broken.detail["bad"] = object()
    with pytest.raises(TypeError):
        save(broken, tmp_path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_rounded():
    assert rounded({"a": [1.23456, (0.000123456, 123456.0)], "b": "1.23456", "c": 123456, "d": None}) == {
        "a": [1.235, [0.0001235, 123500.0]],
        "b": "1.23456",
        "c": 123456,
        "d": None,
    }


def test_a_run_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^No recorded run x in /.*, only: none\. Make it with: make record$"):
        load("x", tmp_path)
    save(example("b"), tmp_path)
    save(example("a"), tmp_path)
    with pytest.raises(FileNotFoundError, match="only: a, b"):
        load("x", tmp_path)


def test_every_series_has_its_unit():
    with pytest.raises(ValueError, match=r"^Run x: units for \['a'\], series for \['b'\]\.$"):
        Run("x", "", units={"a": "s"}, series={"b": []})


def test_a_run_carries_the_card_of_this_machine():
    assert Run("x", "", {}, {}).machine.python == card().python


def test_overlay(tmp_path, monkeypatch):
    save(example(), tmp_path)
    own = example(seconds=[5.0])
    both = overlay("01-example", lambda: own, tmp_path)
    assert both == Overlay(load("01-example", tmp_path), own)
    assert both.runs() == [both.recorded]
    monkeypatch.delenv("LAB_RUN")
    assert both.runs() == [both.recorded, own]


def test_a_recorded_run_that_is_out_of_date(tmp_path):
    save(example(), tmp_path)
    other = Run("01-example", "", {"total": "ms", "rows": "rows"}, {"total": [], "rows": []})
    said = r"^The recorded run 01-example has series \{.*'s'.*\}, this one \{.*'ms'.*\}: make record$"
    with pytest.raises(ValueError, match=said):
        overlay("01-example", lambda: other, tmp_path)


def test_summary():
    assert summary(example()) == "Measured anew when this cell ran:\ntotal: 2 values, in s\nrows: 3 values, in rows"
    assert contents(example(seconds=[1.5])) == "total: 1 value, in s\nrows: 3 values, in rows"


@pytest.mark.parametrize("change", [("0.001235", "0.001236"), ('"rows"', '"lines"'), (',\n "checksum"', ',\n "sum"')])
def test_a_run_that_was_changed_by_hand_is_refused(tmp_path, change):
    path = save(example(), tmp_path)
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), "utf-8")
    with pytest.raises(ValueError, match=r"01-example.json is not as it was recorded: its checksum differs\. Measure"):
        load("01-example", tmp_path)


def test_every_committed_run_is_as_save_writes_it(tmp_path):
    for path in runs.DIRECTORY.glob("*.json"):
        assert save(load(path.stem), tmp_path).read_bytes() == path.read_bytes()


def test_runs_stay_as_they_are():
    for value, name in ((example(), "name"), (Overlay(example(), example()), "own")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)


def test_origin_names_number_spread_and_machine():
    card = MachineCard("P", "2", "M", "O", "Y", "S", "L")
    run = runs.Run("n", "seconds of one", {"off": "s"}, {"off": [0.001, 0.002, 0.003]}, machine=card)
    assert runs.origin(run, "off") == (
        "seconds of one, off: \u27e82.00 ms\u27e9, the median of 3 runs;"
        " the middle half of them lay between \u27e81.50 ms\u27e9 and \u27e82.50 ms\u27e9."
        " Measured on \u27e8P\u27e9, \u27e8Y\u27e9, \u27e8O\u27e9."
    )


def test_machine_of_a_run_is_its_own_and_stands_between_marks():
    fields = ("Some CPU", "CPython 3.11.2", "Debian, Linux 6.1")
    assert runs.machine_of(example()) == ", ".join(f"\u27e8{field}\u27e9" for field in fields)
