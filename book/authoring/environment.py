"""The environment in which notebooks are executed for keeps: by `make refresh` and by strict pytest alike."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]

# Where matplotlib, IPython, Jupyter and the kernel write, by the variable that tells them. A directory of ours, since
# the checkout and HOME may both be read-only, and since what they say on stderr about that would stand in an output.
FOLDERS = {
    "MPLCONFIGDIR": "matplotlib",
    "IPYTHONDIR": "ipython",
    "JUPYTER_CONFIG_DIR": "jupyter-config",
    "JUPYTER_DATA_DIR": "jupyter-data",
    "JUPYTER_RUNTIME_DIR": "jupyter-runtime",
}


# Where a reader's own notebooks lie: git ignores it, and neither tests nor pages look into it
OWN = "mine"


def notebooks(root: Path = ROOT) -> list[Path]:
    """The paths of the cover and the chapters of a checkout, in the order of its _toc.yml.

    Another notebook below chapters/ is somebody's own: no command of the book changes it, and no test runs it.
    """
    contents = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    chapters = [entry["file"] for entry in contents["chapters"] if entry["file"].startswith("chapters/")]
    return [root / f"{page}.ipynb" for page in (contents["root"], *chapters)]


def topic(notebook: Path) -> str:
    """The topic of a chapter's notebook, which names its folders: of a chapter NN-one-request it is one_request."""
    return notebook.stem.partition("-")[2].replace("-", "_")


def chapter(name: str) -> Path:
    """The path of the notebook with a topic, whichever number it has. ValueError says which topics there are."""
    _, *chapters = notebooks()
    paths = {topic(path): path for path in chapters}
    if name not in paths:
        raise ValueError(f"No chapter has the topic {name!r}. There are: {', '.join(paths)}.")
    return paths[name]


def kernel_path() -> dict[str, str]:
    """The variable by which Jupyter finds kernels, with this interpreter's first.

    A kernel of the same name that another program's JUPYTER_PATH brings has none of the book's packages.
    """
    ours = str(Path(sys.prefix) / "share" / "jupyter")
    return {"JUPYTER_PATH": os.pathsep.join([ours, *filter(None, [os.environ.get("JUPYTER_PATH")])])}


def new_directory() -> Path:
    """A new temporary directory; where there is no room for one, the program ends with a sentence."""
    try:
        return Path(tempfile.mkdtemp(prefix="scale-from-zero-"))
    except OSError as error:
        sys.exit(f"There is no room for temporary files ({error}): free some, or set TMPDIR to a folder that has room.")


def enter(directory: Path) -> dict[str, str | None]:
    """Point this process, and every kernel that it starts, at `directory`, and show recorded runs.

    LAB_RUN=recorded makes measured figures show the recorded run; nothing else may depend on it. Return the earlier
    values of the environment's variables, None for one that was not there: `leave` wants them.
    """
    new = {name: str(directory / folder) for name, folder in FOLDERS.items()}
    new |= {"LAB_RUN": "recorded", "PYTHONDONTWRITEBYTECODE": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    # absolute, since a kernel runs in another folder than this process
    new |= {"TMPDIR": tempfile.gettempdir(), **kernel_path()}
    before = {name: os.environ.get(name) for name in new}
    for folder in FOLDERS.values():
        (directory / folder).mkdir()
    os.environ.update(new)
    return before


def leave(directory: Path, before: dict[str, str | None]) -> None:
    """Give the environment's variables the values from before `enter`, and remove the directory."""
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def recorded() -> Iterator[Path]:
    """Run notebooks as they run for keeps, within this context; its value is the directory, which is then removed."""
    directory = new_directory()
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
