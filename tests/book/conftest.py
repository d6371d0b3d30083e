"""The built site, a server for it, and a browser that can reach nothing else."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
# BOOK_SITE tests another build than the checkout's own
SITE = Path(os.environ.get("BOOK_SITE", ROOT / "_build" / "html"))
PROGRAMS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = [
    # every name but the server's own address is unknown: what a page asks of others fails, and is seen
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--disable-gpu", "--no-first-run",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``address`` runs once for every page of the site, generated ones too."""
    if "address" in metafunc.fixturenames:
        addresses = sorted(page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html"))
        metafunc.parametrize("address", addresses or ["index.html"], scope="module")


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site."""
    if not (SITE / "index.html").is_file():
        pytest.fail(f"no site stands in {SITE}: run make book first", pytrace=False)
    return SITE


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """The tests look at the browser's side."""


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address of the site over http, on loopback alone."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}/"
        serving.shutdown()


# One browser a module, not one a session: as long as Playwright runs, no other test of this thread can run asyncio.
@pytest.fixture(scope="module")
def browser(site: Path) -> Iterator[Browser]:
    """Chromium, offline."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        reason = "no Chromium is installed; Debian: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=program, args=[*FLAGS, *(["--no-sandbox"] if root else [])]
        )
        yield launched
        launched.close()
