"""make book: build the site, a warning being an error, and say how to open it.

It runs ``jupyter-book build . -W --keep-going``, shows how far that is, and puts what it complains of at the end, in
words that lead to the cell. No notebook is executed: the pages show the committed outputs.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = Path("_build/html")
# As a module, since the program in .venv/bin names its folder in its first line, into which not every name fits
JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
COLOUR = re.compile(r"\x1b\[[0-9;]*[a-zA-Z]")
STEP = re.compile(r"(reading sources|writing output)\.\.\. \[ *(\d+)%\] (\S+)")
COMPLAINT = re.compile(r"\b(WARNING|ERROR|CRITICAL|SEVERE)\b|[Ee]xtension error|^\S*(Error|Exception|Warning)\b.*:")
# MyST-NB counts a notebook's lines as 10000 times the cell plus the line in it
CELL = re.compile(r"(\S+\.ipynb):(\d+):")
STEPS = {"reading sources": "Reading", "writing output": "Writing"}


def in_cells(line: str) -> str:
    """Return a complaint with its place as an author looks for it: ``a.ipynb:30004:`` is in cell 3, line 4."""
    def place(match: re.Match[str]) -> str:
        cell, row = divmod(int(match[2]), 10_000)
        return f"{match[1]}, cell {cell}, line {row}:" if cell else match[0]
    return CELL.sub(place, line).replace(f"{ROOT}/", "")


def progress(step: re.Match[str]) -> str:
    """Return one line that says what Sphinx does, and how many per cent of it; `step` is a match of STEP."""
    return f"  {STEPS[step[1]]} {step[2]:>3} %  {step[3]}"


def run(command: list[str]) -> tuple[int, list[str], list[str]]:
    """Run the build and print its steps. Return its exit code, its complaints and its last lines, at most 25."""
    live = sys.stdout.isatty()
    complaints, last = [], []
    with subprocess.Popen(command, cwd=ROOT, text=True, encoding="utf8", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as build:
        assert build.stdout is not None
        for raw in build.stdout:
            line = COLOUR.sub("", raw).rstrip()
            if step := STEP.match(line):
                # in a terminal one line that changes, in a log one line a step
                if live:
                    print(f"\r\x1b[K{progress(step)}", end="", flush=True)
                elif step[2] == "100":
                    print(progress(step), flush=True)
            elif line.strip():
                last = [*last[-24:], line]
                if COMPLAINT.search(line):
                    complaints.append(in_cells(line))
    if live:
        print("\r\x1b[K", end="")
    return build.returncode, complaints, last


def main() -> int:
    """Build the site, and say where it is or why it is not; the exit code is the build's."""
    print("Building the book: no notebook is run, a warning is an error.", flush=True)
    start = time.monotonic()
    code, complaints, last = run([*JUPYTER_BOOK, "build", ".", "-W", "--keep-going"])
    if code:
        print("\n".join(dict.fromkeys(complaints)) or "\n".join(last), file=sys.stderr)
        print("The book was not built: what is listed above has to be mended first.", file=sys.stderr)
        return code
    pages = len(list((ROOT / SITE).rglob("*.html")))
    print(f"{pages} pages in {time.monotonic() - start:.0f} s.")
    print(f"Open {SITE / 'index.html'} in a browser, or run: make serve")
    return 0


if __name__ == "__main__":
    sys.exit(main())
