"""lab/views/table.py"""

import pytest

from lab.views.table import Table

SMALL = Table(["what", "n"], [["a & b", 1234], ["c", None]], "Counted", {"n": "bytes"})


def test_text_is_aligned_with_caption_and_units():
    assert repr(Table(["what", "n"], [["a", 1234], ["bb", 7]], "Counted", {"n": "bytes"})) == (
        "Counted\nwhat  n (bytes)\n----  ---------\na         1,234\nbb            7"
    )


def test_html_names_columns_and_rows_and_escapes():
    html = SMALL._repr_html_()
    assert html.startswith('<table class="book-table"')
    assert "<caption>Counted</caption>" in html
    assert '<th scope="col">what</th><th scope="col">n (bytes)</th>' in html
    assert "a &amp; b" in html and "1,234" in html and 'scope="row"' in html


def test_none_is_a_dash():
    assert "–" in repr(SMALL) and "–" in SMALL._repr_html_()


def test_without_caption_there_is_none():
    assert "caption" not in Table(["a"], [[1]])._repr_html_()
    assert repr(Table(["a"], [[1]])) == "a\n-\n1"


def test_numbers_stand_to_the_right_in_html():
    html = Table(["a", "b", "c"], [["x", 0.5, "y"]])._repr_html_()
    assert html.count("text-align:right") == 1 or html.count('class="number"') == 1


@pytest.mark.parametrize(
    "columns, rows, units, complaint",
    [
        (["a"], [[1, 2]], None, r"the row \(1, 2\) has 2 cells, the table 1 columns"),
        (["a"], [[1]], {"b": "s"}, "a unit is given for b, which is no column"),
    ],
)
def test_what_does_not_fit_is_refused(columns, rows, units, complaint):
    with pytest.raises(ValueError, match=complaint):
        Table(columns, rows, units=units)
