"""Only a notebook's name, _toc.yml and the list of chapters carry a chapter's number: all else is named by topic.

So a chapter that moves is renamed in three places. `book.authoring.environment.chapter("one_request")` finds its
notebook. In a sentence for readers a number may stand; where it is a link, it is the number of the file it leads to.
"""

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from book.authoring.environment import notebooks
from book.authoring.new_chapter import NOTEBOOK

ROOT = Path(__file__).resolve().parents[1]
# Files whose subject is the number, or whose small books have chapters of their own.
ABOUT_NUMBERS = {
    "book/authoring/convert_runs.py",
    "book/authoring/new_chapter.py",
    "book/site/contents.py",
    "tests/book/authoring/test_convert_runs.py",
    "tests/book/authoring/test_environment.py",
    "tests/book/authoring/test_file_seconds.py",
    "tests/book/authoring/test_in_jupyter.py",
    "tests/book/authoring/test_new_chapter.py",
    "tests/book/authoring/test_trust.py",
    "tests/book/site/test_binder.py",
    "tests/book/site/test_contents.py",
    "tests/book/site/test_page.py",
    "tests/test_chapter_numbers.py",
}

# chapter_01, Chapter5; with a space between, as in "chapter 3", it is a sentence for readers
OF_A_NAME = re.compile(r"chapter[_-]?\d", re.IGNORECASE)
# 01-one-request, "chapters/05-tiers.html", "run 03-waiting"; but not a 16-bit number
OF_A_FILE = re.compile(r"(?<![\w.-])[01]\d-(?!bit|byte|core|day|fold|hour|minute|node|second|way)[a-z]")
OF_A_DOCSTRING = re.compile(r"\bchapters?\s+\d", re.IGNORECASE)
OF_A_PATH = re.compile(r"chapter[_-]?\d|^[01]\d[_-]|[_-][01]\d(?=\.|$)", re.IGNORECASE)
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
FILE_OF_A_CHAPTER = re.compile(r"(?:^|/)(\d\d)-[a-z0-9-]+\.(?:ipynb|html|md)$")
NAMED_CHAPTER = re.compile(r"\bchapters?\s+(\d+)", re.IGNORECASE)

MODULES = sorted(
    path for package in ("lab", "mysite", "book", "tests") for path in (ROOT / package).rglob("*.py")
)  # fmt: skip
PAGES = [*notebooks(), NOTEBOOK, *sorted((ROOT / "book").glob("*.md"))]
# what tools write beside the sources, which git does not hold
NOT_OURS = {".git", ".venv", "_build", "node_modules", "__pycache__", ".ipynb_checkpoints", ".hypothesis"}


def relative(path: Path) -> str:
    """Return a path below the root, which names a test."""
    return path.relative_to(ROOT).as_posix()


def has_number(name: str) -> bool:
    """Whether an identifier, an id, a tag or a string carries a chapter's number."""
    return bool(OF_A_NAME.search(name) or OF_A_FILE.search(name))


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every identifier and every string of a syntax tree, with its line; docstrings are left to `docstrings`."""
    hidden = {id(node) for node, _ in docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg) or (isinstance(node, ast.keyword) and node.arg):
            yield str(node.arg), node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.alias):
            yield f"{node.name} {node.asname}", node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden:
            yield node.value, node.lineno


def docstrings(tree: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    """Every string of a syntax tree that stands alone, as a docstring does: its node and its text."""
    for node in ast.walk(tree):
        body = node.body if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else []
        for statement in body:
            value = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value, value.value


def numbers_of_python(source: str) -> list[str]:
    """Return what carries a chapter's number in a source, as "name, line 3"."""
    tree = ast.parse(source)
    lines = [f"{name!r}, line {line}" for name, line in names(tree) if has_number(name)]
    return lines + [
        f"docstring, line {node.lineno}"
        for node, text in docstrings(tree)
        if has_number(text) or OF_A_DOCSTRING.search(text)
    ]


