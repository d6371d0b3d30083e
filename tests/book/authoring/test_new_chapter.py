"""book/authoring/new_chapter.py, and a chapter that it has made, in a copy of the book."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from book.authoring import anatomy
from book.authoring.environment import ROOT
from book.authoring.new_chapter import listed, start

CONTENTS = """\
format: jb-book
root: index
chapters:
  - file: book/how-to-read
  - file: chapters/01-one-request
  - file: chapters/03-when-full
  - file: book/glossary
"""
COPIED = (
    "book", "chapters", "conftest.py", "data", "index.ipynb", "lab", "mysite", "pyproject.toml", "tests",
    "_config.yml", "_toc.yml",
)  # fmt: skip
PLACEHOLDERS = ("TITLE", "TOPIC", "SLUG")


@pytest.fixture
def root(tmp_path):
    """A book with a table of contents and one chapter."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "01-one-request.ipynb").touch()
    (tmp_path / "_toc.yml").write_text(CONTENTS, "utf-8")
    return tmp_path


def test_chapter_is_written_with_its_title_and_listed_in_its_place(root):
    new = [path.relative_to(root).as_posix() for path in start(root, "02-two-clients", 'Two "clients", one resource')]
    assert new[0] == "chapters/02-two-clients.ipynb"
    assert {"lab/chapters/two_clients/quiz.yml", "tests/lab/chapters/two_clients/test_exercises.py"} < set(new)
    notebook = nbformat.read(root / new[0], as_version=4)
    assert notebook.cells[1].source.startswith('# Two "clients", one resource\n')
    assert 'predict("two-clients-one"' in anatomy.cells_with_tag(notebook, "predict")[0].source
    assert anatomy.check_sections(notebook) + anatomy.check_code(notebook) == []
    texts = [(root / path).read_text("utf-8") for path in new]
    assert not [text for text in texts if any(word in text for word in PLACEHOLDERS)]
    lines = (root / "_toc.yml").read_text("utf-8").splitlines()
    assert lines[4:7] == [
        "  - file: chapters/01-one-request",
        "  - file: chapters/02-two-clients",
        "  - file: chapters/03-when-full",
    ]


def test_a_file_that_is_there_stays_and_nothing_is_written(root):
    exercises = root / "lab" / "chapters" / "two_clients" / "exercises.py"
    exercises.parent.mkdir(parents=True)
    exercises.write_text("# mine\n", "utf-8")
    with pytest.raises(ValueError, match=r"there is already lab/chapters/two_clients/exercises\.py"):
        start(root, "02-two-clients", "T")
    assert exercises.read_text("utf-8") == "# mine\n"
    assert (root / "_toc.yml").read_text("utf-8") == CONTENTS
    assert not (root / "chapters" / "02-two-clients.ipynb").exists()


def test_a_start_that_was_cut_short_can_be_made_again(root, monkeypatch):
    def full(self, text, encoding):
        if self.name == "_toc.yml":
            raise OSError(28, "No space left on device")
        return write_text(self, text, encoding)

    write_text = Path.write_text
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        start(root, "02-two-clients", "T")
    monkeypatch.undo()
    assert start(root, "02-two-clients", "T")


@pytest.mark.parametrize("title", ["back\\slash", 'a "b"', "TOPIC of SLUG", "Überall\ttab"])
def test_a_title_is_kept_as_it_is(root, title):
    notebook = nbformat.read(start(root, "02-two-clients", title)[0], as_version=4)
    assert notebook.cells[1].source.startswith(f"# {title}\n")


def test_first_chapter_goes_before_the_others():
    assert listed(CONTENTS, "00-preface").splitlines()[4] == "  - file: chapters/00-preface"


def test_last_chapter_goes_behind_the_others():
    assert listed(CONTENTS, "15-whole-road").splitlines()[6] == "  - file: chapters/15-whole-road"


def test_contents_without_chapters_are_an_error():
    with pytest.raises(ValueError, match="no line with"):
        listed("root: index\n", "01-one")


@pytest.mark.parametrize(
    "name, title, complaint",
    [
        ("two-clients", "T", "is no chapter's name"),
        ("2-clients", "T", "is no chapter's name"),
        ("02-Two", "T", "is no chapter's name"),
        ("02-../x", "T", "is no chapter's name"),
        ("01-again", "T", "is there already: 01-one-request.ipynb"),
        ("02-one-request", "T", "is there already: 01-one-request.ipynb"),
        ("02-two", " ", "needs a title"),
        ("02-class", "T", "cannot name a folder of Python"),
        ("02-2-phases", "T", "cannot name a folder of Python"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(root, name, title, complaint):
    with pytest.raises(ValueError, match=complaint):
        start(root, name, title)
    assert (root / "_toc.yml").read_text("utf-8") == CONTENTS
    assert sorted(path.name for path in root.rglob("*")) == ["01-one-request.ipynb", "_toc.yml", "chapters"]


@pytest.mark.whole
def test_a_new_chapter_passes_every_test_of_a_chapter(tmp_path):
    """In a copy of the book: executed, compared strictly, and held to the rules of chapters, imports and names."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, tmp_path / name)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    notebook = "chapters/77-new-chapter.ipynb"
    quiet = ["pytest", "-q", "-p", "no:xdist"]
    rules = ["tests/chapters", "tests/test_arrows.py", "tests/test_names.py"]
    for command in (
        ["book.authoring.new_chapter", "77-new-chapter", 'A "new" chapter'],
        ["book.authoring.refresh", notebook],
        [*quiet, "-k", "new_chapter or new-chapter", notebook, "tests/lab/chapters/new_chapter", *rules],
    ):
        run = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=150
        )
        assert run.returncode == 0, f"{command}: {run.stdout[-3000:]}{run.stderr[-3000:]}"
