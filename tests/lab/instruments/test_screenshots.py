"""Recorded screenshots: picture and run belong together."""

import hashlib

import pytest

from lab.instruments import runs
from lab.instruments.runs import Run
from lab.instruments.screenshots import Screenshot, load, save
from tests.lab.test_runs import CARD

PNG = b"\x89PNG, or so it says"


def example(png=PNG, **detail):
    picture = {"width": 1440, "height": 1072, "sha256": hashlib.sha256(png).hexdigest()}
    return Screenshot(Run("02-a", "a page", {}, {}, CARD, detail={"picture": picture, **detail}), png)


def test_saved_and_read_back(tmp_path):
    path = save(example(path="/"), tmp_path)
    assert path == tmp_path / "02-a.json"
    assert load("02-a", tmp_path) == example(path="/")


def test_another_picture_is_refused(tmp_path):
    save(example(), tmp_path)
    (tmp_path / "02-a.png").write_bytes(PNG + b".")
    with pytest.raises(ValueError, match=r"The picture of 02-a is not the one that was recorded\. Anew: make record"):
        load("02-a", tmp_path)


def test_one_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="No recorded run 02-b"):
        load("02-b", tmp_path)


def test_the_committed_one_is_whole_small_and_without_coordinates():
    taken = load("02-page-in-a-browser")
    assert taken.png.startswith(b"\x89PNG") and len(taken.png) < 60_000
    assert len(taken.run.detail["texts"]) > 40
    assert all(isinstance(part, str) for entry in taken.run.detail["texts"] for part in entry)
    assert (taken.run.units, taken.run.series) == ({}, {})


def test_every_picture_has_its_run():
    for path in runs.DIRECTORY.glob("*.png"):
        assert load(path.stem).png == path.read_bytes()
