"""book/authoring/claims.py"""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from book.authoring import claims

LISTED = """\
S3: {kind: sourced, source: rfc1034, sentence: "Names."}
S4: {kind: shown, sentence: "Addresses."}
S5: {kind: shown, sentence: "Requests."}
"""


@pytest.fixture
def root(tmp_path):
    """A small book: a chapter with cells for S3 and S4, and a test for S4."""
    for folder in ("book", "chapters", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "_toc.yml").write_text("root: index\nchapters:\n- file: chapters/one\n", "utf-8")
    (tmp_path / "book" / "claims.yml").write_text(LISTED, "utf-8")
    cells = [
        new_code_cell("1", id="address", metadata={"tags": ["claim-S4"]}),
        new_code_cell("1", id="plain"),
        new_code_cell("1", id="again", metadata={"tags": ["claim-S4"]}),
        new_code_cell("1", id="names", metadata={"tags": ["claim-S3"]}),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "chapters" / "one.ipynb")
    (tmp_path / "tests" / "test_one.py").write_text("def test_s04_a():\n    pass\n", "utf-8")
    return tmp_path


def test_one_row_a_claim_main_cell_first_source_last(root):
    rows = [line for line in claims.table(root).splitlines() if line.startswith("| S")]
    assert rows == [
        "| S3 | sourced | chapters/one.ipynb#names | rfc1034 |",
        "| S4 | shown | chapters/one.ipynb#address chapters/one.ipynb#again | tests/test_one.py::test_s04_a |",
    ]


def test_sentences_stand_before_the_table(root):
    text = claims.table(root)
    assert 0 < text.index("- **S3.** Names.") < text.index("| claim | kind |")


def test_claim_of_an_unwritten_chapter_has_no_row(root):
    assert "S5" not in claims.table(root)


def test_shown_claim_without_a_test_is_an_error(root):
    (root / "tests" / "test_one.py").write_text("", "utf-8")
    with pytest.raises(ValueError, match=r"S4 is shown.*lacks a test named test_s04_"):
        claims.table(root)


def test_stranger_is_an_error(root):
    (root / "tests" / "test_one.py").write_text("def test_s99_x(): pass\ndef test_s04_x(): pass\n", "utf-8")
    with pytest.raises(ValueError, match="S99"):
        claims.table(root)


def test_unknown_kind_is_an_error(root):
    (root / "book" / "claims.yml").write_text(LISTED.replace("sourced", "believed"), "utf-8")
    with pytest.raises(ValueError, match="believed"):
        claims.table(root)


def test_committed_table_is_up_to_date(monkeypatch):
    monkeypatch.setattr("sys.argv", ["claims", "--check"])
    assert claims.main() == 0


@pytest.mark.parametrize("flags, code", [(["--check"], 1), ([], 0)])
def test_an_old_table_is_written_anew_unless_it_is_only_checked(root, monkeypatch, flags, code):
    path = root / "book" / "claims.md"
    path.write_text("old", "utf-8")
    monkeypatch.setattr(claims, "ROOT", root)
    monkeypatch.setattr("sys.argv", ["claims", *flags])
    assert claims.main() == code
    assert path.read_text("utf-8") == ("old" if flags else claims.table(root))
