"""What every chapter has, and in which order: the one list that the template, the guide and the tests follow."""

import ast
import re
from dataclasses import dataclass

from nbformat import NotebookNode

from book.site.plain_forms import IN_JUPYTER

# Second-level headings, in order. What stands between "Run it" and "Exercises" may carry further headings.
SECTIONS = (
    "What you will be able to do",
    "Before you start",
    "The picture",
    "Predict",
    "Run it",
    "The model over the measurement",
    "Explore",
    "Exercises",
    "Quiz",
    "What you have seen",
    "What this does not show",
    "Sources",
    "Next",
)
LONGEST_CELL = 24  # lines
LONGEST_FUNCTION = 10  # lines
FEWEST_EXERCISES = 4
# Tags of exercises in which no code is written: a number or a word to give, and an open question
SPECIAL_EXERCISES = {"answer", "open"}
MOST_COVER_CHARACTERS = 200
COMPARED_SHARE = 0.70  # of the code cells have an output that is compared
MARKED_SHARE = 0.01  # of the output characters may stand between the marks of a time

MARKS = re.compile("\u27e8([^\u27e9]*)\u27e9")
# One number with a unit of time, or a rate. The fields of the machine card are free text and are checked against it.
TIME = re.compile(r"\d[\d,.]*(e-?\d+)? (ns|\u00b5s|ms|s|min|/s)")


@dataclass(frozen=True)
class Complaint:
    """One thing that a chapter lacks or has too much of; `cell` is the id of the cell, or None for the whole."""

    text: str
    cell: str | None = None


def headings(notebook: NotebookNode) -> list[str]:
    """Return the text of the second-level headings of the Markdown cells, in order."""
    return [
        heading
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for heading in re.findall(r"^## (.+?)\s*$", cell.source, re.MULTILINE)
    ]


def cells_with_tag(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    """Return the cells that carry a tag, in order."""
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def functions_too_long(source: str) -> list[str]:
    """Return the names of the functions that have more than LONGEST_FUNCTION lines.

    Lines of IPython's own (%, !) are left out, since they are no Python.
    """
    python = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
    return [
        node.name
        for node in ast.walk(ast.parse(python))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]


def check_code(notebook: NotebookNode) -> list[Complaint]:
    """Return complaints of cells and functions that are too long, and of what has no place in a notebook."""
    complaints = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if len(cell.source.splitlines()) > LONGEST_CELL:
            complaints.append(Complaint(f"is longer than {LONGEST_CELL} lines", cell.id))
        for name in functions_too_long(cell.source):
            complaints.append(Complaint(f"{name} is longer than {LONGEST_FUNCTION} lines: move it to lab", cell.id))
        for forbidden in ("sys.path", "!pip", "%pip", "time.sleep"):
            if forbidden in cell.source:
                complaints.append(Complaint(f"{forbidden} has no place in a notebook", cell.id))
    return complaints


def check_sections(notebook: NotebookNode) -> list[Complaint]:
    """Return complaints of the title, the cover line, the sections and their order, the exercises and their number."""
    complaints = []
    opening, title = notebook.cells[:2]
    if IN_JUPYTER not in opening.metadata.get("tags", []):
        complaints.append(Complaint(f"the first cell is not tagged {IN_JUPYTER}: it says where the notebook belongs"))
    paragraphs = title.source.strip().split("\n\n")
    if not re.match(r"# \S", paragraphs[0]):
        complaints.append(Complaint("the second cell does not begin with the chapter's title"))
    if len(paragraphs) < 2 or len(paragraphs[1]) > MOST_COVER_CHARACTERS:
        missing = f"no cover line of at most {MOST_COVER_CHARACTERS} characters stands under the title"
        complaints.append(Complaint(missing))
    present = [heading for heading in headings(notebook) if heading in SECTIONS]
    if present != list(SECTIONS):
        complaints.append(Complaint(f"the sections are {present}, and should be {list(SECTIONS)}"))
    exercises, solutions = cells_with_tag(notebook, "exercise"), cells_with_tag(notebook, "solution")
    if len(exercises) < FEWEST_EXERCISES:
        complaints.append(Complaint(f"{len(exercises)} exercises, at least {FEWEST_EXERCISES} are wanted"))
    kinds = [set(cell.metadata.tags) & SPECIAL_EXERCISES for cell in exercises]
    if {"open"} not in kinds:
        complaints.append(Complaint("no exercise is tagged open: one with no one right answer, and its points"))
    if set() not in kinds:
        complaints.append(Complaint("every exercise is tagged answer or open: in one the reader writes code"))
    if len(solutions) != len(exercises) - kinds.count({"open"}):  # an open one has its model answer instead
        complaints.append(Complaint(f"{len(exercises)} exercises and {len(solutions)} solutions"))
    for tag in ("predict", "explorer", "quiz"):
        if not cells_with_tag(notebook, tag):
            complaints.append(Complaint(f"no cell is tagged {tag}"))
    return complaints


def check_links(notebook: NotebookNode, written: frozenset[int]) -> list[Complaint]:
    """Return a complaint of each chapter that is named without a link to it, though it is there.

    written  the numbers of the chapters that are there
    """
    return [
        Complaint(f"names chapter {number} without a link: [chapter {number}](NN-slug.ipynb)", cell.id)
        for cell in notebook.cells
        if cell.cell_type == "markdown" and IN_JUPYTER not in cell.metadata.get("tags", [])
        for number in re.findall(r"\bchapters?\s+(\d+)\b(?!\]\()", cell.source, re.IGNORECASE)
        if int(number) in written
    ]


def output_texts(cell: NotebookNode) -> list[str]:
    """Return all text of a cell's stored outputs, one string for each representation of each output."""
    texts = []
    for output in cell.get("outputs", []):
        if "text" in output:
            texts.append(output.text)
        texts += [text for text in output.get("data", {}).values() if isinstance(text, str)]
    return texts


def check_outputs(notebook: NotebookNode, card: frozenset[str] = frozenset()) -> list[Complaint]:
    """Return complaints of outputs that are missing, that are not compared, or that mark more than a time.

    card  the fields of the machine cards of the recorded runs, which may stand between the marks too
    """
    complaints = []
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    compared_cells = [
        cell for cell in code_cells
        if cell.outputs and "nbval-ignore-output" not in cell.metadata.get("tags", [])
    ]  # fmt: skip
    if len(compared_cells) < COMPARED_SHARE * len(code_cells):
        complaints.append(Complaint(f"{len(compared_cells)} of {len(code_cells)} code cells have an output to compare"))
    characters = marked_characters = 0
    for cell in code_cells:
        for output in cell.outputs:
            kinds = set(output.get("data", {}))
            if kinds & {"image/png", "image/svg+xml"} and "screenshot" not in cell.metadata.get("tags", []):
                complaints.append(Complaint("shows a picture as an image, which no page colour reaches", cell.id))
            if output.get("name") == "stderr":
                complaints.append(Complaint("writes to stderr", cell.id))
        for text in output_texts(cell):
            characters += len(text)
            for inside in MARKS.findall(text):
                marked_characters += len(inside)
                if not TIME.fullmatch(inside) and inside not in card:
                    complaints.append(Complaint(f"has {inside!r} between the marks, which is no time", cell.id))
    if marked_characters > MARKED_SHARE * characters:
        complaints.append(Complaint(f"{marked_characters} of {characters} output characters stand between marks"))
    return complaints
