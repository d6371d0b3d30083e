"""make scripts: give the stored widgets the scripts and sheets of today; no kernel is started, no output changes.

    python -m book.authoring.scripts [--check] [NOTEBOOK ...]

A stored notebook keeps the scripts of its widgets, so that JupyterLab shows them before the first run. With --check
nothing is written, and the exit code is 1 where something would have been.
"""

import argparse
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from book.authoring import environment, stored
from book.site.widgets import WIDGET_STATE
from lab.widgets.stable_widget import SOURCES, UnknownWidget, class_of, text_of


def renew(notebook: NotebookNode) -> None:
    """Put scripts and sheets of today into the stored states. UnknownWidget names the state that none belongs to."""
    states = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    for model, widget in states.items():
        state = widget["state"]
        if widget["model_module"] != "anywidget":
            continue
        try:
            files = class_of(state).files
        except UnknownWidget as error:
            raise UnknownWidget(f"widget {model}: {error}") from None
        for part in SOURCES:
            state.pop(part, None)
        state.update({part: text_of(*texts) for part, texts in files.items()})


def renew_stored(path: Path, *, check: bool = False) -> bool:
    """Renew the scripts of one notebook; True where its text changed (with `check`: would have)."""
    notebook = nbformat.read(path, as_version=4)
    renew(notebook)
    return stored.renew(path, notebook, check=check)


def main(arguments: list[str] | None = None) -> int:
    """The command line; a notebook with an unknown widget is left as it is, and makes the exit code 1."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.scripts", description="Give the stored widgets the scripts and sheets of today."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something would change")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    exit_code = 0
    for path in options.notebooks or environment.notebooks():
        try:
            differs = renew_stored(path, check=options.check)
        except UnknownWidget as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            exit_code = 1
            continue
        print(f"{path.name}: scripts {'changed' if differs else 'unchanged'}")
        if differs and options.check:
            exit_code = 1
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
