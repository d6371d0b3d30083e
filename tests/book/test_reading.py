"""What a reader does with the site: search, choose colours, print, read in the book's typefaces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
PAPER = {"light": "rgb(251, 249, 244)", "dark": "rgb(17, 21, 28)"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page: nothing is remembered from another test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield context.new_page()
    context.close()


def paper(page: Page) -> str:
    """The colour of the page as it is shown."""
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_finds_a_word(page: Page, site: Path, server: str, scheme: str) -> None:
    """From the cover, over http and from a folder, with a silent console."""
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(server + "index.html" if scheme == "http" else (site / "index.html").resolve().as_uri())
    page.get_by_role("searchbox", name="Search the book").fill("resolver")
    page.keyboard.press("Enter")
    found = page.locator("#search-results li a")
    expect(found.filter(has_text="Glossary").first).to_be_visible()
    expect(page.locator("#search-results")).to_contain_text("found")
    found.filter(has_text="Glossary").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")
    assert messages == []


def test_search_says_when_there_is_nothing(page: Page, server: str) -> None:
    """A word that stands nowhere gives a sentence, not an empty page."""
    page.goto(server + "search.html?q=xyzzyplugh")
    expect(page.locator("#search-results")).to_contain_text("did not match")


def test_colours_follow_the_system_until_chosen(page: Page, server: str) -> None:
    """auto follows the system; the switch goes to light and dark, and the next page remembers."""
    page.goto(server + "index.html")
    switch = page.get_by_role("button", name="Colours: auto")
    assert paper(page) == PAPER["light"]
    page.emulate_media(color_scheme="dark")
    assert paper(page) == PAPER["dark"]
    switch.click()
    assert paper(page) == PAPER["light"]
    page.get_by_role("button", name="Colours: light").click()
    page.emulate_media(color_scheme="light")
    assert paper(page) == PAPER["dark"]
    page.goto(server + "book/glossary.html")
    assert paper(page) == PAPER["dark"]
    page.get_by_role("button", name="Colours: dark").click()
    page.reload()
    assert paper(page) == PAPER["light"]


def test_colours_work_without_storage(browser: Browser, server: str) -> None:
    """Where storing is forbidden the switch still switches, and nothing is complained of."""
    context = browser.new_context(color_scheme="light")
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server + "index.html")
    page.get_by_role("button", name="Colours: auto").click()
    page.get_by_role("button", name="Colours: light").click()
    assert (paper(page), errors) == (PAPER["dark"], [])
    context.close()


def test_faces_are_the_books_own(page: Page, server: str) -> None:
    """Text stands in Source Serif and labels in Source Sans, both brought by the site."""
    page.goto(server + "book/how-to-read.html")
    page.evaluate("document.fonts.ready.then(() => true)")
    for face in ('19px "Book Serif"', '600 19px "Book Sans"'):
        assert page.evaluate("face => document.fonts.check(face)", face)
    loaded = page.evaluate("[...document.fonts].filter(face => face.status === 'loaded').map(face => face.family)")
    assert {name.strip('"') for name in loaded} == {"Book Serif", "Book Sans"}


def test_contents_unfold_on_a_phone(page: Page, server: str) -> None:
    """The contents lead from the cover to the first chapter with the keyboard alone."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server + "book/glossary.html")
    page.locator(".menu > summary").press("Enter")
    link = page.locator(".menu a", has_text="How to read")
    expect(link).to_be_visible()
    link.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("How to read")


def test_print_is_black_on_white(page: Page, server: str) -> None:
    """On paper: no bar, no contents, no controls, whatever the mode."""
    page.goto(server + "book/how-to-read.html")
    page.emulate_media(media="print", color_scheme="dark")
    assert paper(page) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".rail")).to_be_hidden()
