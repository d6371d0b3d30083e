"""Recorded runs: times that were measured once, with the card of the machine, and are drawn beside the reader's own.

A run is a file data/runs/TOPIC/NAME.json. `make record` alone writes it. LAB_RUN=recorded, set where notebooks are
executed for keeps, makes measured figures show the recorded run only, so that they are the same everywhere. A run
carries its own checksum: what was changed by hand was not measured, and is refused.

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

from pydantic import TypeAdapter, ValidationError

from lab.instruments.machine import MachineCard, card
from lab.instruments.timing import field as field_of
from lab.instruments.timing import spread, time_text

DIRECTORY = Path(__file__).resolve().parents[2] / "data" / "runs"


class Payload:
    """What a run holds beside its series: a dataclass of the experiment, whose fields are JSON's kinds of values.

    run  TOPIC/NAME, the path of the recorded run below data/runs without .json
    """

    run: ClassVar[str]

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
        """Each series has its unit. ValueError otherwise."""
        if list(self.units) != list(self.series):
            raise ValueError(f"Run {self.name}: units for {list(self.units)}, series for {list(self.series)}.")

    @property
    def name(self) -> str:
        """TOPIC/NAME, as its payload says it."""
        return self.payload.run


EXPERIMENTS: dict[str, Callable[[], Run[Any]]] = {}
Measure = TypeVar("Measure", bound=Callable[..., Run[Any]])


def recorded_as(payload: type[Payload]) -> Callable[[Measure], Measure]:
    """Make the decorated function, called without arguments, the one with which `make record` measures that run."""

    def register(measure: Measure) -> Measure:
        EXPERIMENTS[payload.run] = measure
        return measure

    return register


def recorded_only() -> bool:
    """Whether measured figures are to show the recorded run only."""
    return os.environ.get("LAB_RUN") == "recorded"


def load(payload: type[P], directory: Path = DIRECTORY) -> Run[P]:
    """Return the recorded run that has such a payload.

    FileNotFoundError says which runs there are. ValueError: the file was changed by hand, or has another form than the
    code of today reads.
    """
    path = directory / f"{payload.run}.json"
    if not path.exists():
        there = ", ".join(sorted(file.relative_to(directory).with_suffix("").as_posix()
                                 for file in directory.glob("*/*.json"))) or "none"  # fmt: skip
        raise FileNotFoundError(f"No recorded run {payload.run} in {directory}, only: {there}. Make it: make record")
    stored = json.loads(path.read_text(encoding="utf-8"))
    if "detail" in stored:
        raise ValueError(f"{path} is of an older form: bring it up to date with python -m book.authoring.convert_runs")
    if stored.pop("checksum", None) != checksum(stored):
        raise ValueError(f"{path} is not as it was recorded: its checksum differs. Measure it anew with: make record")
    return Run(
        what=stored["what"],
        units=stored["units"],
        series=stored["series"],
        payload=read_payload(payload, stored["payload"], path),
        machine=MachineCard.from_json(stored["machine"]),
        made_by=stored["made_by"],
    )


def read_payload(payload: type[P], stored: dict[str, Any], path: Path) -> P:
    """Return a stored payload as its dataclass. ValueError says which of its fields has another form."""
    try:
        # pydantic, as JSON gives no tuples and no dataclasses within dataclasses; strict, as a text is no number
        return TypeAdapter(payload).validate_json(json.dumps(stored), strict=True)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False)[:5]
        )
        raise ValueError(
            f"{path} has another form than {payload.__name__} ({wrong}). Measure it anew with: make record"
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
    """Sixteen digits that change when anything in a stored run does."""
    return hashlib.sha256(_laid_out(stored).encode()).hexdigest()[:16]


def rounded(value: Any) -> Any:
    """Return JSON data with each float cut to four significant digits; what is counted stays whole."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each) for each in value]
    return value


def _laid_out(value: Any, margin: str = "") -> str:
    """JSON with a line for each entry, and a list of numbers on one line: a changed series is one changed line."""
    deeper = margin + " "
    if isinstance(value, dict) and value:
        entries = [f"{json.dumps(key)}: {_laid_out(each, deeper)}" for key, each in value.items()]
        opened, closed = "{}"
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        entries = [_laid_out(each, deeper) for each in value]
        opened, closed = "[]"
    else:
        return json.dumps(value, ensure_ascii=False)
    lines = f",\n{deeper}".join(entries)
    return f"{opened}\n{deeper}{lines}\n{margin}{closed}"


@dataclass(frozen=True)
class Overlay(Generic[P]):
    """The recorded run and the reader's own, of the same series."""

    recorded: Run[P]
    own: Run[P]

    def runs(self) -> list[Run[P]]:
        """What a figure draws: both, or the recorded run alone where figures must be the same everywhere."""
        return [self.recorded] if recorded_only() else [self.recorded, self.own]


def overlay(payload: type[P], measure: Callable[[], Run[P]], directory: Path = DIRECTORY) -> Overlay[P]:
    """Measure now, always, and return that beside the recorded run.

    ValueError where the two have other series or units: then the recorded run is out of date.
    """
    both = Overlay(load(payload, directory), measure())
    if both.recorded.units != both.own.units:
        raise ValueError(
            f"The recorded run {payload.run} has series {both.recorded.units}, this one {both.own.units}: make record"
        )
    return both


def summary(run: Run[Any]) -> str:
    """Return what a cell has measured anew, without its times: the same in every run, so it is printed and compared.

    A reader learns from it what their own run adds to the figure below.
    """
    return f"Measured anew when this cell ran:\n{contents(run)}"


def contents(run: Run[Any]) -> str:
    """Return each series with its number of values and their unit, a line each."""
    return "\n".join(
        f"{name}: {len(values)} value{'s' * (len(values) != 1)}, in {run.units[name]}"
        for name, values in run.series.items()
    )


def origin(run: Run[Any], name: str) -> str:
    """Return a sentence that says where a recorded number comes from: a series' median, its spread, the machine."""
    times = spread(run.series[name])
    return (
        f"{run.what}, {name}: {time_text(times.median)}, the median of {times.count} runs; the middle half of them lay"
        f" between {time_text(times.low)} and {time_text(times.high)}. Measured on {machine_of(run)}."
    )


def machine_of(run: Run[Any]) -> str:
    """Return what names the machine in a caption: processor, Python, operating system, each between marks."""
    card = run.machine
    return ", ".join(field_of(each) for each in (card.processor, card.python, card.operating_system))
