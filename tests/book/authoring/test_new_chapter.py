"""book/authoring/new_chapter.py"""

import nbformat
import pytest

from book.authoring import anatomy
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


@pytest.fixture
def root(tmp_path):
    """A book with a table of contents and one chapter."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "01-one-request.ipynb").touch()
    (tmp_path / "_toc.yml").write_text(CONTENTS, "utf-8")
    return tmp_path


def test_chapter_is_written_with_its_title_and_listed_in_its_place(root):
    path = start(root, "02-two-clients", 'Two "clients", one resource')
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].source.startswith('# Two "clients", one resource\n')
    assert 'predict("02-two-clients-one"' in anatomy.tagged(notebook, "predict")[0].source
    assert anatomy.check_sections(notebook) + anatomy.check_code(notebook) == []
    lines = (root / "_toc.yml").read_text("utf-8").splitlines()
    assert lines[4:7] == [
        "  - file: chapters/01-one-request",
        "  - file: chapters/02-two-clients",
        "  - file: chapters/03-when-full",
    ]


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
        ("02-two", " ", "needs a title"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(root, name, title, complaint):
    with pytest.raises(ValueError, match=complaint):
        start(root, name, title)
    assert (root / "_toc.yml").read_text("utf-8") == CONTENTS
    assert [path.name for path in (root / "chapters").iterdir()] == ["01-one-request.ipynb"]
