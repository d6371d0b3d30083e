"""The chapters have what every chapter has; the checks of book/authoring/anatomy.py do find what is wrong."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book.authoring import anatomy
from book.authoring.environment import notebooks
from book.authoring.new_chapter import NOTEBOOK
from lab.instruments.runs import DIRECTORY


@pytest.fixture(scope="module")
def card_fields():
    """The fields of the machine cards of all recorded runs, which may stand between marks."""
    cards = [json.loads(path.read_text("utf-8"))["machine"] for path in DIRECTORY.glob("*/*.json")]
    return frozenset(field for card in cards for field in card.values())


def test_sections(chapter_path, notebook):
    assert anatomy.check_sections(notebook) == []


def test_code(notebook_path, notebook):
    assert anatomy.check_code(notebook) == []


def test_outputs(notebook_path, notebook, card_fields):
    assert anatomy.check_outputs(notebook, card_fields) == []


def test_a_chapter_that_is_named_is_a_link(notebook_path, notebook):
    written = frozenset(int(path.name[:2]) for path in notebooks()[1:])
    assert anatomy.check_links(notebook, written) == []


def test_cell_ids_are_words(notebook_path, notebook):
    assert [cell.id for cell in notebook.cells if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", cell.id)] == []


def test_unsolved_exercises_store_not_answered_yet(chapter_path, notebook):
    for cell in anatomy.cells_with_tag(notebook, "exercise"):
        assert "not answered yet" in " ".join("".join(anatomy.output_texts(cell)).split()), cell.id


def test_every_figure_has_alt_text(notebook_path, notebook):
    for cell in notebook.cells:
        for text in anatomy.output_texts(cell):
            for figure in re.findall(r"<figure.*?</figure>", text, re.DOTALL):
                alternatives = re.findall(r'(?:role="img" aria-label|<img [^>]*alt)="([^"]+)"', figure)
                assert len(alternatives) == 1 and len(alternatives[0]) > 40, cell.id


def test_template_has_the_anatomy():
    template = nbformat.read(NOTEBOOK, as_version=4)
    assert anatomy.check_sections(template) == []
    assert anatomy.check_code(template) == []


@pytest.fixture
def whole():
    """A notebook that satisfies every check."""
    sections = "\n\n".join(f"## {section}" for section in anatomy.SECTIONS)
    opening = new_markdown_cell("> Where it belongs.", metadata={"tags": ["in-jupyter"]})
    cells = [opening, new_markdown_cell(f"# Title\n\nCover line.\n\n{sections}")]
    for tag, count in {"predict": 1, "explorer": 1, "quiz": 1, "exercise": 4}.items():
        for _ in range(count):
            output = new_output("stream", text="x" * 100)
            cells.append(new_code_cell("1", metadata={"tags": [tag]}, outputs=[output]))
    cells[-1].metadata.tags.append("open")
    cells[-2].metadata.tags.append("answer")
    cells += [new_markdown_cell("s", metadata={"tags": ["solution"]}) for _ in range(3)]
    return new_notebook(cells=cells)


def test_whole_notebook_has_nothing_against_it(whole):
    assert anatomy.check_sections(whole) + anatomy.check_code(whole) + anatomy.check_outputs(whole) == []


@pytest.mark.parametrize(
    "old, new, complaint",
    [
        ("# Title", "Title", "does not begin with the chapter's title"),
        ("Cover line.", "x" * 201, "no cover line"),
        ("## Quiz", "## Questions", "the sections are"),
    ],
)
def test_wrong_text_is_found(whole, old, new, complaint):
    whole.cells[1].source = whole.cells[1].source.replace(old, new)
    assert any(complaint in fault.text for fault in anatomy.check_sections(whole))


def test_a_first_cell_that_does_not_say_where_the_notebook_belongs_is_found(whole):
    whole.cells[0].metadata = {}
    assert [fault.text.split(":")[0] for fault in anatomy.check_sections(whole)] == [
        "the first cell is not tagged in-jupyter"
    ]


@pytest.mark.parametrize("tag", ["predict", "explorer", "quiz", "exercise", "solution"])
def test_missing_cell_is_found(whole, tag):
    whole.cells.remove(anatomy.cells_with_tag(whole, tag)[0])
    assert anatomy.check_sections(whole)


@pytest.mark.parametrize("tags, complaint", [("answer", "no exercise is tagged open"), ("open", "writes code")])
def test_a_chapter_has_an_open_exercise_and_one_of_code(whole, tags, complaint):
    for cell in anatomy.cells_with_tag(whole, "exercise"):
        cell.metadata.tags = ["exercise", tags]
    assert [fault.text for fault in anatomy.check_sections(whole) if complaint in fault.text]


@pytest.mark.parametrize(
    "source, complaint",
    [
        ("\n".join(["x"] * 25), "is longer than 24 lines"),
        ("def f():\n" + "    x\n" * 10, "f is longer than 10 lines"),
        ("import sys; sys.path.append('.')", "sys.path has no place"),
        ("!pip install x", "!pip has no place"),
    ],
)
def test_wrong_code_is_found(whole, source, complaint):
    whole.cells[2].source = source
    assert any(complaint in fault.text for fault in anatomy.check_code(whole))


def test_longest_allowed_code_is_not_found(whole):
    whole.cells[2].source = "def f():\n" + "    x\n" * 9 + "\n".join(["x"] * 14)
    assert anatomy.check_code(whole) == []


@pytest.mark.parametrize(
    "output, complaint",
    [
        (new_output("stream", name="stderr", text="x"), "writes to stderr"),
        (new_output("display_data", data={"image/png": "x"}), "shows a picture as an image"),
        (new_output("stream", text="\u27e83 rows\u27e9" + "x" * 999), "which is no time"),
        (new_output("stream", text="\u27e81 ms\u27e9" * 9), "output characters stand between marks"),
    ],
)
def test_wrong_output_is_found(whole, output, complaint):
    whole.cells[2].outputs = [output]
    assert any(complaint in fault.text for fault in anatomy.check_outputs(whole))


def test_times_rates_and_card_fields_may_stand_between_marks(whole):
    text = "\u27e81.20 ms\u27e9 \u27e8830 /s\u27e9 \u27e8Linux\u27e9" + "x" * 3000
    whole.cells[2].outputs = [new_output("stream", text=text)]
    assert anatomy.check_outputs(whole, frozenset({"Linux"})) == []


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("as in chapter 3, and in [chapter 1](x.ipynb)", ["3"]),
        ("Chapters 1 and 2", ["1"]),
        ("see chapter\n3", ["3"]),
        ("[Start with chapter 1](x.ipynb)", []),
        ("chapter 6 is not written, and chapter 13 is another book's", []),
    ],
)
def test_named_chapter_without_a_link_is_found(whole, text, numbers):
    whole.cells[1].source = text
    complaints = anatomy.check_links(whole, frozenset({1, 2, 3}))
    assert [complaint.text.split()[2] for complaint in complaints] == numbers


def test_too_few_compared_outputs_are_found(whole):
    for cell in whole.cells[2:5]:
        cell.outputs = []
    assert any("have an output to compare" in fault.text for fault in anatomy.check_outputs(whole))
