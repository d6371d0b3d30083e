"""The site in Chromium, as a reader sees it: light and dark, wide and narrow, with its script."""

import re
from functools import partial

import pytest
from playwright.sync_api import Browser

from lab.drawing import colours
from mysite import topology
from mysite.web.rendering import STATIC

pytestmark = pytest.mark.browser

PAGES = ("/", "/people", "/users/4", "/posts/50", "/popular", "/about")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_pages(site: topology.OneServer, browser: Browser, scheme: str, width: int) -> None:
    """Nothing wider than the window, no error, and four requests a page. Axe looks at them in the whole use."""
    tab = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    messages, urls = [], []
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("pageerror", lambda error: messages.append(str(error)))
    tab.on("request", lambda request: urls.append(request.url))
    for path in PAGES:
        urls.clear()
        with tab.expect_request("**/static/icon.svg"):  # the browser asks for it when the page is there already
            tab.goto(site.url(path, host=site.address))
        tab.wait_for_selector("#account:not([hidden])")
        assert sorted(url.removeprefix(site.url("", host=site.address)) for url in urls) == sorted(
            [path, "/static/icon.svg", "/static/site.css", "/static/site.js"]
        )
        for window_width in (1280, 700, 390, 320, width):
            tab.set_viewport_size({"width": window_width, "height": 800})
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), window_width
    assert messages == []
    paper, ink = (
        tuple(int(pair[scheme == "dark"][start : start + 2], 16) for start in (1, 3, 5))
        for pair in (colours.TOKENS["paper"], colours.TOKENS["ink"])
    )
    computed = tab.evaluate("(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.body))")
    assert computed == [f"rgb{paper}", f"rgb{ink}"]
    tab.close()


def test_a_page_says_how_it_came_about(site: topology.OneServer, browser: Browser) -> None:
    tab = browser.new_page()
    accounts = []
    for ask in (partial(tab.goto, site.url("/users/99", host=site.address)), tab.reload):  # the browser too keeps pages
        ask()
        tab.wait_for_selector("#account:not([hidden])")
        accounts.append(tab.inner_text("#account"))
    size = f"{len(tab.request.get(tab.url).body()):,} bytes"
    tab.close()
    wait = r"\d+\.\d ms from request to page"
    assert re.fullmatch(rf"{wait} · {size} · cache miss · store 5 statements", accounts[0])
    assert re.fullmatch(rf"{wait} · {size} · cache hit", accounts[1])


def test_the_colours_are_the_books() -> None:
    sheet = (STATIC / "site.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    for side, block in enumerate((light, dark)):
        tokens = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))
        assert tokens == {token: colours.TOKENS[token][side] for token in tokens}
    # nothing else in the sheet is a colour of its own
    assert re.findall("#[0-9a-f]{3,6}", sheet.replace(light, "").replace(dark, "")) == []
    for token in re.findall(r"var\(--([a-z]+)\)", sheet):
        assert f"--{token}:" in light and f"--{token}:" in dark
