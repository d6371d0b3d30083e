"""Each named mutation makes its claim false and turns, of the claims' tests, exactly its own red."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from book.authoring.claims import named_tests, read_claims, tagged_cells
from book.authoring.environment import ROOT

MUTATIONS = yaml.safe_load((ROOT / "tests" / "chapters" / "claim_mutations.yml").read_text("utf-8"))
COPIED = ("mysite", "lab", "data", "book", "tests", "chapters", "index.ipynb", "conftest.py", "pyproject.toml")


def shown():
    """Claims that are shown and have a cell."""
    return [claim.id for claim in read_claims(ROOT / "book" / "claims.yml") if claim.kind == "shown"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the checkout in which a file may be changed."""
    root = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, root / name)
    return root


def red(root):
    """The claims whose test fails in this copy."""
    tests = [test for names in named_tests(root).values() for test in names]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "pytest", "-q", "-rf", *tests]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300)
    assert re.search(r"\d+ (passed|failed)", done.stdout), done.stdout + done.stderr
    return sorted({f"S{int(number)}" for number in re.findall(r"^FAILED \S+::test_s(\d\d)_", done.stdout, re.M)})


def test_every_shown_claim_with_a_cell_has_its_mutation():
    assert sorted(MUTATIONS) == sorted(set(shown()) & set(tagged_cells(ROOT)))


def test_without_a_mutation_all_are_green(copy):
    assert red(copy) == []


@pytest.mark.parametrize(
    ("claim", "mutation"),
    [
        pytest.param(claim, mutation, id=f"{claim}-{mutation['name'].replace(' ', '-')}")
        for claim, named in sorted(MUTATIONS.items())
        for mutation in (named if isinstance(named, list) else [named])
    ],
)
def test_mutation_turns_exactly_its_own_test_red(copy, claim, mutation):
    path = copy / mutation["file"]
    text = path.read_text("utf-8")
    assert text.count(mutation["before"]) == 1, f"{mutation['file']} should have {mutation['before']!r} once"
    path.write_text(text.replace(mutation["before"], mutation["after"]), "utf-8")
    try:
        assert red(copy) == [claim]
    finally:
        path.write_text(text, "utf-8")
