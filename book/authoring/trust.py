"""make lab: let Jupyter show at once what the book's notebooks store; a reader who has changed one decides alone.

    python -m book.authoring.trust

Jupyter strips drawings and scripts from a notebook that nobody on this machine has run or signed. Signed is here what
equals the commit that is checked out, and nothing else. Where no git can say so, nothing is signed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from book.authoring import environment
from book.authoring.environment import ROOT


class NoCommitError(Exception):
    """Why no commit can be asked for its notebooks."""


def git(root: Path, *arguments: str | Path) -> str:
    """What git prints about a checkout. NoCommitError where it cannot."""
    # a hook's or a script's variables must not send git to another repository
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        command = subprocess.run(
            ["git", "-C", root, *arguments], capture_output=True, text=True, check=True, env=variables
        )
    except FileNotFoundError:
        raise NoCommitError("git is not installed") from None
    except subprocess.CalledProcessError as error:
        raise NoCommitError(error.stderr.strip().partition("\n")[0]) from None
    return command.stdout


def committed(root: Path, notebooks: list[Path]) -> list[Path]:
    """Those of a checkout's notebooks that equal the commit. NoCommitError where there is none to compare with."""
    top = Path(git(root, "rev-parse", "--show-toplevel").removesuffix("\n"))
    if top.resolve() != root.resolve():
        raise NoCommitError(f"the folder is a part of another repository, {top}")
    entries = git(root, "ls-tree", "-r", "-z", "HEAD").split("\0")[:-1]
    stored = {name: entry.split()[2] for entry, _, name in (entry.partition("\t") for entry in entries)}
    paths = [path for path in notebooks if path.is_file()]
    hashes = git(root, "hash-object", "--", *paths).split() if paths else []
    return [
        path for path, digest in zip(paths, hashes, strict=True)
        if stored.get(path.relative_to(root).as_posix()) == digest
    ]  # fmt: skip


def sign(notebooks: list[Path]) -> None:
    """Sign notebooks with the key of this user's Jupyter."""
    with NotebookNotary() as notary:
        for path in notebooks:
            notary.sign(nbformat.read(path, as_version=4))


def main(root: Path = ROOT) -> int:
    """Sign what equals the commit, and say what does not; that is no failure."""
    notebooks = environment.notebooks(root)
    try:
        unchanged = committed(root, notebooks)
        sign(unchanged)
    except NoCommitError as error:
        print(
            f"No notebook is trusted yet, as none can be compared with the published one ({error}): run it, or"
            " jupyter trust index.ipynb chapters/*.ipynb"
        )
        return 0
    except OSError as error:
        print(f"No notebook is trusted yet, as Jupyter's folder cannot be written ({error}): run it.")
        return 0
    if others := [path.relative_to(root).as_posix() for path in notebooks if path not in unchanged]:
        print(f"Changed since the commit, so not trusted before you run it: {', '.join(others)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
