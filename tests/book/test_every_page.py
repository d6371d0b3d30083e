"""What holds for every page of the built site, seen in a browser that is offline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from book.site import built
from tests.axe import violations
from tests.book.opening import DESKTOP, MOST_SHIFT, PHONE, WATCH, chapter_page, fit, settle

pytestmark = pytest.mark.browser
TABS = 12
# One page of each kind: what surrounds the text is the same on all of a kind
KINDS = ["index.html", chapter_page("one_request"), "book/glossary.html", "search.html"]


@dataclass
class PageVisit:
    """A page in the browser, and what it did while it was loaded."""

    page: Page
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    shift: float = 0
    """how far things have jumped"""


def listen(visit: PageVisit) -> None:
    """Write down what the page asks for and what it complains of."""
    page = visit.page
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("requestfailed", lambda request: visit.failed.append(request.url))
    page.on("response", lambda answer: visit.failed.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda message: visit.messages.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: visit.messages.append(f"error: {error}"))


def load_with_coverage(visit: PageVisit, address: str) -> None:
    """Load a page under Chromium's coverage, and note each sheet and script of which nothing is used."""
    session = visit.page.context.new_cdp_session(visit.page)
    sheets: dict[str, str] = {}

    def note(event: dict[str, Any]) -> None:
        header = event["header"]
        # without an address and not inline: the browser's own, for the inside of a details element
        if header["sourceURL"] or header["isInline"]:
            sheets[header["styleSheetId"]] = header["sourceURL"] or "a style element"

    session.on("CSS.styleSheetAdded", note)
    for command in ("DOM.enable", "CSS.enable", "Profiler.enable"):
        session.send(command)
    session.send("CSS.startRuleUsageTracking")
    session.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": True})
    visit.page.goto(address)
    settle(visit.page)
    rules = session.send("CSS.stopRuleUsageTracking")["ruleUsage"]
    scripts = session.send("Profiler.takePreciseCoverage")["result"]
    used = {rule["styleSheetId"] for rule in rules if rule["used"]}
    visit.unused += [name for sheet, name in sheets.items() if sheet not in used]
    visit.unused += [
        script["url"] for script in scripts
        if script["url"].startswith(("http", "file"))
        and not any(piece["count"] for function in script["functions"] for piece in function["ranges"])
    ]
    session.detach()


@pytest.fixture(scope="module")
def visit(browser: Browser, server: str, address: str) -> Iterator[PageVisit]:
    """One page, loaded once over http for all tests of it."""
    context = browser.new_context(viewport=DESKTOP, color_scheme="light", reduced_motion="reduce")
    context.add_init_script(WATCH)
    result = PageVisit(context.new_page())
    listen(result)
    load_with_coverage(result, server + address)
    result.shift = result.page.evaluate("shift()")
    yield result
    context.close()


def test_nothing_is_asked_of_others(visit: PageVisit, server: str) -> None:
    """Every request goes to the site, and the site has the answer."""
    assert [url for url in visit.requests if not url.startswith((server, "data:", "blob:"))] == []
    assert visit.failed == []


def test_console_is_silent(visit: PageVisit) -> None:
    """Neither an error nor a warning."""
    assert visit.messages == []


def test_some_of_every_file_is_used(visit: PageVisit) -> None:
    """Chromium's coverage finds no sheet and no script of which nothing is used."""
    assert visit.unused == []


def test_loads_what_it_names(visit: PageVisit, site: Path, server: str, address: str) -> None:
    """The weight of a page is that of the files that its HTML names: scripts bring no others."""
    named = {path.relative_to(site.resolve()).as_posix() for path in built.loads((site / address).resolve())}
    requests = {url.partition("?")[0].removeprefix(server) for url in visit.requests if url.startswith(server)}
    assert requests - named == {address}


def test_nothing_jumps_while_it_opens(visit: PageVisit) -> None:
    """With its faces asked for early; test_steady.py has what happens when they come late, or never."""
    assert visit.shift <= MOST_SHIFT


def move_everything(page: Page) -> None:
    """Open every fold and move every explorer."""
    page.evaluate("""() => {
      for (const fold of document.querySelectorAll('details:not(.menu)')) fold.open = true;
      for (const slider of document.querySelectorAll('input[type=range]')) {
        slider.stepUp();
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }
      return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
    }""")


