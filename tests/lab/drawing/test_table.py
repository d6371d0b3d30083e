"""Small tables."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drawing.table import Table

ROWS = [("SQLite", 1, 0.5), ("a <b>", 1234567, None)]
TABLE = Table(("store", "round trips", "time"), ROWS, "Counted & shown", {"time": "ms"})


def test_html() -> None:
    assert TABLE._repr_html_() == (
        '<table class="book-table" style="font-variant-numeric:tabular-nums lining-nums">'
        "<caption>Counted &amp; shown</caption><thead><tr>"
        '<th scope="col" style="text-align:left">store</th><th scope="col" style="text-align:right">round trips</th>'
        '<th scope="col" style="text-align:right">time (ms)</th></tr></thead><tbody>'
        '<tr><th scope="row" style="text-align:left">SQLite</th><td style="text-align:right">1</td>'
        '<td style="text-align:right">0.5</td></tr>'
        '<tr><th scope="row" style="text-align:left">a &lt;b&gt;</th><td style="text-align:right">1,234,567</td>'
        '<td style="text-align:right">–</td></tr></tbody></table>'
    )


def test_text() -> None:
    assert repr(TABLE) == (
        "Counted & shown\n"
        "store   round trips  time (ms)\n"
        "------  -----------  ---------\n"
        "SQLite            1        0.5\n"
        "a <b>     1,234,567          –"
    )
    numbers = Table(("n", "ratio"), [(1, 0.25), (1000, 1)])
    assert repr(numbers) == "    n  ratio\n-----  -----\n    1   0.25\n1,000      1"
    assert "caption" not in numbers._repr_html_()


def test_a_column_of_numbers_has_the_digits_that_are_asked_for() -> None:
    table = Table(("n", "ratio"), [(1, 0), (1000, 0.25), (2, 1234.5678), (3, None)], digits={"ratio": 3})
    lines = (
        "    n      ratio\n-----  ---------\n    1      0.000\n1,000      0.250\n    2  1,234.568\n    3          –"
    )
    assert repr(table) == lines
    assert '<td style="text-align:right">0.250</td>' in table._repr_html_()


def test_truth_is_no_number() -> None:
    table = Table(("a", "b"), [("x", True)])
    assert repr(table) == "a  b\n-  ----\nx  True"
    assert '<td style="text-align:left">True</td>' in table._repr_html_()


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("the row (1,) has 1 cells, the table 2 columns")):
        Table(("a", "b"), [(1, 2), (1,)])
    with pytest.raises(ValueError, match="a unit is given for c, d, which is no column"):
        Table(("a",), [], units={"d": "s", "c": "s"})
    with pytest.raises(ValueError, match="digits are given for c, which is no column"):
        Table(("a",), [], digits={"c": 1})


class Cells(HTMLParser):
    """The words of every cell."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []

    def handle_starttag(self, tag, attributes) -> None:
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data) -> None:
        self.cells[-1] += data


letters = st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc", "Zs"))
words = st.text(letters, max_size=8)


@given(st.lists(st.tuples(words, words), max_size=4))
def test_html_gives_every_cell_back(rows: list[tuple[str, str]]) -> None:
    parser = Cells()
    parser.feed(Table(("a", "b"), rows)._repr_html_())
    parser.close()
    assert parser.cells == ["a", "b", *(cell for row in rows for cell in row)]
