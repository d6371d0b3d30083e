"""Each notebook once as a reader runs it: it measures anew, nothing is compared; and nobody asks the system for a name.

    python -m book.authoring.readers_pass [NOTEBOOK ...]

Two notebooks at a time. The kernel and the servers that it starts are watched, and the system's resolver is asked
for no name. Nothing is stored. Exit 1 where a cell fails, or a name is asked for.
"""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

from book.authoring import environment, side_by_side
from book.authoring.refresh import execute
from lab.instruments.counting import LOOKUPS_FILE_VARIABLE

# A name for which nobody is asked: it tells that the watch is there, since of an error in this module Python only warns
MARK = "watched"
# Python runs this first in every process that has it on its path: kernel and servers
SITECUSTOMIZE = f"""\
import sys
from lab.instruments import counting
counting.record_name_lookups_from_environment()
sys.audit("socket.getaddrinfo", "{MARK}", None, 0, 0, 0)
"""


def watched_environment(folder: Path) -> dict[str, str]:
    """An environment in which each Python notes the names that it asks the system for, in the folder's file `names`."""
    (folder / "names").touch()
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE, "utf-8")
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), LOOKUPS_FILE_VARIABLE: str(folder / "names")}


def names_asked(folder: Path) -> list[str]:
    """The names that stand in the folder's file. RuntimeError if no process was watched."""
    names = (folder / "names").read_text("utf-8").split()
    if MARK not in names:
        raise RuntimeError("No process was watched: its sitecustomize.py has not run to its end.")
    return [name for name in names if name != MARK]


def complaint(path: Path) -> str | None:
    """Execute a notebook as a reader does: what went wrong, or None."""
    with environment.as_a_reader() as directory:
        try:
            execute(nbformat.read(path, as_version=4), path.parent, watched_environment(directory))
        except CellExecutionError as error:
            return f"a cell has failed\n{error}"
        names = names_asked(directory)
        return f"the system's resolver was asked for {' '.join(names)}" if names else None


def main() -> int:
    """The command line. Of several notebooks each has a process of its own, that runs this with its name alone."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.readers_pass",
        description="Run each notebook once as a reader runs it: it measures anew, and nothing is compared.",
    )
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    paths = parser.parse_args().notebooks or environment.notebooks()
    if len(paths) > 1:
        return side_by_side.run([sys.executable, "-m", "book.authoring.readers_pass", str(path)] for path in paths)
    (path,) = paths
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what is open is closed
    start = time.monotonic()
    wrong = complaint(path.resolve())
    print(f"{path.name}: {wrong or 'every cell has run, names asked: none'}, {time.monotonic() - start:.1f} s")
    return int(wrong is not None)


if __name__ == "__main__":
    sys.exit(main())
