"""The whole site in Chromium: every page by its links, and every form."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from mysite import topology
from mysite.web.resources import CHANGES, PAGES
from tests.axe import violations
from tests.mysite.whole_use import by_browser, crawl, sign_up, tab_of

pytestmark = pytest.mark.browser

# Colours are those of the scheme, whatever the width: two ways have each of both
WAYS = [("light", 1280), ("dark", 390)]
ALL = {page.path for page in PAGES}


@pytest.fixture(scope="module")
def site() -> Iterator[topology.OneServer]:
    with topology.one_server() as running:
        yield running
        assert (running.web.directory / "server.log").read_text() == ""


def look_at(tab: Page, before: int) -> None:
    """Look at the first page of its kind, which stands for all."""
    if not before:
        look(tab)


def look(tab: Page) -> None:
    """Assert that axe finds nothing, and that nothing is wider than the window: light and wide, dark and narrow."""
    for scheme, width in WAYS:
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (tab.url, width)
        assert violations(tab) == [], (tab.url, scheme, width)


@pytest.mark.parametrize("session", [False, True])
def test_every_page(site: topology.OneServer, browser: Browser, session: bool) -> None:
    with tab_of(site, browser) as tab:
        if session:
            sign_up(tab, "crawler")
        visits = crawl(tab, look_at)
    # who has signed up is not led to the sign-up, and who has not is not led to writing
    assert set(visits) == ALL - {"/join" if session else "/write"}
    assert sum(visits.values()) >= 15


def test_every_form(site: topology.OneServer, browser: Browser) -> None:
    urls = set()
    with tab_of(site, browser) as tab:
        tab.on("request", lambda request: urls.add(request.url) if request.method == "POST" else None)
        by_browser(site, tab, "every_form", look)
    patterns = {change.path for change in CHANGES if change.method == "POST"}
    ends = {path.rpartition("/")[2] for path in patterns}
    assert ends == {"users", "sign-out", "posts", "name", "follow", "like"}
    assert {url.rpartition("/")[2] for url in urls} == ends


def test_a_name_is_shown_as_its_first_letters(site: topology.OneServer, browser: Browser) -> None:
    """A monogram has room for two."""
    with tab_of(site, browser) as tab:
        own = sign_up(tab, "monogram")
        tab.fill("#name", "a b c d e f g h i j k l m n o p q r s t u v w x y z")
        tab.get_by_role("button", name="Rename me").click()
        tab.wait_for_url(own)
        monogram = tab.locator(".monogram.large")
        assert monogram.inner_text() == "ab"
        assert monogram.evaluate("box => box.scrollWidth <= box.clientWidth")
