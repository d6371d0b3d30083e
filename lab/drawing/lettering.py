"""How wide a text is, so that labels can be placed where they cross nothing.

Measured in DejaVu Sans, which comes with matplotlib and is wider than the typefaces that pages and notebooks
show, so what fits here fits there.
"""

import unicodedata
from functools import cache
from pathlib import Path

import matplotlib
from matplotlib.ft2font import FT2Font, LoadFlags

# Share of the text size that letters rise above the baseline and fall below it.
ASCENT = 0.76
DESCENT = 0.24


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width in CSS pixels of one line of `text` set at `size` pixels."""
    return _width_at_64(text, bold) * size / 64


@cache
def _width_at_64(text: str, bold: bool) -> float:
    font = _font(bold)
    letters = "".join(letter for letter in text if font.get_char_index(ord(letter)))
    font.set_text(letters, flags=LoadFlags.NO_HINTING)
    # what DejaVu does not have, Chinese for one, is as wide as it is high, and a mark on a letter takes no room
    missing = sum(not unicodedata.combining(letter) for letter in text) - sum(
        not unicodedata.combining(letter) for letter in letters
    )
    return font.get_width_height()[0] / 64 + 64 * missing


@cache
def _font(bold: bool) -> FT2Font:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name))
    font.set_size(64, 72)
    return font


def lines(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Return the text broken at single spaces into lines at most `width` pixels wide.

    A word that is longer has a line of its own.
    """
    wrapped: list[str] = []
    for word in text.split(" "):
        longer = f"{wrapped[-1]} {word}" if wrapped else word
        if wrapped and text_width(longer, size, bold) <= width:
            wrapped[-1] = longer
        else:
            wrapped.append(word)
    return wrapped
