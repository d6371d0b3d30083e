"""Small wrong changes of the book, of six kinds, each of which some test must notice.

A mutant is one file with one place changed. They are drawn with the commit's hash as seed, so that nobody chooses
them and anybody can draw the same.
"""

import ast
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from book.authoring import environment

KINDS = ("literal", "comparison", "line", "row", "figure path", "stored output")
SWAPPED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
OPERATOR = re.compile(r"\s*(<|<=|>|>=|==|!=|in|not\s+in|is|is\s+not)\s*")
MARKED = re.compile("\u27e8[^\u27e9\n]*\u27e9")
# a line of text in a stored output, as nbformat writes it
CONTENT = re.compile(r'^ {5,8}"((?:[^"\\]|\\.)*)",?$', re.MULTILINE)


@dataclass(frozen=True)
class Mutant:
    """A change of one file: the characters from `start` to `end`, which are `before`, become `after`.

    kind  one of KINDS
    path  of the file below the root
    line  the number of the line where the change begins, the first is 1
    """

    kind: str
    path: str
    start: int
    end: int
    before: str
    after: str
    line: int

    def change(self, text: str) -> str:
        """Return the file's text with the change made."""
        return text[: self.start] + self.after + text[self.end :]


def mutant_at(kind: str, path: str, text: str, start: int, end: int, after: str) -> Mutant:
    """Return the mutant in which the characters of a file's text from `start` to `end` become `after`."""
    return Mutant(kind, path, start, end, text[start:end], after, text.count("\n", 0, start) + 1)


def offsets(text: str, node: ast.AST) -> tuple[int, int]:
    """Return where a syntax node begins and ends in the text, in characters; ast counts columns in UTF-8 bytes."""
    lines = text.splitlines(keepends=True)

    def position(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())

    return position(node.lineno, node.col_offset), position(node.end_lineno, node.end_col_offset)


def ids_of_hidden_nodes(tree: ast.AST) -> set[int]:
    """Return the ids of nodes that no program sees: docstrings and annotations; and of the parts of f-strings."""
    hidden: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            hidden.add(id(body[0].value))
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if annotation is not None:
                hidden.update(id(part) for part in ast.walk(annotation))
        if isinstance(node, ast.JoinedStr):
            hidden.update(id(part) for part in ast.walk(node) if part is not node)
    return hidden


def changed_literal(value: object) -> str | None:
    """Return another literal of the same type, as source text; None for a value of any other type."""
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, int):
        return repr(value + 1)
    if isinstance(value, float):
        return repr(value * 1.5 + 0.5)
    if isinstance(value, str):
        return repr(value[::-1] if value[::-1] != value else value + "mutant")
    if isinstance(value, bytes):
        return repr(value + b"\x01")
    return None


def of_python(path: str, text: str) -> Iterator[Mutant]:
    """Make mutants of a module: literals changed, comparisons swapped, statements of one line left out."""
    tree = ast.parse(text)
    hidden = ids_of_hidden_nodes(tree)
    simple = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Raise, ast.Delete, ast.Continue, ast.Break)
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Constant) and (new := changed_literal(node.value)) is not None:
            yield mutant_at("literal", path, text, *offsets(text, node), new)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
            start, end = offsets(text, node.left)[1], offsets(text, node.comparators[0])[0]
            if OPERATOR.fullmatch(text[start:end]):
                yield mutant_at("comparison", path, text, start, end, f" {SWAPPED[type(node.ops[0])]} ")
        if isinstance(node, simple) and not (isinstance(node, ast.Expr) and id(node.value) in hidden):
            start, end = offsets(text, node)
            if "\n" not in text[start:end]:
                yield mutant_at("line", path, text, start, end, "pass")


def of_rows(path: str, text: str) -> Iterator[Mutant]:
    """Make mutants of a CSV file: one row left out, never the head."""
    start = text.index("\n") + 1
    for row in text[start:].splitlines(keepends=True):
        yield mutant_at("row", path, text, start, start + len(row), "")
        start += len(row)


def of_recorded(path: str, text: str) -> Iterator[Mutant]:
    """Make mutants of a recorded run: one number changed in its first digit."""
    for match in re.finditer(r"(?<=[\s\[])\d(?=[\d.e-]*[,\n\]])", text):
        yield mutant_at("row", path, text, *match.span(), str((int(match[0]) + 1) % 10))


def of_notebook(path: str, text: str) -> Iterator[Mutant]:
    """Make mutants of a notebook's outputs: a digit of a figure's path, or another character outside the marks."""
    for outputs in re.finditer(r'^   "outputs": \[$.*?^   \],$', text, re.MULTILINE | re.DOTALL):
        for line in CONTENT.finditer(text, *outputs.span()):
            paths = [range(*match.span(1)) for match in re.finditer(r' d=\\"([^"]*)\\"', line[1])]
            marked = [range(*match.span()) for match in MARKED.finditer(line[1])]
            for match in re.finditer(r"(?<!\\)[A-Za-z0-9]", line[1]):
                in_path = any(match.start() in where for where in paths)
                if any(match.start() in where for where in marked) or (in_path and not match[0].isdigit()):
                    continue
                start = line.start(1) + match.start()
                kind = "figure path" if in_path else "stored output"
                yield mutant_at(kind, path, text, start, start + 1, "7" if match[0] != "7" else "3")


READERS = {
    "literal": [("python", of_python)],
    "comparison": [("python", of_python)],
    "line": [("python", of_python)],
    "row": [("rows", of_rows), ("recorded", of_recorded)],
    "figure path": [("notebooks", of_notebook)],
    "stored output": [("notebooks", of_notebook)],
}


def files(root: Path) -> dict[str, list[Path]]:
    """Return the files that mutants are made of, by the group that READERS names."""
    return {
        "python": sorted([*root.glob("mysite/**/*.py"), *root.glob("lab/**/*.py"), *root.glob("data/*.py")]),
        "rows": sorted(root.glob("data/mysite/*.csv")),
        "recorded": sorted(root.glob("data/runs/*/*.json")),
        "notebooks": environment.notebooks(root),
    }


def all_of_kind(root: Path, kind: str) -> list[list[Mutant]]:
    """Return all mutants of a kind, one list for each group of files that they are made of."""
    groups = []
    for group, reader in READERS[kind]:
        mutants = []
        for path in files(root)[group]:
            of_file = reader(path.relative_to(root).as_posix(), path.read_text("utf-8"))
            mutants += [mutant for mutant in of_file if mutant.kind == kind]
        groups.append(mutants)
    return groups


def draw(root: Path, seed: str, count: int) -> list[Mutant]:
    """Draw `count` different mutants, the kinds in turns; they are the same for the same tree and seed."""
    chance = random.Random(seed)
    groups = {kind: all_of_kind(root, kind) for kind in KINDS}
    mutants: dict[Mutant, None] = {}
    while len(mutants) < count:
        kind = KINDS[len(mutants) % len(KINDS)]
        mutants.setdefault(chance.choice(chance.choice(groups[kind])))
    return list(mutants)
