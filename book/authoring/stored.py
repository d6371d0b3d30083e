"""Notebooks as they are stored: one form of the text, and a file that is written whole or not at all."""

import os
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode


def text_of(notebook: NotebookNode) -> str:
    """The notebook as its file has it."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def write(path: Path, text: str) -> None:
    """Put a text into a file at once: who is interrupted, or finds the disk full, has the old one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def renew(path: Path, notebook: NotebookNode, *, check: bool = False) -> bool:
    """Store the notebook; True where the file's text changed (with `check`: would have, and nothing is written)."""
    differs = text_of(notebook) != path.read_text("utf-8")
    if differs and not check:
        write(path, text_of(notebook))
    return differs
