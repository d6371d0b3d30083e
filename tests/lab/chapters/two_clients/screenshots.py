"""Screenshots that were made up, for tests: bytes in place of a picture, and a page of a few texts."""

import hashlib
from typing import Any

from lab.chapters.two_clients.page_in_a_browser import PageInABrowser, Picture, Screenshot
from lab.instruments.runs import Run
from tests.lab.instruments.test_runs import CARD

PNG = b"\x89PNG, or so it says"
TEXTS = (
    ("header > a.brand", "mysite"),
    ("header > nav > a", "About"),
    ("main > div.who > h1", "Ann <b>\"&'"),
    ("main > div.columns > section > h2", "Posts"),
    ("main > div.columns > section > p.header", "One."),
    ("main > div.columns > aside > h2", "Profile"),
    ("main > div.columns > aside > p", "not said"),
    ("footer > p", "end"),
)


def page_of(png: bytes = PNG, **fields: Any) -> PageInABrowser:
    """Return what the browser laid out, with these fields in place of the usual ones."""
    usual: dict[str, Any] = {
        "path": "/users/4", "host": "api.mysite.com", "browser": "Chromium 1.2", "accept": "*/*", "window": (860, 640),
        "picture": Picture(1440, 1072, hashlib.sha256(png).hexdigest()), "texts": TEXTS, "sides": (),
        "without_typeface": (),
    }  # fmt: skip
    return PageInABrowser(**usual | fields)


def screenshot_of(png: bytes = PNG, **fields: Any) -> Screenshot:
    """Return such a page with its picture."""
    return Screenshot(Run("a page", {}, {}, page_of(png, **fields), CARD), png)
