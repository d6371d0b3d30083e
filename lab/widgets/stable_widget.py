"""A widget that is stored as the same bytes on every run."""

import hashlib
import json
import textwrap
import zlib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import ipywidgets

from lab.drawing.colours import in_jupyterlab

# The traits with what the lab's widgets show and hold; the rest of a stored state is script, sheet and layout.
CONTENT = ("spec", "table", "value", "answers", "guess", "typed")
# Under these names a stored state has its script and its sheet. What a widget prints and shows does not know them.
SOURCES = ("_esm", "_css")
TEXT_WIDTH = 80  # characters: JupyterLab breaks a longer line of a text within a word
# What a notebook gets besides a widget's sheet, whose colours are light where no page sets them
IN_JUPYTERLAB = in_jupyterlab(".explorer,.exercise-box")
# The open widgets by identity. One identity is one widget: a cell that is run again replaces its own.
open_widgets: dict[str, "StableWidget"] = {}


class UnknownWidget(LookupError):
    """A stored state of a widget that is none of ours; the message says what to do."""


class StableWidget(anywidget.AnyWidget):
    """An anywidget whose model ids follow from `identity`, a name that is unique in a notebook.

    A class names the files of its script and its sheet, `_esm` and `_css`: a path each, or several, of which the last
    one is its own and the others are shared.
    """

    files: ClassVar[Mapping[str, tuple[Path, ...]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put what stands in the files of a class in the place of their paths."""
        # anywidget makes a class of each widget, in which they are traits
        named = {part: vars(cls)[part] for part in SOURCES if isinstance(vars(cls).get(part), Path | tuple)}
        own = {part: (files,) if isinstance(files, Path) else files for part, files in named.items()}
        cls.files = {**cls.files, **own}
        for part, files in own.items():
            setattr(cls, part, text_of(*files))
        super().__init_subclass__(**kwargs)

    def __init__(self, identity: str, **traits: Any) -> None:
        if identity in open_widgets:
            # two models with one id would both answer the page, and the end of the first would close the second
            open_widgets[identity].close()
        digest = hashlib.sha256(identity.encode()).hexdigest()
        super().__init__(model_id=digest[:32], layout=ipywidgets.Layout(model_id=digest[32:]), **traits)
        open_widgets[identity] = self

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """As anywidget has it; what stands where no widget can be shown is in lines that break between words."""
        data, metadata = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        return {**data, "text/plain": in_lines(repr(self))}, metadata

    @property
    def checksum(self) -> str:
        """The checksum of the widget's content. Its text carries it, and so speaks for the stored state."""
        return checksum(self.get_state())

    def close(self) -> None:
        """Close the model and its layout, which has an id of its own."""
        self.layout.close()
        super().close()


def checksum(state: Mapping[str, Any]) -> str:
    """Return eight digits that change with the content of a widget of this state."""
    content = {name: state[name] for name in CONTENT if name in state}
    return f"{zlib.crc32(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()):08x}"


def in_lines(text: str) -> str:
    """Return a text with its long lines broken between words; what was one line keeps its indent."""
    lines = [(line, " " * (len(line) - len(line.lstrip()) + 2)) for line in text.splitlines()]
    return "\n".join(textwrap.fill(line, TEXT_WIDTH, subsequent_indent=indent) for line, indent in lines)


def class_of(state: Mapping[str, Any]) -> type[StableWidget]:
    """The class of a stored state, by the name that anywidget keeps in it, as "lab.widgets.explorer.Explorer".

    UnknownWidget where there is no such class, or no such class any more.
    """
    identity = state.get("_anywidget_id", "")
    module, _, name = identity.rpartition(".")
    try:
        kind = getattr(import_module(module), name, None)
    except (ModuleNotFoundError, ValueError):  # ValueError: a name without a module
        kind = None
    if not (isinstance(kind, type) and issubclass(kind, StableWidget)):
        raise UnknownWidget(f"no widget of ours is called {identity!r}; if it was moved or renamed: make refresh")
    return kind


def text_of(*files: Path) -> str:
    """A script or a sheet as a notebook has it: what is shared, then what is its own."""
    text = "".join(file.read_text("utf-8") for file in files)
    return f"{text}{IN_JUPYTERLAB}\n" if files[-1].suffix == ".css" else text
