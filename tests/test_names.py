"""Names are the field's own nouns: words that say nothing of what a thing is name nothing here (STYLE.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from book.authoring.environment import notebooks
from book.authoring.new_chapter import NOTEBOOK

ROOT = Path(__file__).resolve().parents[1]
# a participle says what was done to a thing, and not what it is; `each` says not even that
BANNED = frozenset(
    {
        "asked", "begun", "came", "done", "drawn", "each", "ended", "found",
        "given", "heard", "held", "kept", "made", "opened", "placed", "said",
        "seen", "sent", "shown", "taken", "told", "wanted",
    }
)
MODULES = sorted(
    path for path in ROOT.rglob("*.py")
    if not {".venv", "_build", "node_modules", ".git", "mine"} & set(path.relative_to(ROOT).parts)
)  # fmt: skip


def bindings(source: str) -> Iterator[tuple[str, int]]:
    """Every name that a source binds, with its line: variables, parameters, functions, classes, aliases."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, 0
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, node.lineno


def banned(source: str) -> list[str]:
    """The bindings of a source that say nothing, as "name, line 3"."""
    return [f"{name}, line {line}" for name, line in bindings(source) if name.strip("_") in BANNED]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_name_says_nothing(path):
    assert banned(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", [*notebooks(), NOTEBOOK], ids=lambda path: path.stem)
def test_no_name_of_a_cell_says_nothing(path):
    cells = nbformat.read(path, as_version=4).cells
    assert [(cell.id, banned(cell.source)) for cell in cells if cell.cell_type == "code" and banned(cell.source)] == []


@pytest.mark.parametrize(
    "source",
    ["found = 1", "for each in x: pass", "def told(): pass", "def f(asked): pass", "[said for said in x]",
     "import os as done", "with x as opened: pass", "(seen := 1)"],
)  # fmt: skip
def test_a_banned_name_is_reported(source):
    assert len(set(banned(source))) == 1


def test_a_name_that_says_what_it_is_passes():
    assert banned("found_route = 1\nfor visit in visits: pass") == []
