"""The table of contents: which chapters the book will have, which of them are written, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CHAPTERS = {
    "01-one-request": "One server, one request",
    "02-two-clients": "Two clients, one resource",
    "03-when-full": "When one server is full",
    "04-measuring": "Measuring without fooling yourself",
    "05-tiers": "Splitting the tiers",
    "06-tables": "Tables, keys, joins",
    "07-plans": "Indexes, plans, transactions",
    "08-key-value": "Key-value",
    "09-document": "Document",
    "10-wide-column": "Wide-column",
    "11-graph": "Graph",
    "12-same-question": "Same question, all engines",
    "13-four-claims": "Four claims on trial",
    "14-decide": "Decide and defend",
    "15-whole-road": "The whole road",
}


@dataclass(frozen=True)
class Entry:
    """One line of the contents."""

    page: str
    """the page's name, as ``chapters/01-one-request``"""
    number: str
    """two digits for a chapter, empty for what stands around the chapters"""
    title: str
    written: bool


def chapter_number(page: str) -> str:
    """The two digits of a chapter's page, or nothing: ``chapters/01-one-request`` gives ``01``."""
    folder, _, name = page.rpartition("/")
    return name[:2] if folder == "chapters" and name[:2].isdigit() else ""


def chapters(titles: dict[str, str]) -> list[Entry]:
    """All chapters in order: a written one with the title its page has, another with the title planned for it."""
    written = {page.rpartition("/")[2]: title for page, title in titles.items() if chapter_number(page)}
    return [
        Entry(f"chapters/{name}", name[:2], written.get(name, CHAPTERS.get(name, name)), name in written)
        for name in sorted(CHAPTERS | written)
    ]


def is_last_chapter(page: str, titles: Iterable[str]) -> bool:
    """Whether the next page, after this one, is no chapter any more."""
    return bool(chapter_number(page)) and page == max(filter(chapter_number, titles))


def around(pages: Iterable[str], titles: dict[str, str]) -> tuple[list[Entry], list[Entry]]:
    """What stands before the chapters, and what behind them, in the order of ``_toc.yml``."""
    before: list[Entry] = []
    behind: list[Entry] = []
    place = before
    for page in pages:
        if chapter_number(page):
            place = behind
        else:
            place.append(Entry(page, "", titles[page], written=True))
    return before, behind
