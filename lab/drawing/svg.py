"""matplotlib's SVG made small, and its colours made the page's variables."""

import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from lab.drawing.colours import TOKENS, variable

_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e[+-]?\d+)?")
_REFERENCE = re.compile(r"url\(#(.+?)\)")
_TOKEN_OF = {light: token for token, (light, _, _) in TOKENS.items()}
# What a drawing may carry. Typefaces stay out: the page, or the reader's system, brings its own.
_ATTRIBUTES = (
    "clip-path",
    "d",
    "fill",
    "font-size",
    "font-weight",
    "opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-width",
    "text-anchor",
    "transform",
    "x",
    "y",
)
# What holds for a whole drawing, so that few elements need say it.
INHERITED = {"fill": "none", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round"}
_DEFAULTS = {("text-anchor", "start"), *INHERITED.items()}
# matplotlib knows DejaVu Sans in bold only; the book's sans has a semibold, which is what a figure means.
_SEMIBOLD = {"700": "600", "bold": "600"}


def compact(svg: str, prefix: str) -> str:
    """Return the content of matplotlib's `svg`, without its <svg> element, as small as it gets.

    It has no metadata, style sheets, comments, groups or typefaces, and no ids but those that something refers to:
    these are `prefix` with a number. Numbers have at most two decimals. What INHERITED says, the drawing's own
    element must say. ValueError for a colour that is no token's (black is what SVG takes where none is given), and for
    an element other than path, text and clipping path.
    """
    numbers = {old: f"{prefix}-{count}" for count, old in enumerate(dict.fromkeys(_REFERENCE.findall(svg)), 1)}
    return _content(ElementTree.fromstring(svg), numbers)


def rounded(text: str) -> str:
    """Return the text, its numbers with at most two decimals and no idle zero: '1.50 -0.001' becomes '1.5 0'."""
    return _NUMBER.sub(lambda number: f"{round(float(number[0]), 2) + 0:g}", text)


def _content(parent: ElementTree.Element, ids: dict[str, str]) -> str:
    return "".join(_element(child, ids) for child in parent)


def _element(element: ElementTree.Element, ids: dict[str, str]) -> str:
    tag = element.tag.rpartition("}")[2]
    if tag in ("metadata", "style"):
        return ""
    if tag in ("g", "defs"):
        return _content(element, ids)
    if tag == "clipPath":
        name = ids.get(element.get("id", ""))
        shape = "".join(f"<path d={quoteattr(_path(path.get('d', '')))}/>" for path in element)
        return f'<clipPath id="{name}">{shape}</clipPath>' if name else ""
    if tag not in ("path", "text"):
        raise ValueError(f"a figure cannot hold <{tag}>: draw it with the functions of lab.drawing.sheet")
    attributes = _attributes(element, ids)
    if tag == "path" and "fill" not in attributes and "stroke" not in attributes:
        return ""
    written = "".join(f" {key}={quoteattr(attributes[key])}" for key in _ATTRIBUTES if key in attributes)
    return f"<path{written}/>" if tag == "path" else f"<text{written}>{escape(element.text or '')}</text>"


def _attributes(element: ElementTree.Element, ids: dict[str, str]) -> dict[str, str]:
    """The attributes of a path or text, its style among them, but for those that the drawing's element has."""
    declarations = (entry.partition(":") for entry in element.get("style", "").split(";") if entry)
    attributes = {**element.attrib, **{key.strip(): value.strip() for key, _, value in declarations}}
    # what SVG takes by itself, and matplotlib therefore leaves out
    stroke = {"stroke-width": "1", "stroke-linecap": "butt"} if "stroke" in attributes else {}
    attributes = {"fill": "#000000"} | stroke | attributes
    for key in ("fill", "stroke"):
        if attributes.get(key, "none") != "none":
            attributes[key] = variable(_token(attributes[key]))
    for key in ("stroke-dasharray", "stroke-width", "font-size", "opacity", "transform", "x", "y"):
        if key in attributes:
            attributes[key] = rounded(attributes[key].removesuffix("px"))
    if "d" in attributes:
        attributes["d"] = _path(attributes["d"])
    if "font-weight" in attributes:
        attributes["font-weight"] = _SEMIBOLD[attributes["font-weight"]]
    if "clip-path" in attributes:
        clip = attributes["clip-path"]
        attributes["clip-path"] = _REFERENCE.sub(lambda reference: f"url(#{ids[reference[1]]})", clip)
    if attributes.get("transform", "").startswith("rotate(0 "):
        del attributes["transform"]
    return {key: value for key, value in attributes.items() if (key, value) not in _DEFAULTS}


def _token(colour: str) -> str:
    if colour not in _TOKEN_OF:
        raise ValueError(f"the colour {colour} is no token of lab.drawing.colours: name one of {', '.join(TOKENS)}")
    return _TOKEN_OF[colour]


def _path(data: str) -> str:
    """Return path data with rounded numbers, and spaces only between two numbers."""
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", rounded(data)).strip()
