"""A real browser that reaches nothing but this machine: for the tests of the pages, and for `make bench`."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

PROGRAMS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)  # fmt: skip
FLAGS = (
    # api.mysite.com is this machine; every other name but its address is unknown: a request to others fails, and a
    # test sees that
    "--host-resolver-rules=MAP api.mysite.com 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--disable-gpu", "--no-first-run",
)  # fmt: skip
MISSING = "no Chromium is installed; Debian: apt-get install chromium"


def program() -> str | None:
    """The path of Chromium, or None where none is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium, offline and without a window, within this context.

    RuntimeError says what to install where there is none.
    """
    path = program()
    if path is None:
        raise RuntimeError(MISSING)
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *as_root])
        try:
            yield browser
        finally:
            browser.close()
