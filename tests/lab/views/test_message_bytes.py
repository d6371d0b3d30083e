"""lab/views/message_bytes.py"""

from types import SimpleNamespace

import dns.message
import pytest

from lab.views.message_bytes import alt_text, message_bytes, message_table
from mysite.names.message import fields
from tests.lab.views.picture import assert_legible, assert_well_formed, assert_within, texts

QUESTION = fields(dns.message.make_query("api.mysite.com", "A", id=0x5CA1, use_edns=False).to_wire())


def test_every_byte_is_drawn_once_in_both_layouts():
    figure = message_bytes("question", QUESTION)
    expected = sorted(f"{byte:02x}" for field in QUESTION for byte in field.data)
    for layout, drawing in figure.drawings.items():
        words = [text.words for text in texts(drawing) if text.size == 14]
        assert sorted(words) == expected
        assert_well_formed(drawing, f"question-{layout}")
        assert_legible(drawing)
        assert_within(drawing)


def test_fields_are_numbered_and_explained():
    for drawing in message_bytes("question", QUESTION).drawings.values():
        words = " ".join(text.words for text in texts(drawing))
        for said in ("header", "question", "QNAME: a length of 3, then api", "QTYPE: A: the type asked for"):
            assert said in words


def test_table_has_a_row_a_field():
    table = message_table(QUESTION)
    assert table.columns == ("byte", "section", "field", "bytes", "meaning")
    assert table.rows[0][:4] == (0, "header", "ID", "5c a1")
    assert table.rows[-1][:4] == (30, "question", "QCLASS", "00 01")
    assert len(table.rows) == len(QUESTION)


def test_alt_text_says_length_fields_and_meanings():
    said = alt_text(QUESTION)
    assert said.startswith("A message of 32 bytes in 13 fields. Section header: ID: 0x5ca1")
    assert "Section question: QNAME: a length of 3, then api;" in said
    assert message_bytes("question", QUESTION, "A caption").caption == "A caption"


@pytest.mark.parametrize("start, data", [(1, b"a"), (0, b"")])
def test_fields_that_leave_a_gap_are_refused(start, data):
    gap = SimpleNamespace(section="header", name="ID", start=start, data=data, meaning="m")
    with pytest.raises(ValueError, match=f"the field 'ID' starts at byte {start}; the next byte is 0"):
        message_bytes("q", [gap])
