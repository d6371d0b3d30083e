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
    """In the file `path` below the root, the characters from `start` to `end` become `after`."""

    kind: str
    path: str
    start: int
    end: int
    before: str
    after: str
    line: int

    def applied(self, text: str) -> str:
        """The file's text with the change made."""
        return text[: self.start] + self.after + text[self.end :]


def at(kind: str, path: str, text: str, start: int, end: int, after: str) -> Mutant:
    """A mutant of a file's text, from where it begins and ends."""
    return Mutant(kind, path, start, end, text[start:end], after, text.count("\n", 0, start) + 1)


def offsets(text: str, node: ast.AST) -> tuple[int, int]:
    """First and last character of a syntax node; ast counts columns in UTF-8 bytes."""
    lines = text.splitlines(keepends=True)

    def position(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())

    return position(node.lineno, node.col_offset), position(node.end_lineno, node.end_col_offset)


def uninteresting(tree: ast.AST) -> set[int]:
    """Ids of nodes that no program can see: docstrings, annotations, and the parts of f-strings (taken whole)."""
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
    """Another literal of the same type, as source text; None for what is not changed."""
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
    """Literals changed, comparisons swapped, statements of one line left out."""
    tree = ast.parse(text)
    hidden = uninteresting(tree)
    simple = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Raise, ast.Delete, ast.Continue, ast.Break)
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Constant) and (new := changed_literal(node.value)) is not None:
            yield at("literal", path, text, *offsets(text, node), new)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
            start, end = offsets(text, node.left)[1], offsets(text, node.comparators[0])[0]
            if OPERATOR.fullmatch(text[start:end]):
                yield at("comparison", path, text, start, end, f" {SWAPPED[type(node.ops[0])]} ")
        if isinstance(node, simple) and not (isinstance(node, ast.Expr) and id(node.value) in hidden):
            start, end = offsets(text, node)
            if "\n" not in text[start:end]:
                yield at("line", path, text, start, end, "pass")


def of_rows(path: str, text: str) -> Iterator[Mutant]:
    """One row of a CSV left out; the head is no row."""
    start = text.index("\n") + 1
    for row in text[start:].splitlines(keepends=True):
        yield at("row", path, text, start, start + len(row), "")
        start += len(row)


def of_recorded(path: str, text: str) -> Iterator[Mutant]:
    """One number of a recorded run changed in its first digit."""
    for match in re.finditer(r"(?<=[\s\[])\d(?=[\d.e-]*[,\n\]])", text):
        yield at("row", path, text, *match.span(), str((int(match[0]) + 1) % 10))


def of_notebook(path: str, text: str) -> Iterator[Mutant]:
    """In stored outputs: a digit in a path of a figure changed; another character, outside the marks, changed."""
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
                yield at(kind, path, text, start, start + 1, "7" if match[0] != "7" else "3")


READERS = {
    "literal": [("python", of_python)],
    "comparison": [("python", of_python)],
    "line": [("python", of_python)],
    "row": [("rows", of_rows), ("recorded", of_recorded)],
    "figure path": [("notebooks", of_notebook)],
    "stored output": [("notebooks", of_notebook)],
}


def files(root: Path) -> dict[str, list[Path]]:
    """The files that mutants are made of, by what reads them."""
    return {
        "python": sorted([*root.glob("mysite/**/*.py"), *root.glob("lab/**/*.py"), *root.glob("data/*.py")]),
        "rows": sorted(root.glob("data/mysite/*.csv")),
        "recorded": sorted(root.glob("data/runs/*.json")),
        "notebooks": [root / "index.ipynb", *sorted(root.glob("chapters/*.ipynb"))],
    }


def every(root: Path, kind: str) -> list[list[Mutant]]:
    """All mutants of a kind, one list for each group of files that it is drawn from."""
    groups = []
    for group, reader in READERS[kind]:
        found = []
        for path in files(root)[group]:
            mutants = reader(path.relative_to(root).as_posix(), path.read_text("utf-8"))
            found += [mutant for mutant in mutants if mutant.kind == kind]
        groups.append(found)
    return groups


def drawn(root: Path, seed: str, count: int) -> list[Mutant]:
    """`count` different mutants, as many of each kind as of any other; the same for the same tree and seed."""
    chance = random.Random(seed)
    everything = {kind: every(root, kind) for kind in KINDS}
    found: dict[Mutant, None] = {}
    while len(found) < count:
        kind = KINDS[len(found) % len(KINDS)]
        found.setdefault(chance.choice(chance.choice(everything[kind])))
    return list(found)
