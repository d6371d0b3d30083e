"""Which representation of a resource a client gets: its Accept field, compared with those that there are.

Source: RFC 9110, sections 12.4.2 (weights), 12.5.1 (Accept) and 12.5.3 (Accept-Encoding). Seen 2026-11-24.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

HTML = "text/html"
JSON = "application/json"
FULL = 1000  # a weight in thousandths, as RFC 9110 allows three digits: no float is compared with another

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_VALUE = rf'(?:{_TOKEN}|"(?:[^"\\]|\\.)*")'
# A quote that is never closed takes the rest of the field: were it passed over, each of many would be read to the end.
_ELEMENT = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"?)+')
_SPACE = r"[ \t]*"
_RANGE = re.compile(  # a parameter may be empty
    rf"{_SPACE}({_TOKEN})/({_TOKEN}){_SPACE}((?:;{_SPACE}(?:{_TOKEN}={_VALUE}{_SPACE})?)*)"
)
_PARAMETER = re.compile(rf";{_SPACE}({_TOKEN})=({_VALUE})")
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_CODING = re.compile(rf"{_SPACE}({_TOKEN}){_SPACE}(?:;{_SPACE}[qQ]=([0-9.]+){_SPACE})?")


@dataclass(frozen=True)
class MediaRange:
    """One element of an Accept field: text/html, text/* or */*, its parameters but the weight, and its weight."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    weight: int

    def __str__(self) -> str:
        parameters = "".join(f";{name}={value}" for name, value in self.parameters)
        return f"{self.type}/{self.subtype}{parameters}"

    def precision(self, media_type: str) -> int | None:
        """Its precision for a media type: 3 with a parameter, 2, 1 for text/*, 0 for */*; None: it does not.

        Whatever the site sends is UTF-8, so that charset=utf-8 is a parameter which every representation has.
        """
        kind, _, subtype = media_type.partition("/")
        if any((name, value.strip('"').lower()) != ("charset", "utf-8") for name, value in self.parameters):
            return None
        if (self.type, self.subtype) == (kind, subtype):
            return 3 if self.parameters else 2
        if (self.type, self.subtype) == (kind, "*"):
            return 1
        return 0 if (self.type, self.subtype) == ("*", "*") else None


@dataclass(frozen=True)
class Offer:
    """One representation that there is: the range that speaks for it, the most precise one, and its weight."""

    media_type: str
    named_by: MediaRange | None
    weight: int


def media_type_of(content_type: str | None) -> str:
    """The media type in a field Content-Type, without its parameters; "" where there is none."""
    return (content_type or "").partition(";")[0].strip().lower()


def media_ranges(accept: str) -> list[MediaRange]:
    """The elements of an Accept field that are well formed, in their order; the others are passed over."""
    ranges = []
    for element in _ELEMENT.findall(accept):
        match = _RANGE.fullmatch(element)
        if not match or (match[1] == "*" and match[2] != "*"):
            continue
        parameters = [(name.lower(), value) for name, value in _PARAMETER.findall(match[3])]
        weights = [value for name, value in parameters if name == "q"]
        if len(weights) > 1 or not all(_WEIGHT.fullmatch(weight) for weight in weights):
            continue
        others = tuple(pair for pair in parameters if pair[0] != "q")
        ranges.append(MediaRange(match[1].lower(), match[2].lower(), others, thousandths(weights)))
    return ranges


def thousandths(weights: Sequence[str]) -> int:
    """The weight in thousandths, 500 of ["0.5"]; without one, of [], it is 1000."""
    return round(float(weights[0]) * FULL) if weights else FULL


def offers(accept: str | None, media_types: Sequence[str]) -> list[Offer]:
    """Each media type with its weight, in their order. No Accept, or none well formed: all are welcome."""
    ranges = media_ranges(accept) if accept is not None else []
    if not ranges:
        return [Offer(media_type, None, FULL) for media_type in media_types]
    return [offer(media_type, ranges) for media_type in media_types]


def offer(media_type: str, ranges: Sequence[MediaRange]) -> Offer:
    """One media type with its weight: the most precise range decides, of equal ones the one with more weight."""
    naming = [media_range for media_range in ranges if media_range.precision(media_type) is not None]
    if not naming:
        return Offer(media_type, None, 0)
    named_by = max(naming, key=lambda media_range: (media_range.precision(media_type), media_range.weight))
    return Offer(media_type, named_by, named_by.weight)


def best_media_type(accept: str | None, media_types: Sequence[str]) -> str | None:
    """The media type to send: the one with the most weight, of equal ones the first; None: none is welcome."""
    best = max(offers(accept, media_types), key=lambda offer: offer.weight)  # max keeps the first of equal ones
    return best.media_type if best.weight else None


def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether an Accept-Encoding field welcomes gzip: by name, else by *, and not with the weight 0."""
    weights: dict[str, int] = {}
    for element in (accept_encoding or "").split(","):
        match = _CODING.fullmatch(element)
        if match and (match[2] is None or _WEIGHT.fullmatch(match[2])):
            weights[match[1].lower()] = thousandths([match[2]] if match[2] else [])
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0))) > 0
