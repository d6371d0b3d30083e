"""How a test waits until a page of the built site stands: for what is to come, never for a time."""

from __future__ import annotations

from playwright.sync_api import Page

from book.authoring.environment import ROOT, chapter

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Every widget of the page has drawn itself
DRAWN = """document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]').length
  === document.querySelectorAll('.widget > *').length"""
# Work that was put off has had its turn, and what came of it has been painted. The limit: after a turn of the wheel
# Chromium now and then never says that it is idle
PAINTED = """new Promise((painted) => requestIdleCallback(() =>
  requestAnimationFrame(() => requestAnimationFrame(() => painted())), { timeout: 1000 }))"""
# Adds up how far things jump, as the browser reckons it
WATCH = """{
  let sum = 0;
  const add = (entries) => { for (const entry of entries) sum += entry.value; };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  window.shift = () => { add(observer.takeRecords()); return sum; };
}"""
# Between two good results lies a lot: 0.1 and more where faces move the lines, and 0 where they do not
MOST_SHIFT = 0.02


def chapter_page(topic: str) -> str:
    """Return the address of a chapter's page within the site, by its topic."""
    return chapter(topic).relative_to(ROOT).with_suffix(".html").as_posix()


def settle(page: Page) -> None:
    """Wait until every widget is drawn, the faces are there, or have failed, and all is painted."""
    page.wait_for_function(DRAWN)
    page.evaluate(f"document.fonts.ready.then(() => {PAINTED})")


def fit(page: Page, size: dict[str, int]) -> None:
    """Give the page another size, and wait until its explorers are laid out for it."""
    page.set_viewport_size(size)
    layout = "wide" if size["width"] > 1000 else "tall"
    page.wait_for_function(
        "(layout) => [...document.querySelectorAll('.explorer-figure')].every((box) => box.dataset.layout === layout)",
        arg=layout,
    )
