"""The whole use of the site by its two clients: every page, every form, and the lines that it runs of the site."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest
from playwright.sync_api import Browser, Page

from mysite import topology
from mysite.phone import Phone
from mysite.web import rendering
from mysite.web.resources import CHANGES, PAGES
from tests.axe import violations
from tests.mysite.whole_use import by_browser, by_phone, crawl, kind_of, path_of, sign_up, tab_of

pytestmark = [pytest.mark.browser, pytest.mark.whole]

WAYS = (("light", 1280), ("dark", 390))
ALL = {page.path for page in PAGES}
ANSWERING = ("application", "reading", "representations", "resources", "writing")
LEAST = 0.95


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which the server notes the lines that it has run."""
    return tmp_path_factory.mktemp("lines") / "coverage"


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[topology.OneServer]:
    """The site, whose web server notes the lines that it runs, and says so when it has ended."""
    command = topology._web_command

    def noting_command(data_set: Path, directory: Path, cache_seconds: float, port: int) -> list[str]:
        python, *others = command(data_set, directory, cache_seconds, port)
        assert python == sys.executable and others[:2] == ["-m", "mysite.web"]
        options = ["--rcfile=/dev/null", f"--data-file={data}", f"--include={rendering.HERE}/*.py"]
        return [python, "-m", "coverage", "run", *options, *others]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topology, "_web_command", noting_command)
        patch.setenv("COVERAGE_CORE", "ctrace")
        running = topology.one_server()
    with running:
        yield running


@pytest.fixture
def quiet_site(site: topology.OneServer) -> Iterator[topology.OneServer]:
    """The site, which during a test writes nothing to its log."""
    yield site
    assert (site.web.directory / "server.log").read_text() == ""


def look(tab: Page) -> None:
    """Assert that axe finds nothing, and that nothing is wider than the window: wide and light, narrow and dark."""
    for scheme, width in WAYS:
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (tab.url, width)
        assert violations(tab) == [], (tab.url, scheme, width)


@pytest.fixture(scope="module")
def visits(site: topology.OneServer, browser: Browser) -> Counter[str]:
    """How often each kind of page was visited by who has not signed up; the first one, which stands for all, looked at.
    """
    with tab_of(site, browser) as tab:
        return crawl(tab, lambda page, before: None if before else look(page))


def test_every_page(quiet_site: topology.OneServer, visits: Counter[str]) -> None:
    assert set(visits) == ALL - {"/write"}  # who has not signed up is not led to writing
    assert sum(visits.values()) >= 15


def test_every_page_of_who_has_signed_up(quiet_site: topology.OneServer, browser: Browser) -> None:
    """Looked at is what they see beside what all see: the pages with forms."""
    with_forms = set()

    def look_at_forms(tab: Page, before: int) -> None:
        if tab.locator("main form").count() and (kind := kind_of(path_of(tab))) not in with_forms:
            look(tab)
            with_forms.add(kind)

    with tab_of(quiet_site, browser) as tab:
        sign_up(tab, "crawler")
        visits = crawl(tab, look_at_forms)
    assert set(visits) == ALL - {"/join"}  # nor are they led to the sign-up
    assert with_forms == {"/", "/users/{id}", "/posts/{id}", "/write"}


@pytest.fixture(scope="module")
def posted(site: topology.OneServer, browser: Browser) -> set[str]:
    """The addresses to which a browser posted every form."""
    urls = set()
    with tab_of(site, browser) as tab:
        tab.on("request", lambda request: urls.add(request.url) if request.method == "POST" else None)
        by_browser(site, tab, "every_form", look)
    return urls


def test_every_form(quiet_site: topology.OneServer, posted: set[str]) -> None:
    patterns = {change.path for change in CHANGES if change.method == "POST"}
    ends = {path.rpartition("/")[2] for path in patterns}
    assert ends == {"users", "sign-out", "posts", "name", "follow", "like"}
    assert {url.rpartition("/")[2] for url in posted} == ends


def test_a_name_is_shown_as_its_first_letters(quiet_site: topology.OneServer, browser: Browser) -> None:
    """A monogram has room for two."""
    with tab_of(quiet_site, browser) as tab:
        own = sign_up(tab, "monogram")
        tab.fill("#name", "a b c d e f g h i j k l m n o p q r s t u v w x y z")
        tab.get_by_role("button", name="Rename me").click()
        tab.wait_for_url(own)
        monogram = tab.locator(".monogram.large")
        assert monogram.inner_text() == "ab"
        assert monogram.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_their_whole_use_runs_what_there_is(
    site: topology.OneServer, data: Path, visits: Counter[str], posted: set[str]
) -> None:
    """At least 95 % of the lines that answer requests. The last test of this site: lines are there when it has ended.
    """
    with Phone(site.resolver(), site.port) as phone:
        by_phone(site, phone, "whole_phone")
    assert (site.web.directory / "server.log").read_text() == ""
    site.web.stop()
    record = coverage.Coverage(data_file=data, config_file=False)
    record.load()
    lines = run = 0
    missing = {}
    for name in ANSWERING:
        path = rendering.HERE / f"{name}.py"
        _, of_module, _, not_run, where = record.analysis2(str(path))
        lines, run = lines + len(of_module), run + len(of_module) - len(not_run)
        missing[name] = where
    assert lines > 200
    assert run / lines >= LEAST, f"{run} of {lines} lines; not run are {missing}"
    print(f"{run} of {lines} lines; not run are {missing}")
