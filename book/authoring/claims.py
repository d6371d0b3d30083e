"""Write book/claims.md from claims.yml, the tags of the chapters' cells and the names of the tests; by make refresh.

    python -m book.authoring.claims [--check]
"""

import argparse
import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml

from book.authoring import environment
from book.authoring.environment import ROOT

TAG = re.compile(r"claim-(S\d+)")
TEST = re.compile(r"test_s(\d\d)_")
KINDS = ("shown", "sourced", "judged")

HEAD = """\
# Claims

Every sentence of the text that this book tests is a claim with an id. *Shown*: a cell shows it, a test guards it, and a
named mutation makes it false and turns exactly that test red. *Sourced*: a primary source says it, and no test
pretends to prove it. *Judged*: the chapter gives the evidence, and says what would flip it.
This page is generated from `book/claims.yml`, the tags of the cells and the names of the tests.

## The sentences

"""
TABLE = """
## Their cells and tests

| claim | kind | cells | test or source |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Claim:
    """One sentence of the source text.

    id      S and a number
    kind    one of KINDS
    source  keys of references.bib, with commas; None where the claim is shown
    """

    id: str
    kind: str
    sentence: str
    source: str | None = None


def read_claims(path: Path) -> list[Claim]:
    """Return the claims of claims.yml, in its order. ValueError names a kind that there is not."""
    claims = [Claim(id=id, **entry) for id, entry in yaml.safe_load(path.read_text("utf-8")).items()]
    for claim in claims:
        if claim.kind not in KINDS:
            raise ValueError(f"{path.name}: {claim.id} has kind {claim.kind!r}, which is none of {', '.join(KINDS)}")
    return claims


def tagged_cells(root: Path) -> dict[str, list[str]]:
    """Return the cells of each claim by its id: addresses `chapters/NN-slug.ipynb#cell-id`, in reading order."""
    cells: dict[str, list[str]] = {}
    for path in environment.notebooks(root)[1:]:
        for cell in nbformat.read(path, as_version=4).cells:
            for tag in cell.metadata.get("tags", []):
                if match := TAG.fullmatch(tag):
                    cells.setdefault(match[1], []).append(f"{path.relative_to(root).as_posix()}#{cell.id}")
    return cells


def named_tests(root: Path) -> dict[str, list[str]]:
    """Return the tests of each claim by its id: `tests/...::test_s05_...` is a test of S5."""
    tests: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (match := TEST.match(node.name)):
                tests.setdefault(f"S{int(match[1])}", []).append(f"{path.relative_to(root).as_posix()}::{node.name}")
    return tests


def table(root: Path) -> str:
    """Return the text of claims.md.

    ValueError where a cell or a test names a claim that claims.yml has not, or where a claim has a cell and neither
    the test nor the source that its kind asks for.
    """
    claims = read_claims(root / "book" / "claims.yml")
    cells, tests = tagged_cells(root), named_tests(root)
    ids = {claim.id for claim in claims}
    if strangers := (set(cells) | set(tests)) - ids:
        raise ValueError(f"claims that claims.yml does not list: {', '.join(sorted(strangers))}")
    rows, sentences = [], []
    for claim in claims:
        if claim.id not in cells:
            continue
        evidence = " ".join(tests.get(claim.id, [])) if claim.kind == "shown" else claim.source
        if not evidence:
            missing = f"a test named test_s{int(claim.id[1:]):02}_..." if claim.kind == "shown" else "a source"
            raise ValueError(f"{claim.id} is {claim.kind} and its cell is there, but it lacks {missing}")
        rows.append(f"| {claim.id} | {claim.kind} | {' '.join(cells[claim.id])} | {evidence} |")
        page, _, cell = cells[claim.id][0].partition("#")
        citation = "" if claim.kind == "shown" else f" {{cite}}`{claim.source}`"
        sentences.append(f"- **{claim.id}.** {claim.sentence} [See the cell](../{page}#{cell}).{citation}")
    return HEAD + "\n".join(sentences) + "\n" + TABLE + "\n".join(rows) + "\n"


def main() -> int:
    """Write claims.md; the exit code is 1 where --check finds it out of date."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.claims",
        description="Write book/claims.md from claims.yml, the tags of the cells and the names of the tests.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where claims.md is out of date")
    check = parser.parse_args().check
    path = ROOT / "book" / "claims.md"
    before, after = path.read_text("utf-8") if path.exists() else "", table(ROOT)
    if before != after and not check:
        path.write_text(after, "utf-8")
    print(f"claims.md: {'unchanged' if before == after else 'out of date' if check else 'written'}")
    return int(check and before != after)


if __name__ == "__main__":
    sys.exit(main())
