"""The environment in which notebooks are executed for keeps: by `make refresh` and by strict pytest alike."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Where matplotlib, IPython, Jupyter and the kernel write. A directory of ours, since the checkout and HOME may
# both be read-only, and since what they say on stderr about that would stand in an output.
WRITTEN_TO = {
    "MPLCONFIGDIR": "matplotlib",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter-config",
    "JUPYTER_DATA_DIR": "jupyter-data",
    "JUPYTER_RUNTIME_DIR": "jupyter-runtime",
}


def notebooks() -> list[Path]:
    """The cover and the chapters, in reading order."""
    return [ROOT / "index.ipynb", *sorted((ROOT / "chapters").glob("*.ipynb"))]


def enter(directory: Path) -> dict[str, str | None]:
    """Point the process, and every kernel that it starts, at `directory`; give back what stood there before.

    LAB_RUN=recorded makes measured figures show the recorded run; nothing else may depend on it.
    """
    new = {name: str(directory / folder) for name, folder in WRITTEN_TO.items()}
    new |= {"LAB_RUN": "recorded", "PYTHONDONTWRITEBYTECODE": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    before = {name: os.environ.get(name) for name in new}
    for folder in WRITTEN_TO.values():
        (directory / folder).mkdir()
    os.environ.update(new)
    return before


def leave(directory: Path, before: dict[str, str | None]) -> None:
    """Undo `enter` and remove the directory."""
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def recorded() -> Iterator[Path]:
    """Within this context notebooks run as they do for keeps; gives the directory that is removed at the end."""
    directory = Path(tempfile.mkdtemp(prefix="scale-from-zero-"))
    before = enter(directory)
    try:
        yield directory
    finally:
        leave(directory, before)


@contextmanager
def as_a_reader() -> Iterator[Path]:
    """Within this context notebooks run as in a reader's kernel, which measures anew; else it is `recorded`."""
    with recorded() as directory:
        del os.environ["LAB_RUN"]
        yield directory
