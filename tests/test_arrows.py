"""Imports point one way, and nobody brings what the house does not allow."""

import ast
import json
import re
from pathlib import Path

import pytest

from book.authoring import environment
from book.authoring.environment import topic

ROOT = Path(__file__).resolve().parents[1]
# the site's own rules are a model too: explorers show them, checkers judge by them, neither writes them again
RULES = "mysite.web.negotiation"
# What the modules of a package may import of ours; the most particular package that fits counts.
ALLOWED = {
    "mysite": {"mysite"},
    "lab.models": {"lab.models"},
    "lab.drawing": {"lab.drawing"},
    "lab.instruments": {"lab.instruments", "lab.drawing.table", "mysite"},
    "lab.service": {"lab.service", "lab.models", "mysite"},
    "lab.architecture": {"lab.architecture", "lab.drawing", "mysite"},
    "lab.widgets": {"lab.widgets", "lab.drawing"},
    "lab.site": {"lab.site", "lab.instruments", "lab.models", "mysite"},
}
SHARED = {f"lab.{room}" for room in ("models", "drawing", "instruments", "service", "architecture", "widgets", "site")}
# Within a chapter's folder: what the modules with such a name may import besides their own folder's lower layers.
LAYERS = {
    "model": {"lab.models", RULES},
    "view": {"lab.models", "lab.drawing", "lab.architecture", "lab.instruments", "lab.site", RULES},
    "explorer": {"lab.models", "lab.drawing", "lab.architecture", "lab.widgets", "lab.instruments", RULES},
    "exercises": {"lab.models", "lab.drawing", "lab.widgets", RULES},
}
LOWER = {
    "model": ["model"],
    "view": ["model", "view", "experiment"],
    "explorer": ["model", "view", "explorer", "experiment"],
    "exercises": ["model", "experiment"],
    "experiment": ["model", "experiment"],
}
OURS = ("mysite", "lab", "book", "tests")
MODULES = sorted([*ROOT.glob("mysite/**/*.py"), *ROOT.glob("lab/**/*.py")])
NOTEBOOKS = environment.notebooks()[1:]
# Chapter 05 is to become two chapters. What will be the second one's lies in its own folder already.
BORROWED = {"tiers": {"lab.chapters.between_tiers"}}


def imported(source):
    """The names of the modules that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module):
    """The layer of a module in a chapter's folder, by its name: hit_ratio_view is a view; any other an experiment."""
    name = module.rpartition(".")[2]
    return next((layer for layer in LAYERS if name == layer or name.endswith(f"_{layer}")), "experiment")


def allowed_in_a_chapter(module):
    """What a module of a chapter's folder may import of ours, as prefixes of names."""
    folder = module.rpartition(".")[0]
    neighbours = [
        f"{folder}.{path.stem}" for path in (ROOT / folder.replace(".", "/")).glob("*.py")
        if layer(path.stem) in LOWER[layer(module)]
    ]  # fmt: skip
    return {*LAYERS.get(layer(module), {*SHARED, "mysite"}), *neighbours}


def forbidden(module, source):
    """Imports of a module that point the wrong way."""
    if module.startswith("lab.chapters.") and module.count(".") > 2:
        allowed = allowed_in_a_chapter(module)
    else:
        package = max((name for name in ALLOWED if f"{module}.".startswith(f"{name}.")), key=len, default=None)
        allowed = ALLOWED[package] if package else set()
    for name in imported(source):
        if name.split(".")[0] in OURS and not any(f"{name}.".startswith(f"{prefix}.") for prefix in allowed):
            yield name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path):
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    assert list(forbidden(module, path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "module, source, wrong",
    [
        ("lab.models.x", "from lab.drawing import colours", ["lab.drawing.colours"]),
        ("mysite.web.x", "import lab", ["lab"]),
        ("mysite.x", "import networkx", []),
        ("lab.widgets.x", "from lab.chapters.tiers import exercises", ["lab.chapters.tiers.exercises"]),
        ("lab.chapters.tiers.x", "from lab.chapters.measuring import stall", ["lab.chapters.measuring.stall"]),
        ("lab.chapters.tiers.x", "from lab.instruments import runs\nfrom mysite import topology", []),
        ("lab.chapters.tiers.x_view", "from lab.widgets import quiz", ["lab.widgets.quiz"]),
        ("lab.chapters.tiers.x_view", "import networkx\nfrom lab.drawing import plot", []),
        ("lab.chapters.one_request.hit_ratio_model", "from lab.chapters.one_request import hit_ratio_view",
         ["lab.chapters.one_request.hit_ratio_view"]),
        ("lab.chapters.one_request.hit_ratio_view", "from lab.chapters.one_request import hit_ratio_model", []),
        ("lab.x", "from lab.drawing import plot", ["lab.drawing.plot"]),
    ],
)  # fmt: skip
def test_a_wrong_import_is_reported(module, source, wrong):
    assert list(forbidden(module, source)) == wrong


def test_no_module_of_lab_lies_outside_a_room():
    assert [path.name for path in (ROOT / "lab").glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_its_own_folder_and_shared_rooms(path):
    name = topic(path)
    allowed = {*SHARED, "mysite", f"lab.chapters.{name}", *BORROWED.get(name, ())}
    cells = json.loads(path.read_text("utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    names = [name for name in imported(source) if name.split(".")[0] in OURS]
    assert [name for name in names if not any(f"{name}.".startswith(f"{prefix}.") for prefix in allowed)] == []


def test_requirements_are_pinned_wheels_and_end_in_the_book():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    entries = [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]
    assert entries[0] == "--only-binary :all:" and entries[-1] == "-e ."
    assert [entry for entry in entries[1:-1] if not re.fullmatch(r"[a-z0-9_.-]+==\S+( ; .+)?", entry)] == []
