"""A stored notebook: the same text for the same content, and never half of it."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from book.authoring import environment, stored


@pytest.mark.parametrize("path", environment.notebooks(), ids=lambda path: path.stem)
def test_the_book_s_notebooks_are_stored_in_this_form(path):
    assert not stored.renew(path, nbformat.read(path, as_version=4), check=True)


def test_a_change_is_told_and_stored_unless_only_checked(tmp_path):
    path = tmp_path / "a.ipynb"
    notebook = new_notebook(cells=[new_markdown_cell("one", id="a")])
    stored.write(path, stored.text_of(notebook))
    assert not stored.renew(path, notebook)
    notebook.cells[0].source = "two"
    assert stored.renew(path, notebook, check=True) and "one" in path.read_text("utf-8")
    assert stored.renew(path, notebook) and "two" in path.read_text("utf-8")
    assert [file.name for file in tmp_path.iterdir()] == ["a.ipynb"]


def test_who_is_interrupted_has_the_old_one_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    stored.write(path, "old")
    path.chmod(0o640)

    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        stored.write(path, "new")
    monkeypatch.undo()
    assert path.read_text("utf-8") == "old" and list(tmp_path.iterdir()) == [path]
    stored.write(path, "new")
    assert path.read_text("utf-8") == "new" and path.stat().st_mode & 0o777 == 0o640
