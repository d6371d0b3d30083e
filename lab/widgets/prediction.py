"""A reader's guess, committed before the measurement, and its comparison with what was measured.

`predict` shows a field for a number, or options; `compare` further down shows guess and measurement. They find each
other by name: in the page alone through the script that they share, with a kernel through `guesses` too.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import traitlets

from lab.widgets import stable_widget
from lab.widgets.stable_widget import StableWidget

FOLDER = Path(__file__).parent
Number = int | float
# Where the number comes from that a guess is compared with: what a model computes or a replay gives is not measured.
HOW = ("measured", "computed", "replayed")
FEWEST_OPTIONS = 2

# The guesses that were committed in this kernel, by name. A commitment outlasts its cell being run again.
guesses: dict[str, float] = {}


class Prediction(StableWidget):
    """A question with a field for a number, which locks when it is committed.

    guess   the number, the position of the option that was chosen (0 is the first), or None
    """

    _esm = (FOLDER / "elements.js", FOLDER / "numbers.js", FOLDER / "prediction.js")
    _css = FOLDER / "exercises.css"
    spec = traitlets.Dict().tag(sync=True)
    guess = traitlets.Float(allow_none=True).tag(sync=True)

    def __init__(self, name: str, question: str, unit: str, options: Sequence[str] = ()) -> None:
        self.name, self.question, self.unit, self.options = name, question, unit, tuple(options)
        spec: dict[str, Any] = {"kind": "predict", "name": name, "question": question, "unit": unit}
        if options:
            spec["options"] = list(options)
        super().__init__(f"predict/{name}", spec=spec, guess=guesses.get(name))

    @traitlets.observe("guess")
    def _commit(self, change: Any) -> None:
        if change.new is None:  # the reader took it back
            guesses.pop(self.name, None)
        else:
            guesses[self.name] = change.new
        comparison = stable_widget.open_widgets.get(f"compare/{self.name}")
        if isinstance(comparison, Comparison):
            comparison.guess = change.new

    def __repr__(self) -> str:
        form = "; ".join(self.options) or self.unit
        return f"predict {self.name}: {self.question} ({form}; checksum {self.checksum})"


class Comparison(StableWidget):
    """A committed guess beside what it is for. guess: as in Prediction, None where none was committed."""

    _esm = (FOLDER / "elements.js", FOLDER / "numbers.js", FOLDER / "prediction.js")
    _css = FOLDER / "exercises.css"
    spec = traitlets.Dict().tag(sync=True)
    guess = traitlets.Float(allow_none=True).tag(sync=True)

    def __init__(self, name: str, note: str, how: str, measured: Number, answer: str, **content: Any) -> None:
        self.name, self.note, self.how, self.answer = name, note, how, answer
        spec = {"kind": "compare", "name": name, "measured": measured, "note": note, "how": how, **content}
        super().__init__(f"compare/{name}", spec=spec, guess=guesses.get(name))

    def __repr__(self) -> str:
        return f"compare {self.name}: {self.how} {self.answer} (checksum {self.checksum}). {self.note}".rstrip()


def predict(name: str, question: str, unit: str = "", *, options: Sequence[str] = ()) -> Prediction:
    """Ask for a number, or for one of the options. `name` is unique in the chapter.

    `unit` is what the number counts, such as "bytes". ValueError where there is neither a unit nor two options.
    """
    _require_text(name=name, question=question)
    if options:
        _require_options(options)
    _require_text(**({} if options else {"unit": unit}))
    return Prediction(name, question, "" if options else unit, options)


def compare(
    name: str, measured: Number | str, unit: str = "", note: str = "", *,
    how: str = "measured", digits: int | None = None, options: Sequence[str] = (),
) -> Comparison:
    """Show the guess committed under `name` beside `measured`; `note` says where it comes from.

    `measured` is a number in the prediction's unit, shown with so many `digits` behind the point where that is given: a
    guess counts as right that rounds to the same. Where the prediction has options it is one of them.
    `how` is the word for it: "measured", "computed" by a model, or "replayed". ValueError for another one.
    """
    _require_text(name=name)
    if how not in HOW:
        raise ValueError(f"A number is {', '.join(HOW[:-1])} or {HOW[-1]}, not {how!r}.")
    if options:
        _require_options(options)
        if measured not in options:
            raise ValueError(f"{measured!r} is none of the options: {', '.join(options)}.")
        return Comparison(name, note, how, options.index(str(measured)), str(measured), options=list(options))
    _require_text(unit=unit)
    if isinstance(measured, bool) or not isinstance(measured, int | float) or not math.isfinite(measured):
        raise ValueError(f"What was measured has to be a finite number, not {measured!r}.")
    rounded = measured if digits is None else round(measured, digits or None)
    step = 0 if digits is None else 10**-digits
    return Comparison(name, note, how, rounded, amount(rounded, unit), unit=unit, exact=measured, step=step)


def amount(value: Number, unit: str) -> str:
    """Return a value with its unit, as in "1,024 bytes" or "1 byte", with four decimals at most."""
    return f"{round(value, 4):,} {unit.removesuffix('s') if value == 1 and len(unit) > 1 else unit}"


def _require_text(**texts: str) -> None:
    for what, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"The {what} has to be a text, not {text!r}.")


def _require_options(options: Sequence[str]) -> None:
    if len(options) < FEWEST_OPTIONS or len(set(options)) != len(options):
        raise ValueError(f"A prediction has a unit, or {FEWEST_OPTIONS} options or more that differ, not {options!r}.")
    for option in options:
        _require_text(option=option)
