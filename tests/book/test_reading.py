"""What a reader does with the site: choose colours, print, read in the book's typefaces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from book.authoring.environment import chapter
from tests.book.opening import chapter_page, settle

pytestmark = pytest.mark.browser
CHAPTER = chapter_page("one_request")
OPENED_AGAIN = 10
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


def faces_of(page: Page, selector: str) -> set[str]:
    """The typefaces in which the browser has drawn an element's text."""
    session = page.context.new_cdp_session(page)
    for command in ("DOM.enable", "CSS.enable"):
        session.send(command)
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    session.detach()
    return {font["familyName"] for font in fonts if font["isCustomFont"]}


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_faces_are_the_books_own(page: Page, site: Path, server: str, scheme: str) -> None:
    """Text stands in Source Serif and labels in Source Sans, both brought by the site, from a folder too."""
    page.goto((server if scheme == "http" else f"{site.resolve().as_uri()}/") + CHAPTER)
    for _ in range(OPENED_AGAIN):
        settle(page)
        faces = faces_of(page, "main h1"), faces_of(page, ".tools a"), faces_of(page, "main .tools + p")
        if all(faces):
            break
        page.reload()  # a machine may be too busy to bring a face in time for the first picture
    assert faces == ({"Source Serif Pro Semibold"}, {"Source Sans Pro"}, {"Source Serif Pro"})


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


def test_notebook_is_to_be_had_from_its_page(page: Page, site: Path) -> None:
    """From a folder too: the very file of the book."""
    page.goto((site / CHAPTER).resolve().as_uri())
    link = page.get_by_role("link", name="Download the notebook")
    assert link.get_attribute("download") is not None
    there = site / "chapters" / (link.get_attribute("href") or "")
    assert there.read_bytes() == chapter("one_request").read_bytes()
    page.get_by_role("link", name="How to run it", exact=True).click()
    expect(page.get_by_role("heading", name="Run", exact=True)).to_be_in_viewport()


def test_copy_button_covers_no_code_where_nothing_hovers(browser: Browser, site: Path) -> None:
    """On a phone it stands always, above the first line."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto((site / CHAPTER).resolve().as_uri())
    page.wait_for_selector(".copy", state="attached")
    places = page.evaluate("""[...document.querySelectorAll('.copy')].map((button) => [
      getComputedStyle(button).opacity, button.getBoundingClientRect().bottom,
      button.parentElement.querySelector('pre').getBoundingClientRect().top])""")
    context.close()
    assert places and all(opacity == "1" and below <= above for opacity, below, above in places), places


@pytest.mark.parametrize("width, where", [(1280, ".rail"), (390, ".menu")])
def test_contents_hold_the_sections_of_the_chapter(page: Page, site: Path, width: int, where: str) -> None:
    """Where there is no room for a list of its own."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((site / CHAPTER).resolve().as_uri())
    if where == ".menu":
        page.locator(".menu > summary").click()
    link = page.locator(where).get_by_role("link", name="Exercises", exact=True)
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", name="Exercises", exact=True)).to_be_in_viewport()
    assert page.locator(".menu").get_attribute("open") is None, "unfolded it would lie over the section"


def test_sections_stand_once_on_a_wide_screen(page: Page, site: Path) -> None:
    """Beside the text, under a title that stays with them."""
    page.set_viewport_size({"width": 1500, "height": 900})
    page.goto((site / CHAPTER).resolve().as_uri())
    expect(page.locator(".rail .within")).to_be_hidden()
    page.evaluate("scrollTo({ top: 5000, behavior: 'instant' })")
    expect(page.locator(".local .caps")).to_be_in_viewport()
    expect(page.locator(".turn [rel=next]")).to_contain_text("Next Two clients, one resource")
    last = sorted((site / "chapters").glob("*.html"))[-1]
    page.goto(last.resolve().as_uri())
    expect(page.locator(".turn [rel=next]")).to_contain_text("At the back")


def test_short_code_and_addresses_do_not_break_anywhere(page: Page, site: Path) -> None:
    """At 390 pixels: code in a sentence and formulas with their full stop stand on one line."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((site / CHAPTER).resolve().as_uri())
    lines = "(pieces) => pieces.map((each) => new Set([...each.getClientRects()].map((part) => part.top)).size)"
    for piece in ("code.short", ".together"):
        assert set(page.locator(f"main {piece}").evaluate_all(lines)) == {1}
    page.goto((site / "book" / "references.html").resolve().as_uri())
    assert page.locator(".citation a", has_text="modeling-ttl.html").locator("wbr").count() == 2
