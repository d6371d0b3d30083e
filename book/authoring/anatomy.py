"""What every chapter has, in which order: the one list that the template, the author's guide and the tests use."""

import ast
import re
from dataclasses import dataclass

from nbformat import NotebookNode

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
LONGEST_CELL = 20  # lines
LONGEST_FUNCTION = 10  # lines
FEWEST_EXERCISES = 4
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
    """The second-level headings of the Markdown cells, in order."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found += re.findall(r"^## (.+?)\s*$", cell.source, re.MULTILINE)
    return found


def tagged(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    """The cells that carry a tag."""
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def functions_too_long(source: str) -> list[str]:
    """Names of functions of more than LONGEST_FUNCTION lines; magics (%, !) count as nothing to parse."""
    python = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("%", "!")))
    return [
        node.name
        for node in ast.walk(ast.parse(python))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]


def check_code(notebook: NotebookNode) -> list[Complaint]:
    """Cells and functions that are too long, and what has no place in a notebook."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if len(cell.source.splitlines()) > LONGEST_CELL:
            found.append(Complaint(f"is longer than {LONGEST_CELL} lines", cell.id))
        for name in functions_too_long(cell.source):
            found.append(Complaint(f"{name} is longer than {LONGEST_FUNCTION} lines: move it to lab", cell.id))
        for forbidden in ("sys.path", "!pip", "%pip", "time.sleep"):
            if forbidden in cell.source:
                found.append(Complaint(f"{forbidden} has no place in a notebook", cell.id))
    return found


def check_sections(notebook: NotebookNode) -> list[Complaint]:
    """The sections that are missing or out of order, the cover line, the first exercise and their number."""
    found = []
    first = notebook.cells[0].source.strip().split("\n\n")
    if not re.match(r"# \S", first[0]):
        found.append(Complaint("the first cell does not begin with the chapter's title"))
    if len(first) < 2 or len(first[1]) > MOST_COVER_CHARACTERS:
        found.append(Complaint(f"no cover line of at most {MOST_COVER_CHARACTERS} characters stands under the title"))
    present = [heading for heading in headings(notebook) if heading in SECTIONS]
    if present != list(SECTIONS):
        found.append(Complaint(f"the sections are {present}, and should be {list(SECTIONS)}"))
    exercises, solutions = tagged(notebook, "exercise"), tagged(notebook, "solution")
    if len(exercises) < FEWEST_EXERCISES:
        found.append(Complaint(f"{len(exercises)} exercises, at least {FEWEST_EXERCISES} are wanted"))
    if len(solutions) != len(exercises):
        found.append(Complaint(f"{len(exercises)} exercises and {len(solutions)} solutions"))
    for tag in ("predict", "explorer", "quiz"):
        if not tagged(notebook, tag):
            found.append(Complaint(f"no cell is tagged {tag}"))
    return found


def check_links(notebook: NotebookNode, written: frozenset[int]) -> list[Complaint]:
    """Chapters that the text names and that are `written`, without a link to them."""
    return [
        Complaint(f"names chapter {number} without a link: [chapter {number}](NN-slug.ipynb)", cell.id)
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for number in re.findall(r"\bchapters?\s+(\d+)\b(?!\]\()", cell.source, re.IGNORECASE)
        if int(number) in written
    ]


def output_texts(cell: NotebookNode) -> list[str]:
    """All text that a cell's stored outputs hold, one string a representation."""
    texts = []
    for output in cell.get("outputs", []):
        if "text" in output:
            texts.append(output.text)
        texts += [text for text in output.get("data", {}).values() if isinstance(text, str)]
    return texts


def check_outputs(notebook: NotebookNode, card: frozenset[str] = frozenset()) -> list[Complaint]:
    """Outputs that are missing, of a kind that is not compared, or carry more between the marks than a time.

    `card`: the fields of the machine card of the recorded runs, which may stand between the marks too.
    """
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    compared = [cell for cell in code if cell.outputs and "nbval-ignore-output" not in cell.metadata.get("tags", [])]
    if len(compared) < COMPARED_SHARE * len(code):
        found.append(Complaint(f"{len(compared)} of {len(code)} code cells have an output to compare"))
    characters = marked = 0
    for cell in code:
        for output in cell.outputs:
            kinds = set(output.get("data", {}))
            if kinds & {"image/png", "image/svg+xml"} and "screenshot" not in cell.metadata.get("tags", []):
                found.append(Complaint("shows a picture as an image, which no page colour reaches", cell.id))
            if output.get("name") == "stderr":
                found.append(Complaint("writes to stderr", cell.id))
        for text in output_texts(cell):
            characters += len(text)
            for inside in MARKS.findall(text):
                marked += len(inside)
                if not TIME.fullmatch(inside) and inside not in card:
                    found.append(Complaint(f"has {inside!r} between the marks, which is no time", cell.id))
    if marked > MARKED_SHARE * characters:
        found.append(Complaint(f"{marked} of {characters} output characters stand between marks"))
    return found
