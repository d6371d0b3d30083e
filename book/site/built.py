"""Reading a built page or sheet: the ids it has and the addresses it names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LINKS = {"href", "src", "action"}
# attributes that name elements of the same page by their ids
NAMING = {"for", "aria-labelledby", "aria-describedby", "aria-controls"}
SHEET_ADDRESS = re.compile(r"url\(\s*[\"']?([^)\"']+)")


@dataclass
class Page:
    """What stands in one HTML file."""

    ids: list[str] = field(default_factory=list)
    """in the order of the page, doubles included"""
    addresses: list[tuple[str, str]] = field(default_factory=list)
    """tag and address, as in ("a", "glossary.html#zone")"""
    named: list[str] = field(default_factory=list)
    """ids that labels and descriptions refer to"""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not value:
                continue
            if name == "id":
                self.page.ids.append(value)
            elif name in LINKS:
                self.page.addresses.append((tag, value))
            elif name in NAMING:
                self.page.named += value.split()


@cache
def read(file: Path) -> Page:
    """Read an HTML file."""
    reader = _Reader()
    reader.feed(file.read_text("utf8"))
    return reader.page


def addresses(file: Path) -> list[str]:
    """What a page or a sheet names, as it names it; nothing for any other file."""
    if file.suffix == ".html":
        return [address for _, address in read(file).addresses]
    return SHEET_ADDRESS.findall(file.read_text("utf8")) if file.suffix == ".css" else []


def loads(file: Path) -> set[Path]:
    """The files that a browser may load to show a page: sheets, their faces, scripts, icon and pictures."""
    files: set[Path] = set()
    waiting = [target(file, address) for tag, address in read(file).addresses if tag not in {"a", "form"}]
    while waiting:
        goal = waiting.pop()
        if goal and goal[0] not in files:
            files.add(goal[0])
            waiting += [target(goal[0], address) for address in addresses(goal[0])]
    return files


def target(file: Path, address: str) -> tuple[Path, str] | None:
    """The file and the anchor that ``address`` means in ``file``; None for what leaves the site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    return path, unquote(parts.fragment)
