"""Figures on the page: the notebook's words for who may not see a drawing are left out, since here everybody may."""

from __future__ import annotations

import re

from lab.drawing.book_figure import HIDDEN, WORDS_OR_DRAWING

BEFORE_THE_DRAWING = re.compile(re.escape(WORDS_OR_DRAWING).replace("%s", "[^<]*") + f'<div class="wide"{HIDDEN}>')
TALL = f'<div class="tall"{HIDDEN}>'


def with_drawings(body: str) -> str:
    """The page's HTML with each figure's wide drawing to be seen, and nothing in its place."""
    return BEFORE_THE_DRAWING.sub('<div class="wide">', body).replace(TALL, '<div class="tall" hidden>')
