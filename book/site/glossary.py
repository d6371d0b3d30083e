"""The glossary as its file has it: words, anchors and what they mean."""

from __future__ import annotations

import re
from pathlib import Path

ENTRY = re.compile(r"^(?P<term>\S.*)\n(?P<meaning>(?:    .*\n?)+)", re.MULTILINE)
NO_ANCHOR = re.compile(r"[^a-zA-Z0-9._]+")
ROLE = re.compile(r"\{\w+\}`([^`<]+?)(?: <[^`>]*>)?`")


def entries(path: Path) -> dict[str, str]:
    """The meaning of each word of the glossary as plain text, in one line."""
    inside = path.read_text("utf-8").partition("```{glossary}\n")[2].partition("\n```")[0] + "\n"
    return {
        entry["term"]: ROLE.sub(r"\1", " ".join(entry["meaning"].split())).replace("`", "").replace("*", "")
        for entry in ENTRY.finditer(inside)
    }


def anchor(term: str) -> str:
    """The anchor that Sphinx gives a word: ``term-name-server``, ``term-N-1-problem``."""
    return NO_ANCHOR.sub("-", f"term-{term}").rstrip("-")


def terms(path: Path) -> dict[str, str]:
    """The words of the glossary by their anchors."""
    return {anchor(term): term for term in entries(path)}
