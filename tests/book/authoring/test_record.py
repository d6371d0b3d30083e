"""make record: writes what is named, and says why a picture is not taken where there is no Chromium."""

import pytest

from book.authoring import record
from lab.chapters.one_request.page_visit import MEASUREMENTS
from lab.instruments import screenshots
from lab.instruments.runs import Run, load
from tests.lab.test_runs import CARD
from tests.lab.test_screenshots import example


@pytest.fixture
def recorders(monkeypatch):
    run = Run("a-run", "made up", {"total": "s"}, {"total": [1.0, 2.0]}, CARD)
    monkeypatch.setattr(record, "MEASUREMENTS", {"a-run": lambda: run})
    monkeypatch.setattr(record, "SCREENSHOTS", {"02-a": lambda: example(texts=[["p", "one"]])})
    monkeypatch.setattr(record.browser, "program", lambda: "/usr/bin/chromium")


def test_all_are_recorded(recorders, tmp_path, capsys):
    record.main([], tmp_path)
    assert load("a-run", tmp_path).series == {"total": [1.0, 2.0]}
    assert screenshots.load("02-a", tmp_path).run.detail["texts"] == [["p", "one"]]
    said = capsys.readouterr().out
    assert "total: 2 values, in s" in said and "1 texts, a picture of 19 bytes" in said and "quiet" in said


def test_only_what_is_named(recorders, tmp_path, capsys):
    record.main(["02-a"], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["02-a.json", "02-a.png"]
    assert "quiet" not in capsys.readouterr().out, "a picture needs no quiet machine"


def test_without_chromium_the_rest_is_recorded(recorders, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(record.browser, "program", lambda: None)
    record.main([], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a-run.json"]
    assert "02-a: not recorded, no Chromium is installed" in capsys.readouterr().out


def test_names_are_unique_and_an_unknown_one_is_refused(tmp_path):
    assert not set(MEASUREMENTS) & set(record.SCREENSHOTS)
    with pytest.raises(SystemExit):
        record.main(["nothing"], tmp_path)
