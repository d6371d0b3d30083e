"""A reader's guess, committed before the measurement, and its comparison with the number that was measured.

`predict` shows a field for a number, `compare` further down shows guess and measurement. They find each other by
name: in the page alone through the script that they share, with a kernel through `guesses` too.
"""

import math
from pathlib import Path
from typing import Any

import traitlets

from lab.widgets import stable_widget
from lab.widgets.stable_widget import StableWidget

FOLDER = Path(__file__).parent
Number = int | float
# Where the number comes from that a guess is compared with: what a model computes or a replay gives is not measured.
HOW = ("measured", "computed", "replayed")

# The guesses that were committed in this kernel, by name. A commitment outlasts its cell being run again.
guesses: dict[str, float] = {}


class Prediction(StableWidget):
    """A question with a field for a number, which locks when it is committed. guess: the number, or None."""

    _esm = FOLDER / "prediction.js"
    _css = FOLDER / "exercises.css"
    spec = traitlets.Dict().tag(sync=True)
    guess = traitlets.Float(allow_none=True).tag(sync=True)

    def __init__(self, name: str, question: str, unit: str) -> None:
        self.name, self.question, self.unit = name, question, unit
        spec = {"kind": "predict", "name": name, "question": question, "unit": unit}
        super().__init__(f"predict/{name}", spec=spec, guess=guesses.get(name))

    @traitlets.observe("guess")
    def _commit(self, change: Any) -> None:
        if change.new is None:
            return
        guesses[self.name] = change.new
        comparison = stable_widget.open_widgets.get(f"compare/{self.name}")
        if isinstance(comparison, Comparison):
            comparison.guess = change.new

    def __repr__(self) -> str:
        return f"predict {self.name}: {self.question} ({self.unit}; checksum {self.checksum})"


class Comparison(StableWidget):
    """A committed guess beside the number that it is for. guess: the number, or None where none was committed."""

    _esm = FOLDER / "prediction.js"
    _css = FOLDER / "exercises.css"
    spec = traitlets.Dict().tag(sync=True)
    guess = traitlets.Float(allow_none=True).tag(sync=True)

    def __init__(self, name: str, measured: Number, unit: str, note: str, how: str = "measured") -> None:
        self.name, self.measured, self.unit, self.note, self.how = name, measured, unit, note, how
        spec = {"kind": "compare", "name": name, "measured": measured, "unit": unit, "note": note, "how": how}
        super().__init__(f"compare/{name}", spec=spec, guess=guesses.get(name))

    def __repr__(self) -> str:
        number = f"{self.how} {amount(self.measured, self.unit)}"
        return f"compare {self.name}: {number} (checksum {self.checksum}). {self.note}".rstrip()


def predict(name: str, question: str, unit: str) -> Prediction:
    """Ask for a number. `name` is unique in the chapter, `unit` is what the number counts, such as "bytes"."""
    _require_text(name=name, question=question, unit=unit)
    return Prediction(name, question, unit)


def compare(name: str, measured: Number, unit: str, note: str = "", *, how: str = "measured") -> Comparison:
    """Show the guess committed under `name` beside `measured`, in the same unit; `note` says where it comes from.

    `how` is the word for it: "measured", "computed" by a model, or "replayed". ValueError for another one.
    """
    _require_text(name=name, unit=unit)
    if how not in HOW:
        raise ValueError(f"A number is {', '.join(HOW[:-1])} or {HOW[-1]}, not {how!r}.")
    if isinstance(measured, bool) or not isinstance(measured, int | float) or not math.isfinite(measured):
        raise ValueError(f"What was measured has to be a finite number, not {measured!r}.")
    return Comparison(name, measured, unit, note, how)


def amount(value: Number, unit: str) -> str:
    """Return a value with its unit, as in "1,024 bytes" or "1 byte", with four decimals at most."""
    return f"{round(value, 4):,} {unit.removesuffix('s') if value == 1 and len(unit) > 1 else unit}"


def _require_text(**texts: str) -> None:
    for what, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"The {what} has to be a text, not {text!r}.")
