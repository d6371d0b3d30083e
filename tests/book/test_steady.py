"""A page stands still while it opens, whenever its typefaces come, and a link to a place in it leads there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.book.opening import DESKTOP, DRAWN, MOST_SHIFT, PAINTED, PHONE, WATCH, chapter_page, settle

pytestmark = pytest.mark.browser
SIZES = [DESKTOP, PHONE]
CHAPTER = chapter_page("one_request")
LOADED = "[...document.fonts].filter((face) => face.family.includes('Book') && face.status === 'loaded').length"


@contextmanager
def open_page(browser: Browser, size: dict[str, int], address: str) -> Iterator[tuple[Page, list[Route]]]:
    """A page that is being opened while the network keeps its typefaces back, and what is kept back."""
    kept_back: list[Route] = []
    with browser.new_context(viewport=size) as context:
        context.route("**/*.woff2", lambda route: kept_back.append(route))
        context.add_init_script(WATCH)
        page = context.new_page()
        # the load event waits for the faces
        page.goto(address, wait_until="domcontentloaded")
        yield page, kept_back


@pytest.mark.whole
def test_nothing_jumps_whenever_the_typefaces_come(browser: Browser, server: str, address: str) -> None:
    """Neither while the page opens without them, nor when they come after all; the search page with results.

    On a phone, where lines are short and so most of them could break elsewhere.
    """
    search = address == "search.html"
    with open_page(browser, PHONE, server + address + "?q=cache" * search) as (page, kept_back):
        page.wait_for_function(DRAWN)
        if search:
            expect(page.locator("#search-status")).to_contain_text("Found: ")
        page.evaluate(PAINTED)
        assert page.evaluate("shift()") <= MOST_SHIFT
        assert kept_back and page.evaluate(LOADED) == 0
        for route in kept_back:
            route.continue_()
        settle(page)
        assert page.evaluate(LOADED) > 0
        assert page.evaluate("shift()") <= MOST_SHIFT


def test_a_page_is_read_without_typefaces(browser: Browser, server: str) -> None:
    """Where they never come the text is there, as wide as it would be."""
    measure = "[...document.querySelectorAll('main h1, main h2, .tools, main > article > section > p')]"
    measure += ".map((part) => part.offsetHeight).reduce((sum, height) => sum + height)"
    with open_page(browser, DESKTOP, server + CHAPTER) as (page, kept_back):
        page.wait_for_function(DRAWN)
        page.evaluate(PAINTED)
        without = page.evaluate(measure)
        for route in kept_back:
            route.abort()
        page.context.unroute_all()
        page.reload()
        settle(page)
        assert without == pytest.approx(page.evaluate(measure), rel=0.05)


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
@pytest.mark.parametrize("anchor", ["quiz", "the-address", "what-this-does-not-show"])
def test_a_link_to_a_place_leads_there(browser: Browser, site: Path, size: dict[str, int], anchor: str) -> None:
    """Though the widgets above it are drawn after the browser went there."""
    page = browser.new_page(viewport=size)
    page.goto(f"{(site / CHAPTER).resolve().as_uri()}#{anchor}")
    settle(page)
    top = page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", anchor)
    page.close()
    assert 0 <= top <= 40


def test_a_link_to_a_place_leads_there_though_no_typeface_comes(browser: Browser, server: str) -> None:
    with open_page(browser, PHONE, f"{server}{CHAPTER}#quiz") as (page, _):
        page.wait_for_function(DRAWN)
        page.evaluate(PAINTED)
        assert 0 <= page.evaluate("document.getElementById('quiz').getBoundingClientRect().top") <= 40


def test_a_reader_who_has_scrolled_is_left_where_they_are(browser: Browser, site: Path) -> None:
    """The widgets come late, and by then the reader has turned the wheel."""
    page = browser.new_page(viewport=DESKTOP)
    page.add_init_script("""
      const drawn = Promise.all.bind(Promise);
      Promise.all = (parts) => drawn([...parts, new Promise((done) => { window.release = done; })]);
    """)
    page.goto(f"{(site / CHAPTER).resolve().as_uri()}#quiz")
    page.wait_for_function("typeof window.release === 'function'")
    settle(page)
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 0")
    page.evaluate("release()")
    settle(page)
    top = page.evaluate("scrollY")
    page.close()
    assert top < 1000
