"""book/authoring/environment.py: how a notebook is found, and what the process has again when it leaves."""

import os

import pytest

from book.authoring import environment
from book.authoring.environment import ROOT, chapter, notebooks, topic


def test_a_chapter_is_found_by_its_topic():
    _, *chapters = notebooks()
    assert [chapter(topic(path)) for path in chapters] == chapters
    assert all((ROOT / "lab" / "chapters" / topic(path)).is_dir() for path in chapters)


def test_a_topic_that_no_chapter_has_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"No chapter has the topic 'no_topic'\. There are: one_request, "):
        chapter("no_topic")


def test_variables_and_directory_are_as_before_when_the_context_ends(monkeypatch):
    monkeypatch.setenv("LAB_RUN", "mine")
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    before = dict(os.environ)
    with environment.recorded() as directory:
        assert os.environ["LAB_RUN"] == "recorded"
        assert os.environ["IPYTHONDIR"] == str(directory / "ipython") and (directory / "ipython").is_dir()
    assert dict(os.environ) == before
    assert not directory.exists()
