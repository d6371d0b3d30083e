"""What the two clients' whole use runs of the site: at least 95 % of the lines that answer requests."""

import sys
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest
from playwright.sync_api import Browser

from mysite import topology
from mysite.phone import Phone
from mysite.web import rendering
from tests.mysite.whole_use import by_browser, by_phone, crawl, tab_of

pytestmark = pytest.mark.browser

ANSWERING = ("application", "reading", "representations", "resources", "writing")
LEAST = 0.95


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The file in which the server notes the lines that it has run."""
    return tmp_path / "coverage"


@pytest.fixture
def site(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[topology.OneServer]:
    """The site, whose web server notes the lines that it runs, and says so when it has ended."""
    command = topology._web_command

    def noting_command(data_set: Path, directory: Path, cache_seconds: float, port: int) -> list[str]:
        python, *others = command(data_set, directory, cache_seconds, port)
        assert python == sys.executable and others[:2] == ["-m", "mysite.web"]
        options = ["--rcfile=/dev/null", f"--data-file={data}", f"--include={rendering.HERE}/*.py"]
        return [python, "-m", "coverage", "run", *options, *others]

    monkeypatch.setattr(topology, "_web_command", noting_command)
    monkeypatch.setenv("COVERAGE_CORE", "ctrace")
    with topology.one_server() as running:
        yield running


def test_their_whole_use_runs_what_there_is(site: topology.OneServer, data: Path, browser: Browser) -> None:
    with tab_of(site, browser) as tab:
        crawl(tab, lambda page, before: None)
    with tab_of(site, browser) as tab:
        by_browser(site, tab, "whole_browser", lambda page: None)
    with Phone(site.resolver(), site.port) as phone:
        by_phone(site, phone, "whole_phone")
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
