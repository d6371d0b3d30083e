"""What tests of several packages share: a real browser."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from book.authoring.browser import MISSING, chromium, program


# One browser a module, not one a session: as long as Playwright runs, no other test of this thread can run asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, offline. Where none is installed, the test is skipped and says what to install; in CI it fails."""
    if program() is None and os.environ.get("CI") == "true":
        pytest.fail(MISSING, pytrace=False)
    if program() is None:
        pytest.skip(MISSING)
    with chromium() as running:
        yield running
