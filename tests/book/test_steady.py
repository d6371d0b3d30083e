"""A page stands still while it opens, and a link to a place in it leads there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]
CHAPTER = "chapters/01-one-request.html"
# Between two good results lies a lot: 0.1 and more before faces were asked for early, and 0 since
MOST_SHIFT = 0.02
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
# Everything is drawn, and a page that has scrolled has come to rest
RESTED = """document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 500)))"""


def open_page(browser: Browser, size: dict[str, int], address: str) -> Page:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.evaluate(RESTED)
    return page


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_nothing_jumps_while_a_page_opens(browser: Browser, server: str, address: str, size: dict[str, int]) -> None:
    """The search page with results."""
    page = open_page(browser, size, server + address + "?q=cache" * (address == "search.html"))
    shift = page.evaluate("window.shift")
    page.context.close()
    assert shift <= MOST_SHIFT


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
@pytest.mark.parametrize("anchor", ["quiz", "the-address", "what-this-does-not-show"])
def test_a_link_to_a_place_leads_there(browser: Browser, site: Path, size: dict[str, int], anchor: str) -> None:
    """Though the widgets above it are drawn after the browser went there."""
    page = open_page(browser, size, f"{(site / CHAPTER).resolve().as_uri()}#{anchor}")
    top = page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", anchor)
    page.context.close()
    assert 0 <= top <= 40


def test_a_reader_who_has_scrolled_is_left_where_they_are(browser: Browser, site: Path) -> None:
    """The widgets come late, and by then the reader has turned the wheel."""
    context = browser.new_context(viewport=SIZES[0])
    page = context.new_page()
    page.add_init_script("""
      const drawn = Promise.all.bind(Promise);
      Promise.all = (parts) => drawn([...parts, new Promise((done) => { window.release = done; })]);
    """)
    page.goto(f"{(site / CHAPTER).resolve().as_uri()}#quiz")
    page.wait_for_function("typeof window.release === 'function'")
    page.evaluate("scrollTo(0, 0)")
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(300)
    page.evaluate("release()")
    page.evaluate(RESTED)
    top = page.evaluate("scrollY")
    context.close()
    assert top < 1000
