"""The explorer: from a model, a grid of controls and a drawing, a picture that a reader moves.

Python calls the model on every point of the grid and stores the answers as a table. The browser looks them up, so
the page needs neither a kernel nor the model written again.
"""

import itertools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import traitlets

from lab.drawing.book_figure import Drawing
from lab.drawing.moving import as_spec
from lab.widgets.stable_widget import StableWidget

FOLDER = Path(__file__).parent
MOST_CONTROLS = 3
MOST_POINTS = 2500
SIGNIFICANT_DIGITS = 4

Value = int | float | str
Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Control:
    """A setting for the reader: `values` in order, from `start`; `words` are shown in place of the values."""

    name: str
    label: str
    values: Sequence[Value]
    start: Value
    unit: str = ""
    words: Sequence[str] | None = None


@dataclass(frozen=True)
class Output:
    """A number of the model, shown with its unit, or in percent as a level, *full* from 100 % on.

    `missing` stands in place of None, which the model returns where it has no number.
    """

    name: str
    label: str
    unit: str = ""
    percent: bool = False
    missing: str = "not by this formula"


class Explorer(StableWidget):
    """A picture with controls.

    `model(**setting)` returns a dict: every output by its name (None where it has none), whatever `drawings` move,
    and, where there are `sentences`, under "sentence" the index of the one to show. `note` is small print.
    `played` names the control that a button moves on by itself, one value after the other, until its last.
    `measure(**setting)`, if given, measures anew and returns the number that is drawn as the reader's own run; its
    button is shown only where there is a kernel.

    value    the present setting by control, shared with the browser
    spec     what the browser draws; table  {output: [numbers, the last control running fastest]} as JSON
    """

    _esm = FOLDER / "explorer.js"
    _css = FOLDER / "explorer.css"
    spec = traitlets.Dict().tag(sync=True)
    table = traitlets.Unicode().tag(sync=True)
    value = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        name: str,
        title: str,
        model: Callable[..., Answer],
        controls: Sequence[Control],
        outputs: Sequence[Output],
        drawings: Mapping[str, Drawing],
        sentences: Sequence[str] = (),
        note: str = "",
        measure: Callable[..., float] | None = None,
        played: str | None = None,
    ) -> None:
        check_controls(controls)
        if played is not None and played not in [control.name for control in controls]:
            raise ValueError(f"{played} is to be played, and is none of the controls")
        self.name = name
        self._measure = measure
        spec = {
            "title": title,
            "controls": [asdict(control) for control in controls],
            "outputs": [asdict(output) for output in outputs],
            "drawings": {layout: drawing_spec(drawing) for layout, drawing in drawings.items()},
            "sentences": list(sentences),
            "note": note,
            "measure": measure is not None,
            "played": played,
        }
        # as JSON gives it back: lists for tuples, so that the stored state and this one are equal
        spec = json.loads(json.dumps(spec))
        value = {control.name: control.start for control in controls}
        super().__init__(f"explorer/{name}", spec=spec, table=json.dumps(table_of(model, controls)), value=value)
        self.on_msg(self._receive)

    def at(self, **setting: Value) -> dict[str, Any]:
        """Return the outputs at a setting, by name: controls that it leaves out keep their present value.

        ValueError for a value that the grid does not have.
        """
        place = 0
        for control in self.spec["controls"]:
            value = setting.get(control["name"], self.value[control["name"]])
            if value not in control["values"]:
                raise ValueError(f"{control['label']} has no value {value!r}, only {control['values']}")
            place = place * len(control["values"]) + control["values"].index(value)
        return {output: column[place] for output, column in json.loads(self.table).items()}

    @traitlets.validate("value")
    def _valid_value(self, proposal: Any) -> dict[str, Value]:
        return self._on_the_grid(proposal["value"])

    def _on_the_grid(self, proposal: Mapping[str, Value]) -> dict[str, Value]:
        """Refuse a setting that does not give every control one of its values: TraitError says which one."""
        setting = dict(proposal)
        values = {control["name"]: control["values"] for control in self.spec["controls"]}
        if setting.keys() != values.keys():
            raise traitlets.TraitError(f"a setting names {', '.join(values)}, not {', '.join(setting) or 'nothing'}")
        for name, value in setting.items():
            if value not in values[name]:
                raise traitlets.TraitError(f"{name} has no value {value!r}, only {values[name]}")
        return setting

    def _receive(self, widget: object, content: dict[str, Any], buffers: object) -> None:
        """Answer the page's question whether a kernel is there, or measure where the reader presses *Measure again*.

        The page says at which setting, and the answer says it too: the reader may have moved on meanwhile.
        """
        if self._measure is None:
            return
        if content.get("ask") == "kernel":
            self.send({"kernel": True})
        if content.get("ask") != "measure":
            return
        try:
            setting = self._on_the_grid(content.get("setting", self.value))
            measured = float(self._measure(**setting))
        except KeyboardInterrupt:
            self.send({"error": "The measurement was interrupted."})
        except Exception as error:  # whatever went wrong, the reader is to read it
            self.send({"error": f"{type(error).__name__}: {error}"})
        else:
            if math.isfinite(measured):
                self.send({"measured": measured, "setting": setting})
            else:
                self.send({"error": f"The measurement gave no number, but {measured}."})

    def __repr__(self) -> str:
        setting = ", ".join(f"{control['label']} {self.value[control['name']]}" for control in self.spec["controls"])
        row = self.at()
        gives = ", ".join(f"{output['label']} {row[output['name']]}" for output in self.spec["outputs"])
        points = math.prod(len(control["values"]) for control in self.spec["controls"])
        return (
            f"explorer {self.name}: {self.spec['title']}. {setting}: {gives}."
            f" {points} settings, checksum {self.checksum}"
        )


