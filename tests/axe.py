"""What axe says of a page in the browser, or of a part of it."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# With axe's defaults, but for what it would list besides, which takes its time: rule, what it says, where
RUN = """async (part) => (await axe.run(part, { resultTypes: ["violations"] })).violations.map(
  ({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 4).map((node) => node.target)}`)"""


def violations(page: Page, part: str = "html") -> list[str]:
    """What axe finds in a part of the page, a CSS selector: rule, what it says, where."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    complaints: list[str] = page.evaluate(RUN, part)
    return complaints
