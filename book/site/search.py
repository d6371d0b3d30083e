"""The index that the page's search reads, made of the built pages: what is found is what they show.

Sphinx's own index knows pages alone and drops numbers; by section and cell it would be twice as large. This one has the
words of the book once, in the order in which they first stand in it, and of each place the numbers of its words.
theme/static/search.js reads it; both split and stem as words.py says, the page with what Sphinx makes of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from book.site import contents
from book.site.places import Place, places
from book.site.words import BookWords

LINE_LENGTH = 38
"""characters of a section's beginning that the search shows"""
COMMON = 8
"""words that stand in so many places have the lowest numbers, which are short"""
DIGITS = 45
FIRST_DIGIT = 35
"""a number is written in the characters from # on; those of its last digit are the lower 45"""


def written(numbers: Iterable[int]) -> str:
    """Numbers as text, the small ones in one character: base 45, the highest digit first, no space between them.

    search.js reads it.
    """
    text = ""
    for number in numbers:
        last, higher = number % DIGITS, number // DIGITS
        digits = chr(FIRST_DIGIT + last)
        while higher:
            digits = chr(FIRST_DIGIT + DIGITS + higher % DIGITS) + digits
            higher //= DIGITS
        text += digits
    return text


def first_line(place: Place) -> str:
    """How a section begins, cut between two words."""
    if place.kind != "section" or len(place.text) <= LINE_LENGTH:
        return place.text * (place.kind == "section")
    return place.text[:LINE_LENGTH].rsplit(" ", 1)[0] + " …"


def terms(page: Iterable[Place], language: BookWords) -> Iterator[set[str]]:
    """Of each place of a page its words; what a section says is not said again of its cells."""
    section: set[str] = set()
    for place in page:
        words = set(language.terms(f"{place.title} {place.text}"))
        if place.title:
            section = words
        yield words if place.title else words - section


def index(pages: Mapping[str, Sequence[Place]], language: BookWords) -> dict[str, Any]:
    """What the search reads of these pages, given by name in the book's order.

    ``pages``: of each page its name, the number of its chapter or 0, and its places: anchor, title, first line.
    ``words``: all words, of which the first ``common`` stand in many places; the others come in the places' order.
    ``holdings``: of each place how many of those others come up here first, then the numbers of the words known before,
    each less the one before it.
    """
    sets = [words for page in pages.values() for words in terms(page, language)]
    counts = Counter(word for words in sets for word in sorted(words))
    numbers = {word: number for number, (word, count) in enumerate(counts.most_common()) if count >= COMMON}
    common, holdings = len(numbers), []
    for words in sets:
        known = sorted(numbers[word] for word in words if word in numbers)
        new = sorted(word for word in words if word not in numbers)
        numbers |= {word: number for number, word in enumerate(new, len(numbers))}
        holdings.append(written([len(new), *(after - before for before, after in pairwise([0, *known]))]))
    listed = [
        [name, int(contents.chapter_number(name) or 0),
         [[place.anchor, place.title, first_line(place)] for place in page]]
        for name, page in pages.items()
    ]
    return {"pages": listed, "words": " ".join(numbers), "common": common, "holdings": holdings}


class Builder(StandaloneHTMLBuilder):
    """Sphinx's builder, with this index in place of its own."""

    def load_indexer(self, docnames: Iterable[str]) -> None:
        """Nothing is taken over from an earlier build: all pages are read again."""

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """A page is read when it is written, as it is shown."""

    def dump_search_index(self) -> None:
        """Write the index; Sphinx asks for it when the last page is written."""
        root = self.config.root_doc
        names = [root, *self.env.toctree_includes.get(root, [])]
        pages = {name: places((Path(self.outdir) / f"{name}.html").read_text("utf8")) for name in names}
        text = json.dumps(index(pages, BookWords({})), ensure_ascii=False, separators=(",", ":"))
        (Path(self.outdir) / self.searchindex_filename).write_text(f"Search.setIndex({text});\n", "utf8")


def setup(app: Sphinx) -> None:
    """Replace Sphinx's English and its builder."""
    app.add_search_language(BookWords)
    app.add_builder(Builder, override=True)
