"""The built site, and a server for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# BOOK_SITE tests another build than the checkout's own
SITE = Path(os.environ.get("BOOK_SITE", ROOT / "_build" / "html"))


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
