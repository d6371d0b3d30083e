"""Recorded runs: times that were measured once, with the card of the machine, and are drawn beside the reader's own.

A run is a file data/runs/TOPIC/NAME.json. `make record` writes it, and `make bench` those of speeds. LAB_RUN=recorded,
set where notebooks are executed for keeps, makes measured figures show the recorded run only, so that they are the same
everywhere. A run carries its own checksum: what was changed by hand was not measured, and is refused.

An experiment declares what its run holds beside the measured series as a dataclass, and which function measures it:

    @dataclass(frozen=True)
    class Waiting(Payload, run="when_full/waiting"):
        servers: int

    @recorded_as(Waiting)
    def waiting() -> Run[Waiting]: ...

The dataclass then stands for the run: `load(Waiting)`, `overlay(Waiting, measure)`.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from lab.instruments.machine import MachineCard, card
from lab.instruments.timing import field as field_of
from lab.instruments.timing import spread, time_text

DIRECTORY = Path(__file__).resolve().parents[2] / "data" / "runs"


class Payload:
    """What a run holds beside its series: a dataclass of the experiment, whose fields are JSON's kinds of values.

    run  TOPIC/NAME, the path of the recorded run below data/runs without .json
    """

    run: ClassVar[str]
    # a text is no number, and a file that says more than the dataclass, at any depth, is not its run
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid")

    def __init_subclass__(cls, run: str) -> None:
        cls.run = run


P = TypeVar("P", bound=Payload)


@dataclass(frozen=True)
class Run(Generic[P]):
    """One measurement.

    what     was measured and how, in a sentence
    units    of each series
    series   name to values, in the order of measurement
    payload  what else a figure needs
    made_by  the command
    """

    what: str
    units: dict[str, str]
    series: dict[str, list[float]]
    payload: P
    machine: MachineCard = field(default_factory=card)
    made_by: str = "make record"

    def __post_init__(self) -> None:
        """ValueError where a series has no unit, or a unit no series."""
        if list(self.units) != list(self.series):
            raise ValueError(f"Run {self.name}: units for {list(self.units)}, series for {list(self.series)}.")

    @property
    def name(self) -> str:
        """TOPIC/NAME, which the payload's class holds."""
        return self.payload.run


EXPERIMENTS: dict[str, Callable[[], Run[Any]]] = {}
Measure = TypeVar("Measure", bound=Callable[..., Run[Any]])


def recorded_as(payload_type: type[Payload]) -> Callable[[Measure], Measure]:
    """Make the decorated function, called without arguments, the one with which `make record` measures that run.

    ValueError where another function measures it already.
    """

    def register(measure: Measure) -> Measure:
        registered = EXPERIMENTS.get(payload_type.run, measure)
        # a module that is loaded again brings the same function anew
        if (registered.__module__, registered.__qualname__) != (measure.__module__, measure.__qualname__):
            other = f"{registered.__module__}.{registered.__qualname__}"
            raise ValueError(f"{payload_type.run} is measured by {other} already.")
        EXPERIMENTS[payload_type.run] = measure
        return measure

    return register


def recorded_only() -> bool:
    """Whether measured figures show the recorded run only: LAB_RUN says so."""
    return os.environ.get("LAB_RUN") == "recorded"


def load(payload_type: type[P], directory: Path = DIRECTORY) -> Run[P]:
    """Return the recorded run that has such a payload.

    FileNotFoundError says which runs there are. ValueError: the file was changed by hand, is another run's, or has
    another form than the code of today reads.
    """
    path = directory / f"{payload_type.run}.json"
    if not path.exists():
        names = sorted(file.relative_to(directory).with_suffix("").as_posix() for file in directory.glob("*/*.json"))
        others = ", ".join(names) or "none"
        raise FileNotFoundError(
            f"No recorded run {payload_type.run} in {directory}, only: {others}. Make it: make record"
        )
    stored = json.loads(path.read_text(encoding="utf-8"))
    if "detail" in stored:
        raise ValueError(f"{path} is of an older form: bring it up to date with python -m book.authoring.convert_runs")
    if stored.get("name") != payload_type.run:
        raise ValueError(f"{path} holds the run {stored.get('name')}: was the file renamed or copied?")
    if stored.pop("checksum", None) != checksum(stored):
        raise ValueError(f"{path} is not as it was recorded: its checksum differs. Measure it anew with: make record")
    return Run(
        what=stored["what"],
        units=stored["units"],
        series=stored["series"],
        payload=read_payload(payload_type, stored["payload"], path),
        machine=MachineCard.from_json(stored["machine"]),
        made_by=stored["made_by"],
    )


