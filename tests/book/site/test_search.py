"""What the index has; that the page reads it is tested in the built site (tests/book/test_search.py)."""

import pytest

from book.authoring.environment import ROOT, chapter
from book.site import contents
from book.site.places import Place
from book.site.search import COMMON, first_line, index, written
from book.site.words import BookWords

NAME = chapter("when_full").relative_to(ROOT).with_suffix("").as_posix()


@pytest.mark.parametrize("numbers, text", [([0, 1, 44], "#$O"), ([45], "Q#"), ([2024], "|O"), ([2025], "QP#")])
def test_numbers_are_short(numbers: list[int], text: str) -> None:
    assert written(numbers) == text


def test_a_section_shows_how_it_begins() -> None:
    text = "Here is a real server in a process of its own."
    assert first_line(Place("a", parts=[text])) == "Here is a real server in a process of …"
    assert first_line(Place("a", parts=["Short."])) == "Short."
    assert first_line(Place("a", "cell", parts=[text])) == ""


def test_the_index_has_a_word_once_and_its_places() -> None:
    """Of a cell only what its section does not say."""
    pages = {
        "index": [Place("", title="Cover", parts=["a resolver"])],
        NAME: [
            Place("", title="Full", parts=["503 resolver"]), Place("more", title="More", parts=["zone 404"]),
            Place("count", "cell", parts=["zone 503"]),
        ],
    }
    assert index(pages, BookWords({})) == {
        "pages": [
            ["index", 0, [["", "Cover", "a resolver"]]],
            [NAME, int(contents.chapter_number(NAME)),
             [["", "Full", "503 resolver"], ["more", "More", "zone 404"], ["count", "", ""]]],
        ],
        "words": "cover resolver 503 full 404 mor zon",
        "common": 0,
        "holdings": [written([2]), written([2, 1]), written([3]), written([0, 2])],
    }


def test_common_words_come_first() -> None:
    pages = {"index": [Place("", title="Rare"), *(Place("x", title="Common") for _ in range(COMMON))]}
    assert (index(pages, BookWords({}))["words"], index(pages, BookWords({}))["common"]) == ("common rar", 1)
