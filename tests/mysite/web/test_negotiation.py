"""Which representation is chosen: the RFC's own examples, laws, and another implementation where the two agree."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from mysite.web import negotiation
from mysite.web.negotiation import HTML, JSON, MediaRange, Offer, best_media_type, media_ranges, offers, takes_gzip

BOTH = (HTML, JSON)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "weights"),
    [
        # RFC 9110, section 12.5.1, each of its examples; a parameter names what the site does not have
        ("audio/*; q=0.2, audio/basic", {"audio/basic": 1000, "audio/mp3": 200, "text/html": 0}),
        (
            "text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c",
            {"text/plain": 500, "text/html": 1000, "text/x-dvi": 800, "text/x-c": 1000, "image/png": 0},
        ),
        (
            "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5",
            {"text/plain": 700, "text/html": 300, "image/jpeg": 500},
        ),
        ("text/*, text/plain, text/plain;format=flowed, */*", {"text/plain": 1000, "image/jpeg": 1000}),
        # the most precise one decides, whether it wishes for more or for less
        ("text/html;q=0.1, text/*;q=0.9, */*", {"text/html": 100, "text/css": 900, "image/png": 1000}),
        ("*/*;q=0, text/html", {"text/html": 1000, "application/json": 0}),
        ("text/html;charset=utf-8;q=0.2, text/html;q=0.9", {"text/html": 200}),
        ('text/html; charset="UTF-8" ; q=0.2, text/html;q=0.9', {"text/html": 200}),
        ("text/html;charset=latin-1;q=0.2, text/html;q=0.9", {"text/html": 900}),
        ("text/html;charset=utf-8;level=1, text/html;q=0.9", {"text/html": 900}),
        # of equally precise ones the one with more weight
        ("text/html;q=0.2, text/html;q=0.3", {"text/html": 300}),
        ("text/html;q=0.3, text/html;q=0.2", {"text/html": 300}),
    ],
)
def test_the_weight_of_each(accept: str, weights: dict[str, int]) -> None:
    assert {offer.media_type: offer.weight for offer in offers(accept, tuple(weights))} == weights


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, HTML),
        ("", HTML),
        (" , ,", HTML),
        ("*/*", HTML),
        (BROWSER, HTML),
        ("application/json", JSON),
        ("Application/JSON", JSON),
        ("application/*", JSON),
        ("application/json, text/html", HTML),  # both are as welcome: the first offered
        ("application/json, */*;q=0.9", JSON),
        ("application/json, text/*;q=0.999", JSON),
        ("text/html;q=0.001, application/json;q=0.002", JSON),
        ("text/html;q=0, */*", JSON),
        ("text/html;q=0", None),
        ("*/*;q=0.000", None),
        ("image/png", None),
        ("text/plain, application/xml", None),
        ("text/html;level=1", None),
        # whitespace, empty elements and parameters, quoted strings
        ("\tapplication/json\t;\tq=1.000 ,,", JSON),
        ("application/json;", JSON),
        ("application/json;;q=0.5; , text/html;q=0.4", JSON),
        ('text/html;a=",", application/json', JSON),
        ('text/html;a="\\",\\"", application/json', JSON),
        ('image/png;a=";q=0", application/json', JSON),
        # what is malformed says nothing, what is not malformed is still heard
        ("text/html;q=1.001, application/json;q=0.1", JSON),
        ("text/html;q=2, application/json;q=0.1", JSON),
        ("text/html;q=-1, application/json;q=0.1", JSON),
        ("text/html;q=0.1234, application/json;q=0.1", JSON),
        ("text/html;q=.5, application/json;q=0.1", JSON),
        ("text/html;q=, application/json;q=0.1", JSON),
        ("text/html;q, application/json;q=0.1", JSON),
        ("text/html;q=1;q=1, application/json;q=0.1", JSON),
        ('text/html;q="1", application/json;q=0.1', JSON),
        ("*/html, application/json;q=0.1", JSON),
        ("text, application/json;q=0.1", JSON),
        ("text/, /html, text/html/x, text /html, application/json;q=0.1", JSON),
        ('application/json;q=0.1, text/html;a="', JSON),
        ("*", HTML),  # nothing well formed is left, and nothing well formed is no wish
        ("text/html;q=x", HTML),
    ],
)
def test_what_is_chosen(accept: str | None, media_type: str | None) -> None:
    assert best_media_type(accept, BOTH) == media_type


def test_without_a_wish_the_first_offered_is_sent() -> None:
    for accept in (None, "", "*/*", "x", f"{HTML}, {JSON}"):
        assert best_media_type(accept, (HTML, JSON)) == HTML
        assert best_media_type(accept, (JSON, HTML)) == JSON


def test_the_elements_of_a_field() -> None:
    ranges = media_ranges('Text/HTML ; Level="a,b";q=0.5;x=Y, */*, none')
    assert ranges == [
        MediaRange("text", "html", (("level", '"a,b"'), ("x", "Y")), 500), MediaRange("*", "*", (), 1000)
    ]  # fmt: skip
    assert [str(media_range) for media_range in ranges] == ['text/html;level="a,b";x=Y', "*/*"]


def test_what_speaks_for_an_offer() -> None:
    (all_types, text) = media_ranges("*/*;q=0.1, text/*;q=0.5")
    assert offers("*/*;q=0.1, text/*;q=0.5", BOTH) == [Offer(HTML, text, 500), Offer(JSON, all_types, 100)]
    assert offers("text/html", (JSON,)) == [Offer(JSON, None, 0)]
    assert offers(None, BOTH) == [Offer(HTML, None, 1000), Offer(JSON, None, 1000)]


def test_how_precise_a_range_is() -> None:
    ranges = media_ranges("*/*, text/*, text/html, text/html;charset=utf-8, text/html;a=b, image/*")
    assert [media_range.precision(HTML) for media_range in ranges] == [0, 1, 2, 3, None, None]
    assert [media_range.precision(JSON) for media_range in ranges] == [0] + [None] * 5


TYPES = ("text/html", "text/plain", "text/css", "application/json", "application/xml", "image/png")
RANGES = st.sampled_from([*TYPES, "text/*", "application/*", "image/*", "*/*"])
WEIGHTS = st.sampled_from(["", *(f";q={weight}" for weight in ("0", "0.0", "0.001", "0.5", "0.999", "1", "1.000"))])
SPACES = st.sampled_from(["", " ", "\t", "  "])
ELEMENTS = st.builds("{0}{1}{2}{0}".format, SPACES, RANGES, WEIGHTS)
MEDIA_TYPES = st.lists(st.sampled_from(TYPES), min_size=1, max_size=4, unique=True)
MALFORMED = st.sampled_from(["", " ", "text", "*/html", "a/b/c", "text/html;q=2", "image/png;q=x", ";", "text/html;="])


@given(st.lists(ELEMENTS, min_size=1, max_size=6), MEDIA_TYPES)
def test_another_implementation_gives_the_same_weights(elements: list[str], media_types: list[str]) -> None:
    accept = ",".join(elements)
    theirs = parse_accept_header(accept, MIMEAccept)
    assert [offer.weight for offer in offers(accept, media_types)] == [
        round(theirs.quality(media_type) * negotiation.FULL) for media_type in media_types
    ]
    best = max(theirs.quality(media_type) for media_type in media_types)
    # of equal ones it prefers the one that is named precisely
    first = next(media_type for media_type in media_types if theirs.quality(media_type) == best)
    choice = best_media_type(accept, media_types)
    assert choice == (first if best else None)
    assert (choice is None) == (theirs.best_match(media_types) is None)


@given(st.lists(ELEMENTS, min_size=1, max_size=6), MEDIA_TYPES, st.randoms(use_true_random=False))
def test_the_order_of_the_elements_does_not_matter(
    elements: list[str], media_types: list[str], chance: random.Random
) -> None:
    shuffled = chance.sample(elements, len(elements))
    assert best_media_type(",".join(shuffled), media_types) == best_media_type(",".join(elements), media_types)


@given(st.lists(ELEMENTS, max_size=5), MEDIA_TYPES, st.sampled_from(["0", "0.", "0.0", "0.000"]), st.data())
def test_what_is_refused_is_never_chosen(
    elements: list[str], media_types: list[str], zero: str, data: st.DataObject
) -> None:
    refused = data.draw(st.sampled_from(media_types))
    others = [element for element in elements if not element.strip().startswith(refused)]
    assert best_media_type(",".join([f"{refused};q={zero}", *others]), media_types) != refused


@given(st.lists(ELEMENTS, min_size=1, max_size=4), st.lists(MALFORMED, max_size=4), MEDIA_TYPES, st.data())
def test_malformed_elements_are_passed_over(
    elements: list[str], malformed: list[str], media_types: list[str], data: st.DataObject
) -> None:
    mixed = list(elements)
    for element in malformed:
        mixed.insert(data.draw(st.integers(0, len(mixed))), element)
    assert media_ranges(",".join(mixed)) == media_ranges(",".join(elements))
    assert best_media_type(",".join(mixed), media_types) == best_media_type(",".join(elements), media_types)
    assert best_media_type(",".join(malformed), media_types) == media_types[0]


@given(st.text(st.sampled_from('"\\,;=/*q01. atexhml'), max_size=60) | st.text(max_size=30), MEDIA_TYPES)
@example("text/html;q=\u0661", ["text/html"])
def test_whatever_is_sent_is_answered(accept: str, media_types: list[str]) -> None:
    assert best_media_type(accept, media_types) in (None, *media_types)
    for media_range in media_ranges(accept):
        assert 0 <= media_range.weight <= negotiation.FULL
    assert takes_gzip(accept) in (True, False)


@pytest.mark.parametrize("field", ['"' + '\\"' * 8000, '"' * 16001, 'a/b;c="' * 2000, ";" * 16000, "a/b" + "; " * 8000])
def test_no_field_is_read_more_than_once(field: str) -> None:
    """Without a comma it is one element, whatever quotes are in it: were it many, each would be read to its end."""
    assert len(negotiation._ELEMENT.findall(field)) == 1
    assert best_media_type(f"{JSON}, {field}", BOTH) in BOTH


@pytest.mark.parametrize(
    ("accept_encoding", "takes"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZip", True),
        ("x-gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("deflate", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip; q=0", False),
        ("gzip ;Q=0", False),
        ("gzip;q=0.001", True),
        ("gzip;q=1.000", True),
        ("*", True),
        ("*;q=0", False),
        ("*;q=0, gzip", True),
        ("gzip, *;q=0", True),
        ("gzip;q=0, *", False),
        ("*, gzip;q=0", False),
        ("identity;q=0, *;q=0.1", True),
        ("br;q=1, gzip;q=0.5", True),
        ("gzipped", False),
        ("not-gzip", False),
        ("gzip;q=2", False),
        ("gzip;q=x", False),
        ("gzip;q=", False),
        ("gzip;level=1", False),
        ("gzip deflate", False),
        (",, gzip ,", True),
    ],
)
def test_who_takes_gzip(accept_encoding: str | None, takes: bool) -> None:
    assert takes_gzip(accept_encoding) is takes
