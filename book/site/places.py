"""What stands where in a built page: the text of each place that a link can lead to, for the search.

A place is a section, a code cell with its outputs, a term of the glossary, a row of the claims or a source. All that
the page shows counts: tables and drawings in outputs, formulas, and what widgets.js will draw.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from book.site.widgets import WIDGET_STATE, WIDGET_VIEW

# Elements within which, and beside which, a word goes on; any other ends it
WITHIN_WORDS = {"a", "abbr", "b", "cite", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "wbr"}
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What is the title of a place, by its kind: the first of these elements in it
TITLES = {"section": {"h1", "h2", "h3", "h4", "h5", "h6"}, "term": {"dt"}, "row": {"th", "td"}, "source": {"span"}}
# Classes of what stands on every page alike
ON_EVERY_PAGE = {"above", "tools"}
# Strings of a widget that nobody reads: names in the program
UNREAD = {"kind", "name", "played"}
# and of what moves in its drawings those that are read; the still part of each stands in the page
READ_IN_DRAWINGS = ("words", "unit")


@dataclass
class Place:
    """Where a link of the search leads."""

    anchor: str
    """empty for the top of a page"""
    kind: str = "section"
    """or ``cell``, ``term``, ``row``, ``source``"""
    title: str = ""
    """empty for a cell alone"""
    parts: list[str] = field(default_factory=list)
    """its text without the title, without that of places within it"""

    @property
    def text(self) -> str:
        """What stands there, in one line."""
        return " ".join("".join(self.parts).split())


def strings(value: Any) -> Iterator[str]:
    """All that a widget says: the strings in what it shows."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "drawings":
                moving = [part for drawing in item.values() for part in drawing.get("moving", [])]
                yield from strings([part[key] for part in moving for key in READ_IN_DRAWINGS if key in part])
            elif name not in UNREAD:
                yield from strings(item)


def _kind(tag: str, classes: set[str]) -> str:
    """What kind of place an element is that has an id; nothing for one that is none."""
    if tag == "div":
        return "cell" if "cell" in classes else "source" if "citation" in classes else ""
    return {"section": "section", "dt": "term", "tr": "row"}.get(tag, "")


class _Reader(HTMLParser):
    """Puts each piece of text to the innermost place around it."""

    def __init__(self) -> None:
        super().__init__()
        self.places = [Place("")]
        self.open: list[tuple[str, Place]] = []
        """the elements around what is read, from <article> on, each with the place that it is in"""
        self.title: list[str] | None = None
        """the parts of the title that is being read"""
        self.title_depth = 0
        self.script = ""
        self.views: list[tuple[str, Place]] = []
        """the widgets of the page by the id of their model"""
        self.states: dict[str, Any] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        if tag == "script":
            self.script = names.get("type") or "text/javascript"
        if not self.open and tag != "article":
            return
        self.end_word(tag)
        if tag in EMPTY:
            return
        classes = set(names.get("class", "").split())
        place = self.open[-1][1] if self.open else self.places[0]
        kind = _kind(tag, classes) if "id" in names and not self.is_whole_page(tag) else ""
        if kind:
            place = Place(names["id"], kind)
            self.places.append(place)
        elif tag == "dd":
            place = self.places[-1]  # a term and what it means stand side by side
        elif ON_EVERY_PAGE & classes or (tag == "p" and self.open[-1][0] == "noscript"):
            place = Place("")  # no place of the page
        self.open.append((tag, place))
        if not place.title and self.title is None and tag in TITLES.get(place.kind, ()):
            self.title, self.title_depth = [], len(self.open)

    def is_whole_page(self, tag: str) -> bool:
        """Whether a section is the outermost."""
        return tag == "section" and not any(outer == "section" for outer, _ in self.open)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of a drawing that closes itself."""
        self.end_word(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.script = ""
        if not any(outer == tag for outer, _ in self.open):
            return
        self.end_word(tag)
        place = self.open[-1][1]
        while self.open.pop()[0] != tag:
            pass
        if self.title is not None and len(self.open) < self.title_depth:
            place.title, self.title = " ".join("".join(self.title).split()), None

    def end_word(self, tag: str) -> None:
        """Keep apart what two elements show."""
        if self.open and tag not in WITHIN_WORDS:
            self.write(" ")

    def write(self, text: str) -> None:
        """Add to the title that is being read, or else to the place."""
        (self.open[-1][1].parts if self.title is None else self.title).append(text)

    def handle_data(self, data: str) -> None:
        if self.script == WIDGET_STATE:
            self.states |= json.loads(data)["state"]
        elif self.script == WIDGET_VIEW and self.open:
            self.views.append((json.loads(data)["model_id"], self.open[-1][1]))
        elif self.open and not self.script and self.open[-1][0] != "style":
            self.write(data)


def places(page: str) -> list[Place]:
    """The places of a page in its order, the page itself first; ``page`` is the HTML of the whole."""
    reader = _Reader()
    reader.feed(page)
    for model, place in reader.views:
        for words in strings(reader.states.get(model, {}).get("state", {}).get("spec", {})):
            place.parts.append(f" {words} ")
    return reader.places
