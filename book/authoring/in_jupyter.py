"""What a notebook needs to be read in Jupyter, apart from its page; no kernel is started, no output changes.

    python -m book.authoring.in_jupyter [--check] [NOTEBOOK ...]

It writes the first cell, which says where the notebook belongs and how it runs; the titles of the links to words and
sources; and into the metadata what the page folds, so that JupyterLab collapses it too. `make refresh` does it first.
With --check nothing is written, and the exit code is 1 where something would have been.
"""

import argparse
import sys
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from book.authoring import environment, stored, titles
from book.authoring.environment import ROOT
from book.site.contents import chapter_number
from book.site.plain_forms import IN_JUPYTER

FIRST_CELL = """> **Scale from Zero**, {part}. This notebook runs in the book's own folder, which holds the packages
> that it imports, `lab` and `mysite`{address}. The README there begins with two commands.
>
> In Jupyter choose *Run*, then *Run All Cells*. Where a sentence stands in a figure's place, the notebook is not
> trusted yet: run it, or choose *Trust Notebook* in the command palette."""
# By tag: the key in the metadata by which JupyterLab collapses a cell's code or its outputs
COLLAPSED = {"hide-input": "source_hidden", "remove-input": "source_hidden", "hide-output": "outputs_hidden"}
# Of the language, what makes nbconvert write a script with the right name; versions differ from machine to machine
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}


def address(configuration: Path = ROOT / "_config.yml") -> str:
    """Where the book can be cloned from; nothing before it is published."""
    return yaml.safe_load(configuration.read_text("utf-8"))["repository"]["url"]


def first_cell(path: Path, clone: str) -> str:
    """The first cell of the notebook at a path; `clone` is the book's address, or nothing."""
    number = chapter_number(f"chapters/{path.stem}")
    part = f"chapter {int(number)}" if number else "the cover"
    return FIRST_CELL.format(part=part, address=f": `git clone {clone}`" if clone else "")


def begin(notebook: NotebookNode, text: str) -> None:
    """Put the text into the notebook's first cell, before all that the page shows."""
    first = notebook.cells[0]
    if IN_JUPYTER not in first.metadata.get("tags", []):
        first = new_markdown_cell(id=IN_JUPYTER, metadata={"tags": [IN_JUPYTER]})
        notebook.cells.insert(0, first)
    first.source = text


def collapse(notebook: NotebookNode) -> None:
    """Collapse in JupyterLab what the page folds or leaves out, and nothing else."""
    for cell in notebook.cells:
        keys = {COLLAPSED[tag] for tag in cell.metadata.get("tags", []) if tag in COLLAPSED}
        cell.metadata.pop("jupyter", None)
        if keys:
            cell.metadata["jupyter"] = dict.fromkeys(sorted(keys), True)


def prepare(notebook: NotebookNode, path: Path, clone: str) -> None:
    """Write all that this module's first lines name into the notebook at a path."""
    words = titles.meanings(ROOT / "book" / "glossary.md")
    sources = titles.sources(ROOT / "book" / "references.bib")
    begin(notebook, first_cell(path, clone))
    collapse(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = titles.titled(cell.source, words, sources)
    notebook.metadata["language_info"] = LANGUAGE


def renew(path: Path, *, check: bool = False) -> bool:
    """Prepare one stored notebook; True where its text changed (with `check`: would have)."""
    notebook = nbformat.read(path, as_version=4)
    prepare(notebook, path, address())
    return stored.renew(path, notebook, check=check)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.in_jupyter",
        description="Give the notebooks what they need to be read in Jupyter, apart from their pages.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something would change")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    changed = [path.name for path in options.notebooks or environment.notebooks() if renew(path, check=options.check)]
    print(f"prepared for Jupyter: {', '.join(changed) or 'nothing has changed'}")
    return int(options.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
