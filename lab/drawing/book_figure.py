"""A figure in the page: painted once a layout, written as small SVG whose colours follow the page's mode."""

import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any

import matplotlib.style

from lab.drawing.colours import in_jupyterlab, variable
from lab.drawing.moving import Moving
from lab.drawing.sheet import Sheet
from lab.drawing.svg import INHERITED, compact

# Name of a layout: its width in CSS pixels. `tall` stands upright, for a phone.
LAYOUTS: Mapping[str, int] = {"wide": 720, "tall": 360}

Paint = Callable[[Sheet, str], None]

# Whatever style the reader has set, text stays text and dashes are in pixels.
_STYLE: Any = ["default", {"svg.fonttype": "none", "lines.scale_dashes": False}]
# A JupyterLab that does not trust a notebook drops its drawings and style sheets and keeps their letters: it shows the
# words, since what is hidden stays so. Wherever the sheet holds, the drawing is there and the words are not.
_SHEET = (
    ".book-figure .words{display:none}.book-figure .wide[hidden]{display:block}" + in_jupyterlab(".book-figure")
)
WORDS_OR_DRAWING = f'<p class="words">%s</p><style>{_SHEET}</style>'
HIDDEN = ' hidden="hidden"'  # an attribute without a value would be dropped
_SANS = "'Book Sans',system-ui,-apple-system,'Segoe UI',sans-serif"


@dataclass(frozen=True)
class Drawing:
    """One layout of a figure. `svg` is one <svg> element; one unit of it is one CSS pixel.

    `moving` lists what an explorer moves on it, in the same units.
    """

    svg: str
    width: int
    height: int
    moving: tuple[Moving, ...] = ()


@dataclass(frozen=True)
class BookFigure:
    """A figure as a cell's output: HTML with both layouts, and one line of text that changes when they do."""

    name: str
    alt: str
    drawings: Mapping[str, Drawing]
    caption: str | None = None

    def _repr_html_(self) -> str:
        alt = f'role="img" aria-label="{escape(self.alt)}"'
        views = WORDS_OR_DRAWING % escape(self.alt) + "".join(
            f'<div class="{layout}"{HIDDEN}>{drawing.svg}</div>' for layout, drawing in self.drawings.items()
        )
        # A caption inside an image would be lost to a screen reader, so the image is then only a part.
        if self.caption is None:
            return f'<figure class="book-figure" id="figure-{self.name}" {alt}>{views}</figure>'
        caption = f"<figcaption>{escape(self.caption)}</figcaption>"
        return f'<figure class="book-figure" id="figure-{self.name}"><div {alt}>{views}</div>{caption}</figure>'

    def __repr__(self) -> str:
        checksum = sha256(self._repr_html_().encode()).hexdigest()[:8]
        return f"figure {self.name}: {self.alt} (checksum {checksum})"


def draw(paint: Paint, name: str, height: int | Mapping[str, int]) -> dict[str, Drawing]:
    """Paint every layout, calling `paint(sheet, layout)` once for each, and return the drawings by layout.

    `name` becomes part of the ids: lower-case letters, digits and hyphens. `height` in CSS pixels, one for all
    layouts or one each. Same input, same bytes. ValueError for another name or a colour that is no token's.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(f"a figure cannot be called {name!r}: use lower-case letters, digits and hyphens")
    return {
        layout: _drawing(paint, f"{name}-{layout}", layout, height if isinstance(height, int) else height[layout])
        for layout in LAYOUTS
    }


def figure(
    paint: Paint, name: str, alt: str, height: int | Mapping[str, int], caption: str | None = None
) -> BookFigure:
    """Return the figure, painted in every layout: see `draw`. `alt` says in words what there is to see."""
    return BookFigure(name, alt, draw(paint, name, height), caption)


def _drawing(paint: Paint, prefix: str, layout: str, height: int) -> Drawing:
    with matplotlib.style.context(_STYLE):
        sheet = Sheet(layout, LAYOUTS[layout], height)
        paint(sheet, layout)
        buffer = io.StringIO()
        with warnings.catch_warnings():
            # text stays text, so that the page's typefaces bring the letters that matplotlib's own does not have
            warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)
            sheet.figure.savefig(buffer, format="svg")
    size = f'width="{sheet.width}" height="{height}" viewBox="0 0 {sheet.width} {height}"'
    # The panel behind it keeps ink legible in a notebook whose own theme is dark.
    style = f"max-width:100%;height:auto;background:{variable('panel')};font-variant-numeric:tabular-nums lining-nums"
    inherited = " ".join(f'{key}="{value}"' for key, value in INHERITED.items())
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_SANS}" {inherited} '
        f'style="{style}" aria-hidden="true" focusable="false">{compact(buffer.getvalue(), prefix)}</svg>'
    )
    return Drawing(svg, sheet.width, height, tuple(sheet.moving))
