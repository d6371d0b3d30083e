"""What makes `pytest --nbval` a test that can fail, and keeps it from writing below the checkout.

nbval alone never compares a PNG, passes a cell that was stored without a run, and lets a notebook ignore every
output. The checks here close these holes; tests/test_conftest.py shows each of them turning red.
"""

import sys
from functools import cache
from pathlib import Path

import pytest

sys.dont_write_bytecode = True

from hypothesis import settings  # noqa: E402  (after the line above, which keeps the checkout clean)

from book.authoring import environment  # noqa: E402
from book.authoring.file_seconds import SecondsByFile  # noqa: E402

ROOT = Path(__file__).resolve().parent
MOST_IGNORED = 0.05  # share of the cells whose output need not be compared
CELL_TIMEOUT_S = 150  # the longest notebook may take 150 s, so no cell takes longer
NBVAL_DEFAULT_TIMEOUT_S = 2000
# How pytest -n may hand out tests so that a notebook's cells stay together, in one kernel
WHOLE_FILES = {"no", "each", "loadscope", "loadfile"}

# One regular expression: what stands between the marks of a time is not compared. ASCII, since nbval reads the
# file in the locale's encoding.
SANITISE = "[times]\nregex: \\u27e8[^\\u27e9\\n]*\\u27e9\nreplace: <time>\n"

settings.register_profile("book", database=None, deadline=None, derandomize=True)
settings.load_profile("book")

environment_key = pytest.StashKey[tuple]()  # of the directory, and of the variables from before


def pytest_configure(config: pytest.Config) -> None:
    """Make directories for all that notebooks write, time the files, and give nbval strict defaults."""
    config.pluginmanager.register(SecondsByFile())
    if getattr(config.option, "dist", "no") not in WHOLE_FILES:
        config.option.dist = "loadfile"
    directory = environment.new_directory()
    config.stash[environment_key] = (directory, environment.enter(directory))
    if not hasattr(config.option, "nbval"):
        return
    sanitise = directory / "nbval-sanitise.cfg"
    sanitise.write_text(SANITISE, encoding="ascii")
    config.option.nbval_sanitize_with = str(sanitise)
    if config.option.nbval_cell_timeout == NBVAL_DEFAULT_TIMEOUT_S:
        config.option.nbval_cell_timeout = CELL_TIMEOUT_S


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if environment_key in config.stash:
        environment.leave(*config.stash[environment_key])


@cache
def readers_notebooks() -> list[Path]:
    """The notebooks below chapters/ that are no chapters: a reader's own, solved or not yet run."""
    every = (path for path in (ROOT / "chapters").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    return sorted(set(every) - set(environment.notebooks(ROOT)))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave them out, unless they are named."""
    named = {(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args}
    return True if collection_path in readers_notebooks() and collection_path not in named else None


def pytest_report_header() -> list[str]:
    """Say what is left out, and why."""
    names = [path.relative_to(ROOT).as_posix() for path in readers_notebooks()]
    return [f"not tested, as _toc.yml does not list it: {name}" for name in names]


def is_cell(item: pytest.Item) -> bool:
    """Whether nbval made this test of a notebook's cell."""
    return type(item).__name__ == "IPyNbCell"


def complaints(cells: list[pytest.Item]) -> list[str]:
    """Return why a set of cells would not be compared as strictly as this book promises, a line each."""
    lines = []
    for item in cells:
        outputs = item.cell.outputs
        if item.cell.source.strip() and item.cell.execution_count is None:
            lines.append(f"{item.nodeid} was stored without a run, so there is nothing to compare: run it and save it")
        if item.options["check_exception"] and not any(o.output_type == "error" for o in outputs):
            lines.append(f"{item.nodeid} is tagged raises-exception and stores none, so it could not fail")
    ignored_cells = [item.nodeid for item in cells if item.options["skip"] or not item.options["check"]]
    if len(ignored_cells) > MOST_IGNORED * len(cells):
        lines.append(
            f"{len(ignored_cells)} of {len(cells)} cells are not compared, at most 5 % may be: {ignored_cells[0]}, ..."
        )
    return lines


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse cells that could not fail, compare pictures too, and run each notebook's cells in their order."""
    cells = [item for item in items if is_cell(item)]
    if lines := complaints(cells):
        raise pytest.UsageError("\n".join(lines))
    for notebook in {item.parent for item in cells}:
        notebook.skip_compare = tuple(key for key in notebook.skip_compare if not key.startswith("image/"))
    places: dict[str, int] = {}  # of the files, in the order in which they were collected
    for item in items:
        places.setdefault(item.nodeid.split("::")[0], len(places))
    items.sort(key=lambda item: (places[item.nodeid.split("::")[0]], getattr(item, "cell_num", 0)))
