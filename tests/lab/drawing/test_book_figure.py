"""Drawings: two layouts, the same bytes anywhere, and the figure as a cell's output."""

import re
import subprocess
import sys
import warnings
from hashlib import sha256

import matplotlib
import pytest

from lab.drawing.book_figure import LAYOUTS, WORDS_OR_DRAWING, BookFigure, draw, figure
from lab.drawing.moving import Dots
from lab.drawing.sheet import Sheet, rectangle
from tests.lab.drawing.picture import assert_well_made

DOTS = Dots("users", [(1, 2)], "ink", 3)


def paint(sheet: Sheet, layout: str) -> None:
    assert (sheet.layout, sheet.width) == (layout, LAYOUTS[layout])
    sheet.shape(rectangle(10, 10, 100, 50, 6), fill="panel", line="web", within=rectangle(0, 0, 300, 90))
    sheet.shape(rectangle(10, 40, 100, 20), line="name", dashes=(6, 4))
    sheet.text(20, 34, layout, size=14, bold=True)
    sheet.moving.append(DOTS)


def test_layouts_are_a_page_and_a_phone_wide() -> None:
    assert LAYOUTS == {"wide": 720, "tall": 360}
    drawings = draw(paint, "a", {"wide": 100, "tall": 120})
    sizes = {layout: (drawing.width, drawing.height) for layout, drawing in drawings.items()}
    assert sizes == {"wide": (720, 100), "tall": (360, 120)}
    assert [drawing.height for drawing in draw(paint, "a", 99).values()] == [99, 99]


def test_what_a_sheet_moves_is_listed_with_the_drawing() -> None:
    assert [drawing.moving for drawing in draw(paint, "a", 100).values()] == [(DOTS,), (DOTS,)]


def test_the_svg_element_says_what_its_parts_inherit() -> None:
    opening = draw(paint, "a", 100)["wide"].svg.partition(">")[0]
    assert opening == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="100" viewBox="0 0 720 100" '
        "font-family=\"'Book Sans',system-ui,-apple-system,'Segoe UI',sans-serif\" "
        'fill="none" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" '
        'style="max-width:100%;height:auto;background:var(--panel,#fffdf8);'
        'font-variant-numeric:tabular-nums lining-nums" aria-hidden="true" focusable="false"'
    )


def test_one_unit_is_one_pixel() -> None:
    svg = draw(paint, "a", 100)["wide"].svg
    assert 'd="M16 10L104 10C107.31 10 110 12.69 110 16L110 54' in svg
    assert 'stroke-dasharray="6,4"' in svg
    assert '<text fill="var(--ink,#1c2330)" font-size="14" font-weight="600" x="20" y="34">wide</text>' in svg


def test_a_figure_without_caption_is_itself_the_image() -> None:
    picture = figure(paint, "a-b1", 'it\'s "so" <small>', 100)
    assert_well_made(picture)
    wide, tall = (drawing.svg for drawing in picture.drawings.values())
    words = WORDS_OR_DRAWING % "it&#x27;s &quot;so&quot; &lt;small&gt;"
    assert picture._repr_html_() == (
        '<figure class="book-figure" id="figure-a-b1" role="img" aria-label="it&#x27;s &quot;so&quot; &lt;small&gt;">'
        f'{words}<div class="wide" hidden="hidden">{wide}</div><div class="tall" hidden="hidden">{tall}</div></figure>'
    )


def test_a_caption_stands_outside_of_the_image() -> None:
    picture = figure(paint, "a", "alt", 100, caption="a < b")
    wide, tall = (drawing.svg for drawing in picture.drawings.values())
    words = WORDS_OR_DRAWING % "alt"
    assert picture._repr_html_() == (
        '<figure class="book-figure" id="figure-a"><div role="img" aria-label="alt">'
        f'{words}<div class="wide" hidden="hidden">{wide}</div><div class="tall" hidden="hidden">{tall}</div></div>'
        "<figcaption>a &lt; b</figcaption></figure>"
    )


def test_the_text_has_a_checksum_of_all_that_is_shown() -> None:
    picture = figure(paint, "a", "alt", 100)
    checksum = sha256(picture._repr_html_().encode()).hexdigest()[:8]
    assert repr(picture) == f"figure a: alt (checksum {checksum})"
    assert repr(BookFigure("a", "alt", picture.drawings, "caption")) != repr(picture)
    assert "\n" not in repr(picture)


@pytest.mark.parametrize("name", ["A", "", "a b", "1a", "a.b", "a\n", 'a"'])
def test_names_that_are_no_ids_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"a figure cannot be called {name!r}: use lower-case letters")):
        draw(paint, name, 100)


def test_an_unknown_colour_is_refused() -> None:
    with pytest.raises(KeyError, match="no colour is called 'black'"):
        draw(lambda sheet, layout: sheet.text(1, 1, "x", colour="black"), "a", 100)


def test_a_style_that_the_reader_has_set_changes_nothing() -> None:
    before = draw(paint, "a", 100)
    with matplotlib.rc_context(
        {
            "svg.fonttype": "path", "lines.scale_dashes": True, "path.sketch": (1, 100, 2), "savefig.bbox": "tight",
            "savefig.facecolor": "red", "patch.linewidth": 9, "text.usetex": True, "savefig.dpi": 30,
        }
    ):  # fmt: skip
        assert draw(paint, "a", 100) == before


PROGRAM = """
import networkx
from lab.architecture.diagram import architecture
graph = networkx.DiGraph()
graph.add_node("b", kind="browser"); graph.add_node("w", kind="web", level=0.5, group="one server")
graph.add_edge("b", "w", kind="request", step=1, label="GET /")
print(architecture(graph, "a")._repr_html_())
"""


def test_two_processes_write_the_same_bytes() -> None:
    """Whatever the seed of the hashes, which orders sets and salts matplotlib's ids."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "MPLCONFIGDIR": matplotlib.get_configdir()},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
    assert outputs.pop().startswith('<figure class="book-figure" id="figure-a"')


def test_letters_that_matplotlib_does_not_have_are_drawn_without_a_word() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "日本語" in draw(lambda sheet, layout: sheet.text(10, 20, "日本語"), "a", 40)["wide"].svg
