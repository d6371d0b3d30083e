"""Whole figures, to the last pixel: a changed number anywhere in what draws shows here.

A folder's figures.py has its FIGURES: by name what draws one, and the checksum of the drawing that was looked at.
Where a change is meant: look at the figure, in both layouts, light and dark; then write its new checksum.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lab.drawing.book_figure import BookFigure, Drawing
from lab.widgets.explorer import Explorer, drawing_spec

TESTS = Path(__file__).parent
FIGURES = {
    f"{path.parent.name}: {name}": entry
    for path in sorted(TESTS.glob("**/figures.py"))
    for name, entry in import_module(".".join(("tests.lab", *path.relative_to(TESTS).with_suffix("").parts)))
    .FIGURES.items()
}


def specs(figure: BookFigure | Explorer | Mapping[str, Drawing]) -> dict[str, dict[str, Any]]:
    """The drawings of a figure by layout, with what moves on them, as JSON has them; an explorer is closed."""
    if isinstance(figure, Explorer):
        figure.close()
        return figure.spec["drawings"]
    drawings = figure.drawings if isinstance(figure, BookFigure) else figure
    return json.loads(json.dumps({layout: drawing_spec(drawing) for layout, drawing in drawings.items()}))


@pytest.mark.parametrize("name", FIGURES)
def test_drawn_as_it_was_looked_at(name: str) -> None:
    draw, checksum = FIGURES[name]
    drawings = specs(draw())
    assert checksum == sha256(json.dumps(drawings, sort_keys=True).encode()).hexdigest()[:12], (
        "drawn differently: look at it, then write this checksum"
    )
    # the longest is a message, byte by byte; compressed it is an eighth of this
    assert max(len(drawing["svg"]) for drawing in drawings.values()) < 20_000 or name == "architecture: silhouettes"
