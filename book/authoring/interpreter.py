"""Say whether the Python that runs this can make the book's .venv; exit 1 with what to install if it cannot."""

from __future__ import annotations  # so that an old Python can read this too

import importlib.util
import os
import stat
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 14)


def complaint(executable: str, version: tuple[int, int], has_venv: bool, *, for_all: bool) -> str | None:
    """Return what is wrong with an interpreter, and what to install, in a sentence; None where nothing is.

    executable  its path, links resolved
    version     major and minor
    has_venv    whether it has the modules venv and ensurepip
    for_all     whether every user is to run it, as they are a .venv that root makes

    A .venv links to the interpreter that made it: one in a home that others cannot enter runs for its owner alone.
    """
    if version < OLDEST:
        return f"{executable} is Python {version[0]}.{version[1]}; the book needs {OLDEST[0]}.{OLDEST[1]} or newer"
    if version > NEWEST:
        newest = f"{NEWEST[0]}.{NEWEST[1]}"
        return f"{executable} is Python {version[0]}.{version[1]}; the book's packages go up to {newest}"
    if not has_venv:
        return f"{executable} cannot make a .venv: install the package python3-venv"
    for folder in Path(executable).resolve().parents if for_all else ():
        if not folder.stat().st_mode & stat.S_IXOTH:
            return f"{executable} lies in {folder}, which other users cannot enter: install a python3 for everyone"
    return None


if __name__ == "__main__":
    has_venv = all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))
    problem = complaint(os.path.realpath(sys.executable), sys.version_info[:2], has_venv, for_all=os.geteuid() == 0)
    sys.exit(f"No usable Python: {problem} (on Debian: apt install python3 python3-venv)." if problem else 0)
