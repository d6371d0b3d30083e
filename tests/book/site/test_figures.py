"""Figures on the page: the drawing is to be seen, and the words that stand for it elsewhere are not there."""

from book.site.figures import with_drawings
from lab.drawing.book_figure import figure
from lab.drawing.sheet import Sheet


def paint(sheet: Sheet, layout: str) -> None:
    sheet.text(20, 34, layout)


def test_the_page_has_the_drawings_alone() -> None:
    picture = figure(paint, "a", 'of "two" <parts>', 100)
    wide, tall = (drawing.svg for drawing in picture.drawings.values())
    assert with_drawings(f"<p>x</p>{picture._repr_html_()}") == (
        '<p>x</p><figure class="book-figure" id="figure-a" role="img" aria-label="of &quot;two&quot; &lt;parts&gt;">'
        f'<div class="wide">{wide}</div><div class="tall" hidden>{tall}</div></figure>'
    )


def test_what_is_no_figure_stays() -> None:
    assert with_drawings('<p class="words">x</p>') == '<p class="words">x</p>'
