"""make lab: JupyterLab on the whole book, with the cover open; `mine` is there for a reader's own notebooks."""

from __future__ import annotations

import os
import sys

from book.authoring import environment, trust
from book.authoring.environment import ROOT


def command(root_user: bool) -> list[str]:
    """The command that starts JupyterLab; as root, where Jupyter asks for a word, it has that word."""
    options = [f"--ServerApp.root_dir={ROOT}", *["--allow-root"] * root_user]
    return [sys.executable, "-m", "jupyterlab", *options, str(ROOT / "index.ipynb")]


def main() -> None:
    """Become JupyterLab, with what the command line adds."""
    if os.access(ROOT, os.W_OK):
        (ROOT / environment.OWN).mkdir(exist_ok=True)
    trust.main()
    sys.stdout.flush()
    words = [*command(os.geteuid() == 0), *sys.argv[1:]]
    os.execve(sys.executable, words, {**os.environ, **environment.kernel_path()})


if __name__ == "__main__":
    main()
