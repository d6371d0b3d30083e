"""Recorded runs: written whole, read back with their payload's type, drawn beside the reader's own."""

import json
import stat
from dataclasses import FrozenInstanceError, dataclass, replace
from importlib import import_module

import pytest

from lab.instruments import runs
from lab.instruments.machine import MachineCard, card
from lab.instruments.runs import (
    Overlay,
    Payload,
    Run,
    contents,
    load,
    overlay,
    recorded_as,
    recorded_only,
    rounded,
    save,
    summary,
)

CARD = MachineCard("Some CPU", "2", "4.0 GiB", "Debian, Linux 6.1", "CPython 3.11.2", "3.40.1", "0.50")


@dataclass(frozen=True)
class Step:
    """One step: its label, and when it ended in seconds."""

    label: str
    end_s: float


@dataclass(frozen=True)
class Example(Payload, run="a_topic/example"):
    """Each kind of field that a payload may have."""

    servers: int
    steps: tuple[Step, ...]
    shares: dict[str, list[float]]
    note: str | None = None


@dataclass(frozen=True)
class Nothing(Payload, run="another_topic/nothing"):
    """A run that has its series alone."""


PAYLOAD = Example(2, (Step("wait µ[1,  2]", 0.333333), Step("rest", 1)), {"web": [0.25, 1], "data": []})
FILE = """\
{
 "name": "a_topic/example",
 "what": "Two series, made up in a test",
 "units": {
  "total": "s",
  "rows": "rows"
 },
 "series": {
  "total": [0.001235, 2.0],
  "rows": [3, 4, 12345678]
 },
 "payload": {
  "servers": 2,
  "steps": [
   {
    "label": "wait µ[1,  2]",
    "end_s": 0.3333
   },
   {
    "label": "rest",
    "end_s": 1
   }
  ],
  "shares": {
   "web": [0.25, 1],
   "data": []
  },
  "note": null
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
 "checksum": "d68f03191849cc6e"
}
"""


def example(seconds=(0.00123456, 2.0), rows=(3, 4, 12345678), payload=PAYLOAD):
    return Run(
        what="Two series, made up in a test",
        units={"total": "s", "rows": "rows"},
        series={"total": list(seconds), "rows": list(rows)},
        payload=payload,
        machine=CARD,
    )


def write_changed(directory, **fields):
    """A saved example with other fields on the top, under a checksum that holds."""
    stored = json.loads(save(example(), directory).read_text("utf-8"))
    del stored["checksum"]
    runs.write({**stored, **fields}, directory / "a_topic/example.json")


def test_the_directory_of_the_recorded_runs():
    assert runs.DIRECTORY.is_dir()
    assert runs.DIRECTORY.parts[-2:] == ("data", "runs")


def test_recorded_only(monkeypatch):
    assert recorded_only()  # the root conftest says so
    monkeypatch.setenv("LAB_RUN", "mine")
    assert not recorded_only()
    monkeypatch.delenv("LAB_RUN")
    assert not recorded_only()


def test_a_saved_run_is_loaded_with_its_types(tmp_path):
    path = save(example(), tmp_path)
    assert path == tmp_path / "a_topic/example.json"
    run = load(Example, tmp_path)
    assert run.series == {"total": [0.001235, 2.0], "rows": [3, 4, 12345678]}
    assert (run.name, run.what, run.machine, run.made_by) == ("a_topic/example", example().what, CARD, "make record")
    assert run.payload == replace(PAYLOAD, steps=(Step("wait µ[1,  2]", 0.3333), Step("rest", 1.0)))
    assert type(run.payload) is Example and type(run.payload.steps[0]) is Step
    save(run, tmp_path)
    assert load(Example, tmp_path) == run


def test_the_file(tmp_path):
    path = save(example(), tmp_path)
    assert path.read_text(encoding="utf-8") == FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_a_payload_without_fields(tmp_path):
    save(Run("a payload without fields", {}, {}, Nothing()), tmp_path)
    assert load(Nothing, tmp_path).payload == Nothing()


def test_a_run_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = save(example(), tmp_path)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save(example(payload=replace(PAYLOAD, note=object())), tmp_path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_rounded():
    assert rounded({"a": [1.23456, (0.000123456, 123456.0)], "b": "1.23456", "c": 123456, "d": None}) == {
        "a": [1.235, [0.0001235, 123500.0]],
        "b": "1.23456",
        "c": 123456,
        "d": None,
    }


def test_a_run_that_is_not_recorded(tmp_path):
    message = r"^No recorded run another_topic/nothing in /.*, only: none\. Make it: make record$"
    with pytest.raises(FileNotFoundError, match=message):
        load(Nothing, tmp_path)
    save(example(), tmp_path)
    with pytest.raises(FileNotFoundError, match="only: a_topic/example"):
        load(Nothing, tmp_path)


def test_a_run_of_the_older_form_is_refused_with_what_to_do(tmp_path):
    write_changed(tmp_path, detail={"servers": 2})
    message = "example.json is of an older form: bring it up to date with python -m book.authoring.convert_runs"
    with pytest.raises(ValueError, match=message):
        load(Example, tmp_path)


STORED = {"servers": 2, "steps": [], "shares": {}, "note": None}


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        ({name: value for name, value in STORED.items() if name != "servers"}, "servers: Field required"),
        (STORED | {"servers": "2"}, "servers: Input should be a valid integer"),
        (STORED | {"boxes": 1}, "boxes: Unexpected keyword argument"),
        (STORED | {"steps": [{"label": "wait"}]}, "steps.0.end_s: Field required"),
        (STORED | {"steps": [{"label": "w", "end_s": 1, "at": 0}]}, "steps.0.at: Unexpected keyword argument"),
        (STORED | {"shares": {"web": [None]}}, "shares.web.0: Input should be a valid number"),
    ],
)
def test_a_payload_of_another_form_is_refused_with_its_field(tmp_path, payload, fault):
    write_changed(tmp_path, payload=payload)
    with pytest.raises(ValueError) as refusal:
        load(Example, tmp_path)
    path = tmp_path / "a_topic/example.json"
    assert str(refusal.value) == f"{path} has another form than Example ({fault}). Measure it anew with: make record"


