"""The search of the built site: what a page shows is found, over http and from a folder, and no query breaks it."""

from __future__ import annotations

import gzip
import json
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from book.site import search
from book.site.places import places
from book.site.words import BookWords
from tests.book.opening import chapter_page, settle

pytestmark = pytest.mark.browser
LANGUAGE = BookWords({})
MOST_OF_A_CHAPTER = 4096
TEXTS = 1000
# What stands in the book, and a page that has it
SHOWN = {
    "503": "when_full", "404": "tiers", "304": "two_clients", "421": "one_request", "127.0.0.1": "one_request",
    "mysite.com": "one_request", "api.mysite.com": "one_request", "kill -9": "tiers", "14 kB": "two_clients",
    "Retry-After": "when_full", "keep-alive": "two_clients", "N+1": "tiers", "1,000": "when_full", "1000": "when_full",
    "λ": "one_request", "looked-up": "one_request", "p99": "measuring", "Connection: close": "two_clients",
}
NOTHING = [
    "__proto__", "constructor", "hasOwnProperty", "toString", "<img src=xyzzy onerror=xyzzy()>", "a" * 10_000,
    "שלום", "ﬁ", "%E0%A4%A", "xyzzyplugh", "a.b.constructor", "xyzzyplugh " * 2_000, "null", "undefined",
    "1." * 1_000 + "1",
]
NO_WORD = ["'", '"', "%", "\\", ".*", "(", "[", "$&", "🙂" * 50, "\ud800", "\x00", "\u202e", "`", "-", "\u0301"]
WITH_PLACES = ["-cache", "cache -server", "503%", "a\x00cache", "\u202ecache", "ca\u0301che", "<b>cache</b>", "CACHE",
               "cache " * 2_000, "\uff43ache"]
ANSWER = """(query) => { Search.answer(query); return [document.querySelector("#search-status").textContent,
  [...document.querySelectorAll("#search-results li a")].map((link) => link.getAttribute("href"))]; }"""


@pytest.fixture(scope="module")
def messages() -> list[str]:
    """What the browser complains of: nothing."""
    return []


