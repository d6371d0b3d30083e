"""Recorded runs: times that were measured once, with the card of the machine, and are drawn beside the reader's own.

A run is a file data/runs/NAME.json. `make record` alone writes it. LAB_RUN=recorded, set where notebooks are
executed for keeps, makes measured figures show the recorded run only, so that they are the same everywhere. A run
carries its own checksum: what was changed by hand was not measured, and is refused.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lab.machine import MachineCard, card
from lab.timing import field as field_of
from lab.timing import shown, spread

DIRECTORY = Path(__file__).resolve().parent.parent / "data" / "runs"


@dataclass(frozen=True)
class Run:
    """One measurement.

    name     of the file, without .json
    what     was measured and how, in a sentence
    units    of each series
    series   name to values, in the order of measurement
    made_by  the command
    detail   what else a figure needs, as JSON can hold it
    """

    name: str
    what: str
    units: dict[str, str]
    series: dict[str, list[float]]
    machine: MachineCard = field(default_factory=card)
    made_by: str = "make record"
    detail: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Each series has its unit. ValueError otherwise."""
        if list(self.units) != list(self.series):
            raise ValueError(f"Run {self.name}: units for {list(self.units)}, series for {list(self.series)}.")


def recorded() -> bool:
    """Whether measured figures are to show the recorded run only."""
    return os.environ.get("LAB_RUN") == "recorded"


def load(name: str, directory: Path = DIRECTORY) -> Run:
    """Return the recorded run of that name. FileNotFoundError says which there are; ValueError: changed by hand."""
    path = directory / f"{name}.json"
    if not path.exists():
        there = ", ".join(sorted(each.stem for each in directory.glob("*.json"))) or "none"
        raise FileNotFoundError(f"No recorded run {name} in {directory}, only: {there}. Make it with: make record")
    stored = json.loads(path.read_text(encoding="utf-8"))
    if stored.pop("checksum", None) != checksum(stored):
        raise ValueError(f"{path} is not as it was recorded: its checksum differs. Measure it anew with: make record")
    return Run(**stored | {"machine": MachineCard.from_json(stored["machine"])})


def save(run: Run, directory: Path = DIRECTORY) -> Path:
    """Write the run to NAME.json, whole or not at all, and return the path. Numbers keep four significant digits."""
    stored = rounded(asdict(run))
    text = _laid_out(stored | {"checksum": checksum(stored)})
    path = directory / f"{run.name}.json"
    with tempfile.NamedTemporaryFile("w", dir=directory, encoding="utf-8", delete=False) as part:
        part.write(text + "\n")
    Path(part.name).chmod(0o644)  # a temporary file is private
    Path(part.name).replace(path)
    return path


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
class Overlay:
    """The recorded run and the reader's own, of the same series."""

    recorded: Run
    own: Run

    def drawn(self) -> list[Run]:
        """What a figure draws: both, or the recorded run alone where figures must be the same everywhere."""
        return [self.recorded] if recorded() else [self.recorded, self.own]


def overlay(name: str, measure: Callable[[], Run], directory: Path = DIRECTORY) -> Overlay:
    """Measure now, always, and return that beside the recorded run.

    ValueError where the two have other series or units: then the recorded run is out of date.
    """
    both = Overlay(load(name, directory), measure())
    if both.recorded.units != both.own.units:
        raise ValueError(
            f"The recorded run {name} has series {both.recorded.units}, this one {both.own.units}: make record"
        )
    return both


def summary(run: Run) -> str:
    """Return what a cell has measured anew, without its times: the same in every run, so it is printed and compared.

    A reader learns from it what their own run adds to the figure below.
    """
    return f"Measured anew when this cell ran:\n{contents(run)}"


def contents(run: Run) -> str:
    """Return each series with its number of values and their unit, a line each."""
    return "\n".join(
        f"{name}: {len(values)} value{'s' * (len(values) != 1)}, in {run.units[name]}"
        for name, values in run.series.items()
    )


def origin(run: Run, name: str) -> str:
    """Return a sentence that says where a recorded number comes from: a series' median, its spread, the machine."""
    times = spread(run.series[name])
    return (
        f"{run.what}, {name}: {shown(times.median)}, the median of {times.count} runs; the middle half of them lay"
        f" between {shown(times.low)} and {shown(times.high)}. Measured on {machine_of(run)}."
    )


def machine_of(run: Run) -> str:
    """Return what names the machine in a caption: processor, Python, operating system, each between marks."""
    card = run.machine
    return ", ".join(field_of(each) for each in (card.processor, card.python, card.operating_system))