@pytest.mark.parametrize("change", [("0.001235", "0.001236"), ('"rows"', '"lines"'), (',\n "checksum"', ',\n "sum"')])
def test_a_run_that_was_changed_by_hand_is_refused(tmp_path, change):
    path = save(example(), tmp_path)
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), "utf-8")
    with pytest.raises(ValueError, match=r"example.json is not as it was recorded: its checksum differs\. Measure"):
        load(Example, tmp_path)


COMMITTED = {
    path.relative_to(runs.DIRECTORY).with_suffix("").as_posix(): path for path in runs.DIRECTORY.glob("*/*.json")
}


@pytest.fixture(scope="module")
def payload_types():
    """The payload types of all runs by name: chapters and site declare those of experiments, bench those of speeds."""
    import_module("book.authoring.bench")
    import_module("book.authoring.record").experiments()
    return {payload_type.run: payload_type for payload_type in Payload.__subclasses__()}


@pytest.mark.parametrize("name", sorted(COMMITTED))
def test_a_committed_run_is_loaded_and_saved_as_it_is(tmp_path, payload_types, name):
    path = save(load(payload_types[name]), tmp_path)
    saved, committed = (json.loads(file.read_text("utf-8")) for file in (path, COMMITTED[name]))
    # a whole number in a field of floats is saved with its point, which changes the checksum and no number
    assert {**saved, "checksum": None} == {**committed, "checksum": None}


def test_every_series_has_its_unit():
    with pytest.raises(ValueError, match=r"^Run another_topic/nothing: units for \['a'\], series for \['b'\]\.$"):
        Run("", units={"a": "s"}, series={"b": []}, payload=Nothing())


def test_a_run_carries_the_card_of_this_machine():
    assert Run("", {}, {}, Nothing()).machine.python == card().python


def test_overlay(tmp_path, monkeypatch):
    save(example(), tmp_path)
    own = example(seconds=[5.0])
    both = overlay(Example, lambda: own, tmp_path)
    assert both == Overlay(load(Example, tmp_path), own)
    assert both.runs() == [both.recorded]
    monkeypatch.delenv("LAB_RUN")
    assert both.runs() == [both.recorded, own]


def test_a_recorded_run_that_is_out_of_date(tmp_path):
    save(example(), tmp_path)
    own = Run("", {"total": "ms", "rows": "rows"}, {"total": [], "rows": []}, PAYLOAD)
    message = r"^The recorded run a_topic/example has series \{.*'s'.*\}, this one \{.*'ms'.*\}: make record$"
    with pytest.raises(ValueError, match=message):
        overlay(Example, lambda: own, tmp_path)


def measure_again() -> Run[Nothing]:
    return Run("", {}, {}, Nothing())


def test_a_run_is_registered_with_one_function_that_measures_it(monkeypatch):
    experiments = {}
    monkeypatch.setattr(runs, "EXPERIMENTS", experiments)

    @recorded_as(Nothing)
    def measure() -> Run[Nothing]:
        return Run("", {}, {}, Nothing())

    assert experiments == {"another_topic/nothing": measure}
    with pytest.raises(ValueError, match=r"another_topic/nothing is measured by .*test_runs\..*measure already\.$"):
        recorded_as(Nothing)(measure_again)
    recorded_as(Nothing)(measure)  # as where its module is loaded again
    assert experiments == {"another_topic/nothing": measure}


def test_summary():
    assert summary(example()) == "Measured anew when this cell ran:\ntotal: 2 values, in s\nrows: 3 values, in rows"
    assert contents(example(seconds=[1.5])) == "total: 1 value, in s\nrows: 3 values, in rows"


def test_runs_stay_as_they_are():
    for value, name in ((example(), "payload"), (Overlay(example(), example()), "own")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)


def test_origin_names_number_spread_and_machine():
    machine = MachineCard("P", "2", "M", "O", "Y", "S", "L")
    run = Run("seconds of one", {"off": "s"}, {"off": [0.001, 0.002, 0.003]}, Nothing(), machine)
    assert runs.origin(run, "off") == (
        "seconds of one, off: \u27e82.00 ms\u27e9, the median of 3 runs;"
        " the middle half of them lay between \u27e81.50 ms\u27e9 and \u27e82.50 ms\u27e9."
        " Measured on \u27e8P\u27e9, \u27e8Y\u27e9, \u27e8O\u27e9."
    )


def test_machine_of_a_run_is_its_own_and_stands_between_marks():
    fields = ("Some CPU", "CPython 3.11.2", "Debian, Linux 6.1")
    assert runs.machine_of(example()) == ", ".join(f"\u27e8{field}\u27e9" for field in fields)
