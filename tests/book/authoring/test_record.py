"""make record: writes what is named, and says why a picture is not taken where there is no Chromium."""

import importlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from book.authoring import record
from lab.chapters.two_clients.page_in_a_browser import PageInABrowser
from lab.chapters.two_clients.page_in_a_browser import load as load_screenshot
from lab.instruments import runs
from lab.instruments.runs import Payload, Run, load
from tests.lab.chapters.two_clients.screenshots import PNG, TEXTS, screenshot_of

SCREENSHOT = PageInABrowser.run
MODULE = '''
from dataclasses import dataclass

from lab.instruments.runs import Payload, Run, recorded_as


@dataclass(frozen=True)
class Waiting(Payload, run="{topic}/waiting"):
    pass


@recorded_as(Waiting)
def waiting():
    return Run("made up in {topic}", {{}}, {{}}, Waiting())
'''


@dataclass(frozen=True)
class Example(Payload, run="topic/example"):
    """A run that has its series alone."""


@pytest.fixture
def recorders(monkeypatch):
    run = Run("made up", {"total": "s"}, {"total": [1.0, 2.0]}, Example())
    monkeypatch.setattr(record, "experiments", lambda: {Example.run: lambda: run})
    monkeypatch.setattr(record, "SCREENSHOTS", {SCREENSHOT: screenshot_of})
    monkeypatch.setattr(record.browser, "program", lambda: "/usr/bin/chromium")


def files(directory):
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*.*"))


def test_all_are_recorded(recorders, tmp_path, capsys):
    record.main([], tmp_path)
    assert load(Example, tmp_path).series == {"total": [1.0, 2.0]}
    assert load_screenshot(tmp_path).run.payload.texts == TEXTS
    output = capsys.readouterr().out
    assert "total: 2 values, in s" in output and "quiet" in output
    assert f"{len(TEXTS)} texts, a picture of {len(PNG)} bytes" in output


def test_only_what_is_named(recorders, tmp_path, capsys):
    record.main([SCREENSHOT], tmp_path)
    assert files(tmp_path) == [f"{SCREENSHOT}.json", f"{SCREENSHOT}.png"]
    assert "quiet" not in capsys.readouterr().out, "a picture needs no quiet machine"


def test_without_chromium_the_rest_is_recorded(recorders, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(record.browser, "program", lambda: None)
    record.main([], tmp_path)
    assert files(tmp_path) == [f"{Example.run}.json"]
    assert f"{SCREENSHOT}: not recorded, no Chromium is installed" in capsys.readouterr().out


def test_an_unknown_name_is_refused(recorders, tmp_path):
    with pytest.raises(SystemExit):
        record.main(["topic/nothing"], tmp_path)
    assert files(tmp_path) == []


def test_an_experiment_is_found_by_its_folder(tmp_path, monkeypatch):
    """However deep it lies below the packages, and with nothing that lists it."""
    folder = tmp_path / "chapters_made_up" / "first"
    folder.mkdir(parents=True)
    for package in (folder.parent, folder):
        (package / "__init__.py").touch()
    (folder / "waiting.py").write_text(MODULE.format(topic="first"), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(runs, "EXPERIMENTS", {})
    experiments = record.experiments([importlib.import_module("chapters_made_up")])
    assert {name: measure().what for name, measure in experiments.items()} == {"first/waiting": "made up in first"}


def test_every_folder_of_a_chapter_is_a_package():
    """Without its __init__.py a folder can be imported, and its experiments are passed over."""
    folders = {path.parent for package in record.PACKAGES for path in Path(package.__path__[0]).rglob("*.py")}
    assert [folder.name for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_recorded_run_is_measured_by_one_experiment_and_every_experiment_has_its_run():
    """But for the speeds, which make bench measures."""
    recorded = {path.relative_to(runs.DIRECTORY).with_suffix("").as_posix() for path in runs.DIRECTORY.glob("*/*.json")}
    names = [*record.experiments(), *record.SCREENSHOTS]
    assert sorted(names) == sorted(name for name in recorded if not name.startswith("bench/"))
