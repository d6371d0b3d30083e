"""What a page of another site may not do, in Chromium."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from mysite import topology
from tests.mysite.whole_use import check_page, sign_up, tab_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site() -> Iterator[topology.OneServer]:
    with topology.one_server() as running:
        yield running
        assert (running.web.directory / "server.log").read_text() == ""


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


FORMS = {"/posts": "text", "/users/{own}/name": "name", "/sign-out": "none", "/users": "handle"}  # each with a field


def test_a_form_of_another_site_is_refused(site: topology.OneServer, browser: Browser) -> None:
    """Loopback's other ports are the same site to a browser, which sends the cookie: the site itself has to refuse."""
    form = ""
    with tab_of(site, browser) as tab, serving(lambda: form) as port:
        own = sign_up(tab, "framed")
        for path, field in FORMS.items():
            action = site.url(path.format(own=own.rpartition("/")[2]), host=site.address)
            fields = f'<input name="{field}" value="evil"><button>A game</button>'
            form = f'<!doctype html><title>Another</title><form method="post" action="{action}">{fields}</form>'
            tab.goto(f"http://127.0.0.1:{port}/")
            with tab.expect_navigation() as navigation:
                tab.get_by_role("button", name="A game").click()
            answer = navigation.value
            assert answer and answer.status == 403, path
            assert answer.request.method == "POST" and answer.url == action
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
