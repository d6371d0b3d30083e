"""A message byte by byte."""

import math
from dataclasses import dataclass, replace

import dns.message
import pytest

from lab.chapters.one_request.message_bytes_view import PER_ROW, SECTIONS, alt_text, message_bytes, message_table
from mysite.names import message
from tests.lab.drawing.picture import assert_well_made, shapes, texts


@dataclass(frozen=True)
class Field:
    section: str
    name: str
    start: int
    data: bytes
    meaning: str


FIELDS = [
    Field("header", "ID", 0, b"\x5c\xa1", "0x5ca1"),
    Field("header", "flags", 2, b"\x85\x80", "a reply" + ", and much more is said of these bits" * 4),
    Field("header", "counts", 4, b"\0\x01\0\x01\0\0\0\0", "one question, one answer"),
    Field("question", "QNAME", 12, b"\x03api", "a length of 3, then api"),
    Field("question", "QNAME", 16, b"\x06mysite\x03com", "two labels"),
    Field("question", "QTYPE", 27, b"AB", "not letters here"),
    Field("answer", "NAME", 29, b"\xc0\x0c", "a pointer"),
    Field("authority", "TTL", 31, b"\0\0\x01\x2c", "300 seconds"),
    Field("additional", "ADDRESS", 35, b"\x7f\0\0\x01", "127.0.0.1"),
]
WHOLE = b"".join(field.data for field in FIELDS)


def test_a_real_question_is_well_made() -> None:
    question = dns.message.make_query("api.mysite.com", "A", id=0x5CA1, use_edns=False).to_wire()
    assert_well_made(message_bytes("a", message.fields(question)))


def test_well_made() -> None:
    assert_well_made(message_bytes("a", FIELDS))
    assert_well_made(message_bytes("a", FIELDS[:1]))


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_every_byte_stands_in_its_place(layout: str) -> None:
    drawing = message_bytes("a", FIELDS).drawings[layout]
    digits = [text for text in texts(drawing) if text.size == 14]
    assert [text.words for text in digits] == [f"{byte:02x}" for byte in WHOLE]
    columns = sorted({text.x for text in digits})
    rows = sorted({text.y for text in digits})
    assert (len(columns), len(rows)) == (PER_ROW[layout], math.ceil(len(WHOLE) / PER_ROW[layout]))
    for position, text in enumerate(digits):
        row, column = divmod(position, PER_ROW[layout])
        assert (text.x, text.y) == (columns[column], rows[row])
    starts = [text.words for text in texts(drawing) if text.anchor == "end" and text.x == 34]
    assert starts == [str(PER_ROW[layout] * row) for row in range(len(rows))]


def test_letters_of_names_are_shown_and_only_those() -> None:
    drawing = message_bytes("a", FIELDS).drawings["wide"]
    letters = [text.words for text in texts(drawing) if text.anchor == "middle" and text.size == 12]
    assert "".join(letters) == "apimysitecom"


def test_a_length_or_a_pointer_is_no_letter() -> None:
    fields = [
        Field("answer", "NAME", 0, b"\xc0A", "a pointer to byte 65"),
        Field("answer", "CNAME", 2, b"-" + b"a-b" * 15, "a label of 45"),
        Field("answer", "TTL", 48, b"TTTT", "a time"),
    ]
    drawing = message_bytes("a", fields).drawings["wide"]
    letters = [text.words for text in texts(drawing) if text.anchor == "middle" and text.size == 12]
    assert "".join(letters) == "a-b" * 15


@pytest.mark.parametrize("layout", ["wide", "tall"])
def test_fields_are_numbered_in_the_grid_and_in_the_key(layout: str) -> None:
    drawing = message_bytes("a", FIELDS).drawings[layout]
    numbers = [text for text in texts(drawing) if text.bold and text.words.isdigit()]
    assert [text.words for text in numbers] == [str(number) for number in range(1, 10)] * 2
    assert [text.colour for text in numbers] == [SECTIONS[field.section] for field in FIELDS] * 2
    titles = [text.words for text in texts(drawing) if text.bold and not text.words.isdigit()]
    assert titles == list(SECTIONS)
    meanings = " ".join(text.words for text in texts(drawing) if text.colour == "ink" and text.size == 12)
    assert meanings == " ".join(f"{field.name}: {field.meaning}" for field in FIELDS)


def test_outlines_go_row_by_row_in_the_section_s_colour() -> None:
    for layout, header, question in (("wide", 3, 3), ("tall", 4, 4)):
        outlines = shapes(message_bytes("a", FIELDS).drawings[layout])
        lines = {shape.line: shape.outline.count("M") for shape in outlines if shape.line}
        fills = {shape.fill: shape.outline.count("M") for shape in outlines if shape.fill}
        assert lines == fills
        assert list(lines) == list(SECTIONS.values())
        assert (lines["soft"], lines["name"]) == (header, question)


@pytest.mark.parametrize(
    "fields",
    [FIELDS[1:], [FIELDS[0], FIELDS[2]], [FIELDS[0], FIELDS[0]], [replace(FIELDS[0], data=b"")]],
)
def test_fields_that_do_not_follow_each_other_are_refused(fields: list[Field]) -> None:
    with pytest.raises(ValueError, match=r"the field '\w+' starts at byte \d+; the next byte is \d"):
        message_bytes("a", fields)


def test_the_table_says_the_same() -> None:
    table = message_table(FIELDS[:1])
    assert table.columns == ("byte", "section", "field", "bytes", "meaning")
    assert table.rows == [(0, "header", "ID", "5c a1", "0x5ca1")]


def test_the_words_for_those_who_do_not_see_it() -> None:
    short = [FIELDS[0], replace(FIELDS[3], start=2)]
    assert alt_text(short) == (
        "A message of 6 bytes in 2 fields. Section header: ID: 0x5ca1. "
        "Section question: QNAME: a length of 3, then api."
    )
    assert message_bytes("a", short).alt == alt_text(short)
    assert message_bytes("a", short, "caption").caption == "caption"
