"""What a notebook needs to be read in Jupyter: its first cell, what is collapsed, the titles of links."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.authoring import environment, in_jupyter


@pytest.fixture
def notebook():
    return new_notebook(cells=[
        new_markdown_cell("# T\n\nA [zone](../book/glossary.md#term-zone): [[x](../book/references.md#rfc1034)]."),
        new_code_cell("1", metadata={"tags": ["hide-input", "predict"]}),
        new_code_cell("2", metadata={"tags": ["hide-output"]}),
        new_code_cell("3", metadata={"jupyter": {"source_hidden": True}}),
    ])


@pytest.mark.parametrize("path", environment.notebooks(), ids=lambda path: path.stem)
def test_stored_notebooks_are_prepared(path):
    assert not in_jupyter.renew(path, check=True), "run make refresh, or python -m book.authoring.in_jupyter"


def test_the_first_cell_says_where_the_notebook_belongs(notebook):
    in_jupyter.prepare(notebook, Path("chapters/07-tables.ipynb"), "")
    first = notebook.cells[0]
    assert first.metadata.tags == ["in-jupyter"] and first.cell_type == "markdown"
    assert "chapter 7" in first.source and "`lab` and `mysite`." in first.source and "clone" not in first.source
    in_jupyter.prepare(notebook, Path("index.ipynb"), "https://example.org/book.git")
    assert len(notebook.cells) == 5
    assert "the cover" in notebook.cells[0].source
    assert "`git clone https://example.org/book.git`" in notebook.cells[0].source


def test_the_address_is_that_of_the_configuration(tmp_path):
    configuration = tmp_path / "_config.yml"
    configuration.write_text("repository:\n  url: https://example.org/book.git\n")
    assert in_jupyter.address(configuration) == "https://example.org/book.git"


def test_what_the_page_folds_is_collapsed_and_nothing_else(notebook):
    in_jupyter.collapse(notebook)
    assert [cell.metadata.get("jupyter") for cell in notebook.cells] == [
        None, {"source_hidden": True}, {"outputs_hidden": True}, None,
    ]


def test_links_have_titles_and_a_script_its_ending(notebook):
    in_jupyter.prepare(notebook, Path("chapters/07-tables.ipynb"), "")
    text = notebook.cells[1].source
    assert '[zone](../book/glossary.md#term-zone "The part of the name space that one owner answers for' in text
    assert '[[RFC 1034](../book/references.md#rfc1034 "Domain names: concepts and facilities, 1987")]' in text
    assert notebook.metadata.language_info.file_extension == ".py"


def test_a_stale_notebook_is_seen_and_renewed(notebook, tmp_path, capsys):
    path = tmp_path / "07-tables.ipynb"
    nbformat.write(notebook, path)
    before = path.read_text()
    assert in_jupyter.main(["--check", str(path)]) == 1
    assert path.read_text() == before
    assert in_jupyter.main([str(path)]) == 0
    assert in_jupyter.main(["--check", str(path)]) == 0
    assert "07-tables.ipynb" in capsys.readouterr().out
