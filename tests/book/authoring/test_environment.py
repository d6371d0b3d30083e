"""book/authoring/environment.py: how a notebook is found, and what the process has again when it leaves."""

import os
import subprocess
import sys
import tempfile

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


def test_a_notebook_that_the_contents_do_not_list_is_none_of_the_book(tmp_path):
    (tmp_path / "chapters").mkdir()
    for name in ("01-one", "02-two", "02-two-Copy1"):
        (tmp_path / "chapters" / f"{name}.ipynb").touch()
    lines = ["root: index", "chapters:", "- file: book/x", "- file: chapters/01-one", "- file: chapters/02-two"]
    (tmp_path / "_toc.yml").write_text("\n".join(lines))
    assert [path.stem for path in notebooks(tmp_path)] == ["index", "01-one", "02-two"]


def test_a_relative_tmpdir_is_the_same_folder_for_a_kernel_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "t").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", "t")
    monkeypatch.setattr(tempfile, "tempdir", None)
    with environment.recorded() as directory:
        assert os.environ["TMPDIR"] == str(tmp_path / "t") == str(directory.parent)
    assert os.environ["TMPDIR"] == "t"


def test_a_full_disk_is_named():
    """No file may grow, in any folder."""
    script = (
        "import resource\nfrom book.authoring import environment\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\nwith environment.recorded():\n    pass\n"
    )
    process = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == 1
    assert process.stderr.startswith("There is no room for temporary files (") and "set TMPDIR" in process.stderr
