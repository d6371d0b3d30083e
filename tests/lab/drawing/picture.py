"""The contents of a drawing, read back from its SVG, and the rules that every drawing of the book keeps."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from lab.drawing.book_figure import BookFigure, Drawing
from lab.drawing.colours import TOKENS, variable
from lab.drawing.geometry import Box, Point, along, text_box

SVG = "{http://www.w3.org/2000/svg}"
COLOURS = {variable(token): token for token in TOKENS}


@dataclass(frozen=True)
class Text:
    """A line of text; its box is as wide as DejaVu Sans would set it, wider than what pages show."""

    words: str
    x: float
    y: float
    size: float
    bold: bool
    anchor: str
    colour: str

    @property
    def box(self) -> Box:
        return text_box(self.x, self.y, self.words, self.size, self.anchor, self.bold)


@dataclass(frozen=True)
class Shape:
    """A path: its outline as `lab.drawing.sheet` writes outlines, its tokens (None for neither), its line."""

    outline: str
    fill: str | None
    line: str | None
    width: float
    dashes: str | None
    clipped: bool

    @property
    def points(self) -> list[Point]:
        return along(self.outline)

    @property
    def is_dot(self) -> bool:
        """Whether the shape is a line with no length but its width."""
        return max(x for x, _ in self.points) - min(x for x, _ in self.points) < 0.02


def root_of(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.svg)


def texts(drawing: Drawing) -> list[Text]:
    return [
        Text(
            element.text or "", float(element.get("x")), float(element.get("y")), float(element.get("font-size")),
            element.get("font-weight") == "600", element.get("text-anchor", "start"), COLOURS[element.get("fill")],
        )
        for element in root_of(drawing).iter(f"{SVG}text")
    ]  # fmt: skip


def shapes(drawing: Drawing) -> list[Shape]:
    return [
        Shape(
            re.sub(r"([A-Za-z])", r" \1 ", element.get("d")).replace("z", "Z").strip(),
            COLOURS.get(element.get("fill")), COLOURS.get(element.get("stroke")),
            float(element.get("stroke-width", 1.6)), element.get("stroke-dasharray"),
            element.get("clip-path") is not None,
        )
        for element in root_of(drawing).findall(f"{SVG}path")
    ]  # fmt: skip


def assert_well_made(figure: BookFigure) -> None:
    """Every rule, in every layout."""
    assert list(figure.drawings) == ["wide", "tall"]
    for layout, drawing in figure.drawings.items():
        assert_well_formed(drawing, f"{figure.name}-{layout}")
        assert_legible(drawing)
        assert_within(drawing)
        assert_nothing_on_text(drawing)


def assert_well_formed(drawing: Drawing, prefix: str) -> None:
    """No style, no script, no colour but tokens; ids that are used, unique and prefixed."""
    root = root_of(drawing)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "path", "text", "clipPath"}
    assert root.get("viewBox") == f"0 0 {drawing.width} {drawing.height}"
    assert (root.get("width"), root.get("height")) == (str(drawing.width), str(drawing.height))
    assert (root.get("aria-hidden"), root.get("focusable")) == ("true", "false")
    for element in root.iter():
        for key in ("fill", "stroke"):
            assert element.get(key, "none") in {"none", *COLOURS}, f"{element.get(key)} is no token"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    used = re.findall(r"url\(#(.+?)\)", drawing.svg)
    assert sorted(set(ids)) == sorted(ids) == sorted(set(used))
    assert all(re.fullmatch(re.escape(prefix) + r"-\d+", name) for name in ids)
    values = [value for element in root.iter() for value in element.attrib.values()]
    assert not any(re.search(r"\d\.\d{3}", value) for value in values), "more than two decimals"


def assert_legible(drawing: Drawing) -> None:
    """No text below 12 px, none empty, none in a colour that carries no meaning."""
    for text in texts(drawing):
        assert text.size >= 12, text
        assert text.words.strip(), text
        assert text.colour not in ("paper", "panel", "rule"), text


def assert_within(drawing: Drawing) -> None:
    """Nothing is cut off at the edge: no text, no line, no arrowhead."""
    page = Box(0, 0, drawing.width, drawing.height)
    for text in texts(drawing):
        assert page.holds(text.box), text
    for shape in shapes(drawing):
        if not shape.clipped:
            reach = shape.width / 2 if shape.line else 0
            assert all(page.holds(Box(x, y, x, y).grown(reach)) for x, y in shape.points), shape


def assert_nothing_on_text(drawing: Drawing) -> None:
    """No text lies on another, and no line runs through one; a number stands on a disc that covers its arrow."""
    lettering, paths = texts(drawing), shapes(drawing)
    for place, text in enumerate(lettering):
        for other in lettering[place + 1 :]:
            assert not text.box.meets(other.box), (text, other)
    discs = [shape.points[0] for shape in paths if shape.is_dot and shape.line == "panel"]
    lines = [shape for shape in paths if shape.line not in (None, "rule") and not shape.is_dot]
    for text in lettering:
        on_disc = text.words.isdigit() and any(
            abs(x - text.x) < 0.1 and abs(y - text.y) < 6 for x, y in discs
        )  # fmt: skip
        if not on_disc:
            for line in lines:
                assert not text.box.grown(-1).crossed_by(line.points), (text, line)