def read_payload(payload_type: type[P], stored: dict[str, Any], path: Path) -> P:
    """Return the payload stored in the file `path` as its dataclass.

    ValueError says which of its fields are missing, have another form, or are none of the dataclass.
    """
    try:
        # from JSON text: it has no tuples and no dataclasses, and pydantic makes them
        return TypeAdapter(payload_type).validate_json(json.dumps(stored))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False)[:5]
        )
        raise ValueError(
            f"{path} has another form than {payload_type.__name__} ({faults}). Measure it anew with: make record"
        ) from None


def save(run: Run[Any], directory: Path = DIRECTORY) -> Path:
    """Write the run to TOPIC/NAME.json, whole or not at all, and return the path.

    Numbers keep four significant digits.
    """
    stored = rounded({"name": run.name, **asdict(run)})
    path = directory / f"{run.name}.json"
    write(stored, path)
    return path


def write(stored: dict[str, Any], path: Path) -> None:
    """Write a run as it is stored, with its checksum, whole or not at all."""
    text = _laid_out(stored | {"checksum": checksum(stored)})
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as part:
        part.write(text + "\n")
    Path(part.name).chmod(0o644)  # a temporary file is private
    Path(part.name).replace(path)


def checksum(stored: dict[str, Any]) -> str:
    """Return sixteen digits that change when anything in a stored run does."""
    return hashlib.sha256(_laid_out(stored).encode()).hexdigest()[:16]


def rounded(value: Any) -> Any:
    """Return JSON data with each float cut to four significant digits; what is counted stays whole."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(entry) for entry in value]
    return value


def _laid_out(value: Any, margin: str = "") -> str:
    """Return JSON with a line for each entry, and a list of numbers on one: a changed series is one changed line."""
    deeper = margin + " "
    if isinstance(value, dict) and value:
        entries = [f"{json.dumps(key)}: {_laid_out(entry, deeper)}" for key, entry in value.items()]
        left, right = "{}"
    elif isinstance(value, list) and any(isinstance(entry, dict | list) for entry in value):
        entries = [_laid_out(entry, deeper) for entry in value]
        left, right = "[]"
    else:
        return json.dumps(value, ensure_ascii=False)
    lines = f",\n{deeper}".join(entries)
    return f"{left}\n{deeper}{lines}\n{margin}{right}"


@dataclass(frozen=True)
class Overlay(Generic[P]):
    """The recorded run and the reader's own, of the same series."""

    recorded: Run[P]
    own: Run[P]

    def runs(self) -> list[Run[P]]:
        """Return what a figure draws: both, or the recorded run alone where figures must be the same everywhere."""
        return [self.recorded] if recorded_only() else [self.recorded, self.own]


def overlay(payload_type: type[P], measure: Callable[[], Run[P]], directory: Path = DIRECTORY) -> Overlay[P]:
    """Measure now, always, and return that beside the recorded run.

    ValueError where the two have other series or units: then the recorded run is out of date.
    """
    both = Overlay(load(payload_type, directory), measure())
    if both.recorded.units != both.own.units:
        raise ValueError(
            f"The recorded run {both.recorded.name} has series {both.recorded.units}, this one {both.own.units}:"
            " make record"
        )
    return both


def summary(run: Run[Any]) -> str:
    """Return what a cell has measured anew, without its times: the same in every run, so a cell prints it.

    A reader learns from it what their own run adds to the figure below, and the test of a notebook compares it.
    """
    return f"Measured anew when this cell ran:\n{contents(run)}"


def contents(run: Run[Any]) -> str:
    """Return each series with its number of values and their unit, a line each."""
    return "\n".join(
        f"{name}: {len(values)} value{'s' * (len(values) != 1)}, in {run.units[name]}"
        for name, values in run.series.items()
    )


def origin(run: Run[Any], name: str) -> str:
    """Return a sentence on where a recorded number comes from: a series' median, its spread, the machine.

    `name` is that of the series, whose values are seconds.
    """
    times = spread(run.series[name])
    return (
        f"{run.what}, {name}: {time_text(times.median)}, the median of {times.count} runs; the middle half of them lay"
        f" between {time_text(times.low)} and {time_text(times.high)}. Measured on {machine_of(run)}."
    )


def machine_of(run: Run[Any]) -> str:
    """Return what names the machine in a caption: processor, Python, operating system, each between marks."""
    card = run.machine
    return ", ".join(map(field_of, (card.processor, card.python, card.operating_system)))