@pytest.fixture(scope="module")
def page(browser: Browser, site: Path, messages: list[str]) -> Iterator[Page]:
    """The search page of the folder, open for all tests."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto((site / "search.html").resolve().as_uri())
    yield page
    page.close()


def answer(page: Page, query: str) -> tuple[str, list[str]]:
    """What the page says to a query, and where its links lead."""
    status, links = page.evaluate(ANSWER, query)
    return status, links


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_leads_from_the_cover_to_a_term(browser: Browser, site: Path, server: str, scheme: str) -> None:
    """Over http and from a folder, with a silent console; nothing of the search is loaded before."""
    complaints: list[str] = []
    files: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: files.append(request.url.split("?")[0].rpartition("/")[2]))
    page.goto(server + "index.html" if scheme == "http" else (site / "index.html").resolve().as_uri())
    assert not {"searchindex.js", "search.js", "language_data.js"} & set(files)
    page.get_by_role("searchbox", name="Search the book").fill("503 %&<'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Found: ")
    assert page.get_by_role("searchbox").input_value() == "503 %&<'"
    page.get_by_role("searchbox").fill("resolver")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Found: ")
    first = page.locator("#search-results li").first
    expect(first).to_contain_text("Glossary")
    first.get_by_role("link", name="resolver", exact=True).click()
    expect(page.locator("#term-resolver")).to_be_in_viewport()
    page.close()
    assert complaints == []


def test_numbers_codes_and_names_are_found(page: Page) -> None:
    missing = {query: topic for query, topic in SHOWN.items()
               if not any(link.startswith(chapter_page(topic)) for link in answer(page, query)[1])}
    assert missing == {}


@pytest.mark.parametrize("name", [chapter_page("when_full"), "book/glossary.html"])
def test_all_that_a_page_shows_is_found(browser: Browser, page: Page, site: Path, name: str) -> None:
    """Each piece between two blanks, as a reader copies it: prose, code, tables, drawings and widgets."""
    opened_page = browser.new_page(viewport={"width": 1280, "height": 900})
    opened_page.goto((site / name).resolve().as_uri())
    settle(opened_page)
    opened_page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    # what only a widget's script writes: its buttons, and the numbers of the value that a control has
    opened_page.evaluate("""for (const part of document.querySelectorAll(
      ".tools, button, .explorer dd, .explorer [aria-live], .prediction-distance")) part.remove()""")
    text = opened_page.locator("article").inner_text()
    opened_page.close()
    pieces = sorted({piece for piece in text.split() if LANGUAGE.terms(piece)})
    assert len(pieces) > 500
    missing = page.evaluate("""([pieces, name]) => pieces.filter((piece) => {
      const matches = wordsOf(piece).map((word) => Search.index.of(word));
      return !Search.index.find(matches, true).some((place) => place.page === name);
    })""", [pieces, name.removesuffix(".html")])
    assert missing == []


def test_every_query_ends_in_an_answer(page: Page, messages: list[str]) -> None:
    """Whatever its letters; the page shows them and runs none."""
    for query in ("", " ", "\t\n", "\u00a0"):
        assert answer(page, query) == ("Type a word, a number or a name, such as cache, 503 or api.mysite.com.", [])
    for query in NO_WORD:
        status, links = answer(page, query)
        assert ("has no letter and no digit" in status, links) == (True, []), query
    for query in NOTHING:
        status, links = answer(page, query)
        assert ("stands nowhere in the book" in status, links) == (True, [])
        assert len(status) < 200
        assert page.locator("#search-status :not(bdi, a)").count() == 0, query
    for query in WITH_PLACES:
        status, links = answer(page, query)
        assert (status == f"Found: {len(links)}", len(links) > 0) == (True, True), query[:40]
    assert messages == []


@pytest.mark.parametrize("query", ["%", "%00", "%E0%A4%A", "__proto__", "%3Cimg+src%3Dx%3E", "%F0%9F%99%82", "+"])
def test_an_address_that_is_typed_is_answered(page: Page, messages: list[str], query: str) -> None:
    page.goto(page.url.split("?")[0] + f"?q={query}")
    expect(page.get_by_role("status")).not_to_be_empty()
    assert messages == []


def test_all_words_of_a_query_have_to_be_there(page: Page) -> None:
    """A word that the book has not is named, and the others are offered; so are words that no page has together."""
    pages = {query: {link.partition("#")[0] for link in answer(page, query)[1]}
             for query in ("503", "Erlang", "503 Erlang")}
    assert pages["503 Erlang"] and pages["503 Erlang"] <= pages["503"] & pages["Erlang"]
    assert answer(page, "cache xyzzyplugh")[0] == "“xyzzyplugh” stands nowhere in the book. Look for the others: cache"
    expect(page.get_by_role("status").get_by_role("link", name="cache")).to_have_attribute("href", "?q=cache")
    status, links = answer(page, "erlang cookie sqlite harchol zone")
    assert ("has no place in the book with all its words. Leave one out" in status, links) == (True, [])
    assert answer(page, "to be or not to be")[0] == \
        "“to be or not to be” is too common to look for. Add a word that says what it is about."


@pytest.mark.parametrize("query, first", [
    ("cache", "book/glossary.html#term-cache"),
    ("name servers", "book/glossary.html#term-name-server"),
    ("N+1 problem", "book/glossary.html#term-N-1-problem"),
    ("When one server is full", chapter_page("when_full")),
    ("a cache in between", f"{chapter_page('two_clients')}#a-cache-in-between"),
    ("S5", "book/claims.html#claim-S5"),
])  # fmt: skip
def test_titles_headings_and_terms_come_first(page: Page, query: str, first: str) -> None:
    assert answer(page, query)[1][0] == first


def test_a_whole_number_comes_before_its_beginning(page: Page) -> None:
    """And words of one place before words that a page has in several."""
    order = page.evaluate("""() => {
      const index = new Index({ pages: [["a", 0, [["", "Page", ""], ["begins", "One", ""], ["longer", "Two", ""],
        ["whole", "Three", ""], ["cell", "", ""], ["heading", "503", ""]]]], common: 0,
        words: "5031 503.7 503 other", holdings: ["#", "$", "$", "$", "$", "#"] });
      return [["503"], ["503", "other"]].map((words) =>
        index.find(words.map((word) => index.of(word)), true).map((place) => place.anchor));
    }""")
    assert order == [["heading", "whole", "longer", "begins"], ["whole"]]


def test_many_places_are_shown_when_they_are_asked_for(page: Page) -> None:
    links = answer(page, "server")[1]
    visible = page.locator("#search-results li:visible")
    expect(visible).to_have_count(20)
    page.get_by_role("button", name=f"Show the other {len(links) - 20}", exact=True).press("Enter")
    expect(visible).to_have_count(len(links))
    assert page.evaluate("document.activeElement.closest('li') === document.querySelectorAll('#search-results li')[20]")


def texts() -> list[str]:
    """Texts of all that Unicode had in 2002, so that browser and Python know the same; half of it what splits words."""
    letters = [chr(code) for code in range(0x30000) if unicodedata.ucd_3_2_0.category(chr(code)) not in {"Cn", "Co"}]
    marks = "aB9z0_.,'\u2019+-\u2010/: \u00ad\u0301éßİΣςµ½²ﬁ\u00a0⟨⟩"
    draw = random.Random(503)
    return ["".join(draw.choice(letters if draw.random() < 0.3 else marks) for _ in range(draw.randint(1, 30)))
            for _ in range(TEXTS)]


def test_page_and_index_split_and_stem_alike(page: Page, site: Path) -> None:
    """Also every word of the book, with the endings that the stemmer knows."""
    words = sorted({word for path in site.rglob("*.html") for place in places(path.read_text("utf8"))
                    for word in LANGUAGE.split(f"{place.title} {place.text}")})
    cases = [*texts(), *words, *(f"{word}{end}" for word in words for end in ("ing", "ational", "ies", "'s", "ed"))]
    theirs = page.evaluate("""(texts) => JSON.stringify(JSON.parse(texts).map((text) =>
      splitQuery(text).map((word) => [word, stem(word)])))""", json.dumps(cases))
    ours = [[[word, LANGUAGE.stem(word)] for word in LANGUAGE.split(text)] for text in cases]
    assert [pair for pair in zip(cases, ours, json.loads(theirs), strict=True) if pair[1] != pair[2]] == []


def test_the_page_reads_what_the_build_wrote(page: Page, site: Path) -> None:
    """Of each place of the book its words, from the numbers in the index."""
    written = json.loads(page.evaluate("""() => {
      const places = Search.index.places.map(({ page, anchor }) => [page, anchor, []]);
      for (const [word, having] of Search.index.words) for (const place of having) places[place][2].push(word);
      return JSON.stringify(places.map(([page, anchor, words]) => [page, anchor, words.sort()]));
    }"""))
    assert len(written) > 100
    for name in dict.fromkeys(name for name, _, _ in written):
        listed = places((site / f"{name}.html").read_text("utf8"))
        expected = [[name, place.anchor, sorted(words, key=lambda word: word.encode("utf-16-be"))]
                    for place, words in zip(listed, search.terms(listed, LANGUAGE), strict=True)]
        assert [place for place in written if place[0] == name] == expected


def test_the_index_of_a_chapter_is_small(site: Path) -> None:
    """As it goes over the network."""
    names = [path.relative_to(site).with_suffix("").as_posix() for path in sorted((site / "chapters").glob("*.html"))]
    chapters = {name: places((site / f"{name}.html").read_text("utf8")) for name in names}
    text = json.dumps(search.index(chapters, LANGUAGE), ensure_ascii=False, separators=(",", ":"))
    assert len(gzip.compress(text.encode())) <= MOST_OF_A_CHAPTER * len(names)
