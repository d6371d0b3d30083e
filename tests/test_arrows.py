"""Imports point one way, and nobody brings what the house does not allow."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# What the modules of a package may import of ours; the most particular package that fits counts.
ALLOWED = {
    "mysite": {"mysite"},
    "lab": {"lab", "mysite"},
    "lab.models": {"lab.models"},
    "lab.views": {"lab.views", "lab.models"},
    # the site's own rules are a model too: explorers show them, checkers judge by them, neither writes them again
    "lab.explorers": {"lab.explorers", "lab.views", "lab.models", "lab.stable_widget", "mysite.web.negotiation"},
    "lab.exercises": {"lab.exercises", "lab.views", "lab.models", "lab.stable_widget", "mysite.web.negotiation"},
}
OURS = ("mysite", "lab", "book", "tests")
MODULES = sorted([*ROOT.glob("mysite/**/*.py"), *ROOT.glob("lab/**/*.py")])


def imported(source):
    """The names of the modules that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden(module, source):
    """Imports of a module that point the wrong way."""
    package = max((name for name in ALLOWED if f"{module}.".startswith(f"{name}.")), key=len)
    for name in imported(source):
        if name.split(".")[0] in OURS and not any(f"{name}.".startswith(f"{allowed}.") for allowed in ALLOWED[package]):
            yield name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path):
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    assert list(forbidden(module, path.read_text("utf-8"))) == []


def test_a_wrong_import_is_found():
    assert list(forbidden("lab.models.x", "from lab.views import colours")) == ["lab.views.colours"]
    assert list(forbidden("mysite.web.x", "import lab")) == ["lab"]
    assert list(forbidden("lab.views.x", "from lab import timing")) == ["lab.timing"]
    assert list(forbidden("lab.views.x", "import networkx\nfrom lab.models import hit_ratio")) == []


def test_requirements_are_pinned_wheels_and_end_in_the_book():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    entries = [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]
    assert entries[0] == "--only-binary :all:" and entries[-1] == "-e ."
    assert [entry for entry in entries[1:-1] if not re.fullmatch(r"[a-z0-9_.-]+==\S+( ; .+)?", entry)] == []
