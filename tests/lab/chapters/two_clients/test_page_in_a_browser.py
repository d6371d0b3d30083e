"""Recorded screenshots: picture and run belong together."""

import hashlib
import json

import pytest

from lab.chapters.two_clients.page_in_a_browser import load, save
from lab.instruments.runs import DIRECTORY
from tests.lab.chapters.two_clients.screenshots import PNG, screenshot_of


def test_saved_and_read_back(tmp_path):
    path = save(screenshot_of(path="/about"), tmp_path)
    assert path == tmp_path / "two_clients" / "page_in_a_browser.json"
    assert load(tmp_path) == screenshot_of(path="/about")


def test_another_picture_is_refused(tmp_path):
    path = save(screenshot_of(), tmp_path)
    path.with_suffix(".png").write_bytes(PNG + b".")
    message = r"The picture of two_clients/page_in_a_browser is not the one that was recorded\. Anew: make record"
    with pytest.raises(ValueError, match=message):
        load(tmp_path)


def test_one_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="No recorded run two_clients/page_in_a_browser"):
        load(tmp_path)


def test_the_committed_one_is_whole_small_and_without_coordinates():
    screenshot = load()
    assert screenshot.png.startswith(b"\x89PNG") and len(screenshot.png) < 60_000
    page = screenshot.run.payload
    assert len(page.texts) > 40
    assert all(isinstance(part, str) for text in page.texts for part in text)
    assert (screenshot.run.units, screenshot.run.series) == ({}, {})


def test_every_picture_has_its_run():
    for path in DIRECTORY.glob("*/*.png"):
        run = json.loads(path.with_suffix(".json").read_text("utf-8"))
        assert run["payload"]["picture"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