def cells(page: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook; of a page in Markdown one cell, which is the page."""
    if page.suffix == ".md":
        return [{"cell_type": "markdown", "id": page.stem, "metadata": {}, "source": [page.read_text("utf-8")]}]
    return json.loads(page.read_text("utf-8"))["cells"]


def texts(page: Path, kind: str) -> list[str]:
    """Return the sources of a page's cells of a kind, code or markdown."""
    return ["".join(cell["source"]) for cell in cells(page) if cell["cell_type"] == kind]


def wrong_links(markdown: str) -> list[str]:
    """Return the links whose text names another chapter than their file is, or whose anchor carries a number."""
    links = []
    for text, target in LINK.findall(markdown):
        file, _, anchor = target.partition("#")
        match = FILE_OF_A_CHAPTER.search(file)
        others = {int(number) for number in NAMED_CHAPTER.findall(text)} - ({int(match[1])} if match else set())
        if (match and others) or OF_A_PATH.search(anchor):
            links.append(f"[{text}]({target})")
    return links


def paths(root: Path) -> Iterator[str]:
    """Every folder and file of a checkout, below its root."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        yield from ((Path(folder) / name).relative_to(root).as_posix() for name in (*folders, *files))


def test_no_path_but_a_notebook_s_carries_a_number():
    numbered = [path for path in paths(ROOT) if OF_A_PATH.search(Path(path).name)]
    assert [path for path in numbered if not re.fullmatch(r"chapters/[^/]+\.ipynb", path)] == []


@pytest.mark.parametrize("path", [path for path in MODULES if relative(path) not in ABOUT_NUMBERS], ids=relative)
def test_no_name_or_string_of_a_module_carries_a_number(path):
    assert numbers_of_python(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", sorted(ABOUT_NUMBERS))
def test_a_file_is_exempt_only_where_it_has_to_be(path):
    assert numbers_of_python((ROOT / path).read_text("utf-8")) != []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_no_cell_carries_a_number(page):
    labels = [label for cell in cells(page) for label in (cell["id"], *cell["metadata"].get("tags", []))]
    assert [label for label in labels if OF_A_PATH.search(label) or has_number(label)] == []
    assert [name for source in texts(page, "code") for name in numbers_of_python(source)] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_the_number_in_a_link_s_text_is_that_of_its_file(page):
    assert [link for markdown in texts(page, "markdown") for link in wrong_links(markdown)] == []


@pytest.mark.parametrize(
    "source",
    ["chapter_01 = 1", "def test_chapter_01(): pass", "import chapter5", "f(chapter_2=1)", "a.chapter3", "'chapter_99'",
     "'01-one-request'", "'chapters/05-tiers.html'", "'the run 03-waiting'", '"""Checkers of chapter 04."""',
     'def f():\n    """As chapter 2 counts it, in\n    01-page-visit."""'],
)  # fmt: skip
def test_a_number_in_python_is_reported(source):
    assert numbers_of_python(source)


@pytest.mark.parametrize(
    "source",
    ["chapters = 17", "'one_request'", "x = 'In chapter 3 they wait.'", "'a 16-bit number'", "p99_ms = 1",
     "'2026-11-30'", "'norvig.com/21-days.html'",
     "def test_s05_requests(): pass", '"""Checkers of the chapter\'s exercises."""'],
)  # fmt: skip
def test_other_numbers_may_stand(source):
    assert numbers_of_python(source) == []


@pytest.mark.parametrize(
    "name, numbered",
    [("01-one-request", True), ("chapter_03.yml", True), ("test_claims_05.py", True), ("03-waiting.json", True),
     ("waiting.json", False), ("test_s3.py", False), ("chapters", False), ("rfc9110.txt", False)],
)  # fmt: skip
def test_a_number_in_a_path_is_reported(name, numbered):
    assert bool(OF_A_PATH.search(name)) == numbered


@pytest.mark.parametrize(
    "link, wrong",
    [
        ("[chapter 3](03-when-full.ipynb)", False),
        ("[Start with\nchapter 1](../chapters/01-one-request.ipynb#the-address)", False),
        ("[See the cell](01-one-request.ipynb#one-page-twice)", False),
        ("[RFC 9110, chapter 9](https://www.rfc-editor.org/rfc/rfc9110)", False),
        ("[chapter 5](06-between-tiers.ipynb)", True),
        ("[Chapters 1 and 2](02-two-clients.ipynb)", True),
        ("[there](01-one-request.ipynb#chapter-1)", True),
    ],
)
def test_a_link_that_leads_elsewhere_is_reported(link, wrong):
    assert bool(wrong_links(link)) == wrong
