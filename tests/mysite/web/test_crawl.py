"""The whole site in Chromium: every page by its links, every form, and what another site's page may not do."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from mysite import topology
from mysite.web.resources import CHANGES, PAGES
from tests.mysite.whole_use import by_browser, check_page, crawl, tab_of

pytestmark = pytest.mark.browser

WAYS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
ALL = {page.path for page in PAGES}


@pytest.fixture(scope="module")
def site() -> Iterator[topology.OneServer]:
    with topology.one_server() as running:
        yield running
        assert (running.web.directory / "server.log").read_text() == ""


def look_at(tab: Page, before: int) -> None:
    """Look at the first page of its kind, which stands for all: light and dark, wide and narrow."""
    if not before:
        look(tab, WAYS)


def look_twice(tab: Page) -> None:
    """Look at what only changes a page that was looked at already: wide and light, narrow and dark."""
    look(tab, [WAYS[0], WAYS[-1]])


def look(tab: Page, ways: Sequence[tuple[str, int]]) -> None:
    """Assert that axe finds nothing, and that nothing is wider than the window."""
    for scheme, width in ways:
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (tab.url, width)
        violations = Axe().run(tab).response["violations"]
        assert violations == [], (tab.url, scheme, width)


def sign_up(tab: Page, handle: str) -> str:
    """Sign a tab's user up by hand; return the address of the own page."""
    tab.goto("/join")
    tab.fill("#handle", handle)
    tab.fill("#name", "Crawler")
    tab.get_by_role("button", name="Sign up").click()
    tab.wait_for_url("**/users/*")
    return tab.url


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
        by_browser(site, tab, "every_form", look_twice)
    patterns = {change.path for change in CHANGES if change.method == "POST"}
    ends = {path.rpartition("/")[2] for path in patterns}
    assert ends == {"users", "sign-out", "posts", "name", "follow", "like"}
    assert {url.rpartition("/")[2] for url in urls} == ends


@contextmanager
def serving(page: Callable[[], str]) -> Iterator[int]:
    """Another site, on a port of its own, with one page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = page().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "field"), [("/posts", "text"), ("/users/{own}/name", "name"), ("/sign-out", "none"), ("/users", "handle")]
)
def test_a_form_of_another_site_is_refused(site: topology.OneServer, browser: Browser, path: str, field: str) -> None:
    """Loopback's other ports are the same site to a browser, which sends the cookie: the site itself has to refuse."""
    with tab_of(site, browser) as tab:
        own = sign_up(tab, f"framed_{field}")
        action = site.url(path.format(own=own.rpartition("/")[2]), host=site.address)
        fields = f'<input name="{field}" value="evil"><button>A game</button>'
        form = f'<!doctype html><title>Another</title><form method="post" action="{action}">{fields}</form>'
        with serving(lambda: form) as port:
            tab.goto(f"http://127.0.0.1:{port}/")
            with tab.expect_navigation() as navigation:
                tab.get_by_role("button", name="A game").click()
            answer = navigation.value
        assert answer and answer.status == 403
        assert answer.request.method == "POST"
        assert "session=" in answer.request.all_headers()["cookie"]
        check_page(tab)
        assert tab.inner_text("h1") == "Not allowed"
        tab.goto(own)  # and nothing has changed
        assert tab.inner_text("h1") == "Crawler"
        assert tab.inner_text(".counts li:first-child") == "0 posts"
        assert tab.get_by_role("button", name="Sign out").count() == 1


def test_a_script_of_another_site_is_kept_from_it(site: topology.OneServer, browser: Browser) -> None:
    """A script of another site reads nothing and changes nothing."""
    with (
        browser.new_context(base_url=site.url("", host=site.address)) as context,
        serving(lambda: "<!doctype html><title>Another</title>") as port,
    ):
        tab = context.new_page()
        own = sign_up(tab, "scripted")
        tab.goto(f"http://127.0.0.1:{port}/")
        ask = "([method, url]) => fetch(url, {method, credentials: 'include'}).then(() => 'read', () => 'kept from it')"
        other = site.url("/users/4/follow", host=site.address)
        for method, url in (("GET", own), ("PUT", other), ("DELETE", other), ("POST", other)):
            assert tab.evaluate(ask, [method, url]) == "kept from it", method
        tab.goto(own)
        assert tab.inner_text(".counts li:nth-child(3)") == "follows 0 people"


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