# Colours are tokens of the mode and know nothing of the width, so two of the four ways have each size and each mode
@pytest.mark.parametrize(("size", "mode"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop-light", "phone-dark"])
def test_axe_finds_nothing(visit: PageVisit, size: dict[str, int], mode: str) -> None:
    """Every fold open and every explorer moved, on a desktop and a phone, light and dark."""
    page = visit.page
    page.emulate_media(color_scheme=mode)
    fit(page, size)
    move_everything(page)
    assert violations(page) == []


def test_fits_a_phone(visit: PageVisit) -> None:
    """At 390 pixels nothing but a box of its own scrolls sideways."""
    page = visit.page
    fit(page, PHONE)
    move_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("width, direction, letters", [(390, "rtl", 16), (320, "ltr", 32)])
def test_fits_whatever_the_reader_sets(visit: PageVisit, width: int, direction: str, letters: int) -> None:
    """Letters of twice the size on a phone, and the direction that a translator of pages sets."""
    page = visit.page
    fit(page, {"width": width, "height": 844})
    set_root = """([direction, size]) => {
      document.documentElement.dir = direction;
      document.documentElement.style.fontSize = size;
    }"""
    page.evaluate(set_root, [direction, f"{letters}px"])
    move_everything(page)
    needed = page.evaluate("document.documentElement.scrollWidth")
    page.evaluate(set_root, ["", ""])
    assert needed <= width


@pytest.mark.parametrize("width", [390, 360])
def test_no_column_of_a_cells_table_is_cut_off_on_a_phone(visit: PageVisit, width: int) -> None:
    """What decides often stands in the last column: give long headings shorter words, or the table fewer columns."""
    page = visit.page
    fit(page, {"width": width, "height": 844})
    move_everything(page)
    cut = page.evaluate("""[...document.querySelectorAll('.book-table')]
      .filter((table) => table.parentElement.scrollWidth > table.parentElement.clientWidth)
      .map((table) => table.tHead.textContent)""")
    assert cut == []


def test_a_row_of_a_wide_table_keeps_its_name(browser: Browser, site: Path) -> None:
    """The table of claims is wider than a phone: moved sideways, its first column stays where it is."""
    page = browser.new_page(viewport=PHONE)
    page.goto((site / "book/claims.html").as_uri())
    box, name = page.locator(".table-scroll"), page.locator(".table-scroll tbody tr:first-child td:first-child")
    before = name.bounding_box()["x"]
    box.evaluate("(box) => box.scrollTo({ left: box.scrollWidth, behavior: 'instant' })")
    assert box.evaluate("(box) => box.scrollLeft") > 0
    assert name.bounding_box()["x"] == before
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_in_the_folded_contents(browser: Browser, server: str, kind: str) -> None:
    """On a phone the contents unfold over the page."""
    page = browser.new_page(viewport=PHONE)
    page.goto(server + kind)
    settle(page)
    page.locator(".menu > summary").click()
    unfolded = violations(page, ".menu")
    page.close()
    assert unfolded == []


@pytest.mark.parametrize("kind", KINDS)
def test_keyboard_reaches_the_text_first(browser: Browser, server: str, kind: str) -> None:
    """The first Tab shows the way to the text; whatever has the focus after it is seen to have it."""
    page = browser.new_page(viewport=DESKTOP)
    page.goto(server + kind)
    settle(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    for _ in range(TABS):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle"
        )
        assert outline not in ("none", ""), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    page.locator(".skip").press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_opens_from_a_folder(browser: Browser, site: Path, address: str) -> None:
    """The same page by a file's address, with no server at all, on a phone: silent, complete, and nothing jumps."""
    context = browser.new_context(viewport=PHONE)
    context.add_init_script(WATCH)
    result = PageVisit(context.new_page())
    listen(result)
    # a fragment that cannot be decoded: people share addresses that were cut off
    result.page.goto(f"{(site / address).resolve().as_uri()}#%")
    settle(result.page)
    result.shift = result.page.evaluate("shift()")
    context.close()
    assert [url for url in result.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert (result.failed, result.messages) == ([], [])
    assert result.shift <= MOST_SHIFT