def drawing_spec(drawing: Drawing) -> dict[str, Any]:
    """Return a drawing as the browser reads it."""
    return {
        "svg": drawing.svg,
        "width": drawing.width,
        "height": drawing.height,
        "moving": [as_spec(part) for part in drawing.moving],
    }


def check_controls(controls: Sequence[Control]) -> None:
    """Raise ValueError for a grid that is too large, a start that is none of the values, and words that do not fit."""
    if not 1 <= len(controls) <= MOST_CONTROLS:
        raise ValueError(f"an explorer has 1 to {MOST_CONTROLS} controls, not {len(controls)}")
    points = math.prod(len(control.values) for control in controls)
    if points > MOST_POINTS:
        raise ValueError(f"{points} settings are too many to send with a page: at the most {MOST_POINTS}")
    for control in controls:
        if control.start not in control.values:
            raise ValueError(f"{control.name} starts at {control.start!r}, which is none of its values")
        if control.words is not None and len(control.words) != len(control.values):
            raise ValueError(f"{control.name} has {len(control.values)} values and {len(control.words)} words")


def table_of(model: Callable[..., Answer], controls: Sequence[Control]) -> dict[str, list[Any]]:
    """Return the model's answers on the whole grid, by output: a value each, the last control running fastest."""
    names = [control.name for control in controls]
    answers = [
        model(**dict(zip(names, setting, strict=True)))
        for setting in itertools.product(*(control.values for control in controls))
    ]
    return {output: [shorten(answer[output]) for answer in answers] for output in answers[0]}


def shorten(value: Any) -> Any:
    """Return a number as it is sent: an int as it is, a float with four significant digits, None if it is not finite.

    A share that is short of 1 stays short of 1: it would else be shown as certain, or as full. A list, which only a
    drawing can show, is sent as it is.
    """
    if value is None or isinstance(value, int | list):
        return value
    rounded = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if not math.isfinite(rounded):  # the largest finite numbers, rounded up, are not either
        return None
    return 1 - 10**-SIGNIFICANT_DIGITS if value < 1 <= rounded else rounded
