import re
import string

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mysite.names import message

REPLY = bytes.fromhex(
    "123485000001000100000000 03617069 066d7973697465 03636f6d 00 0001 0001 c00c 0001 0001 0000012c 0004 7f000001"
)
FIRST_FLAGS_OF_A_REPLY = (
    "QR 1: a reply, OPCODE 0: a standard query, AA 1: authoritative, TC 0: not truncated, RD 1: recursion desired"
)
SECOND_FLAGS = "RA 0: recursion not available, Z 0: unused, AD 0 and CD 0: DNSSEC, RCODE 0: no error"


def test_a_reply_field_by_field() -> None:
    rows = [
        ("header", "ID", 0, "1234", "0x1234: a question and its reply have the same"),
        ("header", "flags, first byte", 2, "85", FIRST_FLAGS_OF_A_REPLY),
        ("header", "flags, second byte", 3, "00", SECOND_FLAGS),
        ("header", "QDCOUNT", 4, "0001", "1 in the question section"),
        ("header", "ANCOUNT", 6, "0001", "1 in the answer section"),
        ("header", "NSCOUNT", 8, "0000", "0 in the authority section"),
        ("header", "ARCOUNT", 10, "0000", "0 in the additional section"),
        ("question", "QNAME", 12, "03617069", "a length of 3, then api"),
        ("question", "QNAME", 16, "066d7973697465", "a length of 6, then mysite"),
        ("question", "QNAME", 23, "03636f6d", "a length of 3, then com"),
        ("question", "QNAME", 27, "00", "the end of the name api.mysite.com"),
        ("question", "QTYPE", 28, "0001", "A: the type asked for"),
        ("question", "QCLASS", 30, "0001", "IN: the Internet"),
        ("answer", "NAME", 32, "c00c", "a pointer: the name that starts at byte 12, api.mysite.com"),
        ("answer", "TYPE", 34, "0001", "A"),
        ("answer", "CLASS", 36, "0001", "IN: the Internet"),
        ("answer", "TTL", 38, "0000012c", "300 seconds: how long the answer may be kept"),
        ("answer", "RDLENGTH", 42, "0004", "a length of 4"),
        ("answer", "ADDRESS", 44, "7f000001", "the address 127.0.0.1"),
    ]
    assert message.fields(REPLY) == [
        message.Field(section, name, start, bytes.fromhex(data), meaning)
        for section, name, start, data, meaning in rows
    ]


def header(first: int = 0, second: int = 0, counts: tuple[int, int, int, int] = (0, 0, 0, 0)) -> bytes:
    return b"\x00\x07" + bytes([first, second]) + b"".join(count.to_bytes(2, "big") for count in counts)


@pytest.mark.parametrize(
    ("first", "meaning"),
    [
        (0x00, "QR 0: a question, OPCODE 0: a standard query, AA 0: not authoritative, TC 0: not truncated, "
               "RD 0: recursion not desired"),
        (0xFF, "QR 1: a reply, OPCODE 15: another kind of message, AA 1: authoritative, TC 1: truncated, "
               "RD 1: recursion desired"),
        (0x22, "QR 0: a question, OPCODE 4: notify, AA 0: not authoritative, TC 1: truncated, "
               "RD 0: recursion not desired"),
        (0x2D, "QR 0: a question, OPCODE 5: update, AA 1: authoritative, TC 0: not truncated, "
               "RD 1: recursion desired"),
    ],
)  # fmt: skip
def test_the_first_flags(first: int, meaning: str) -> None:
    assert message.fields(header(first=first))[1].meaning == meaning


@pytest.mark.parametrize(
    ("second", "meaning"),
    [
        (0xC0, "RA 1: recursion available, Z 1: unused, AD 0 and CD 0: DNSSEC, RCODE 0: no error"),
        (0x21, "RA 0: recursion not available, Z 0: unused, AD 1 and CD 0: DNSSEC, "
               "RCODE 1: the question cannot be read"),
        (0x12, "RA 0: recursion not available, Z 0: unused, AD 0 and CD 1: DNSSEC, RCODE 2: the server failed"),
        (0xB3, "RA 1: recursion available, Z 0: unused, AD 1 and CD 1: DNSSEC, RCODE 3: no such name"),
        (0x44, "RA 0: recursion not available, Z 1: unused, AD 0 and CD 0: DNSSEC, RCODE 4: not implemented"),
        (0x05, "RA 0: recursion not available, Z 0: unused, AD 0 and CD 0: DNSSEC, RCODE 5: refused"),
        (0x0F, "RA 0: recursion not available, Z 0: unused, AD 0 and CD 0: DNSSEC, RCODE 15: another error"),
    ],
)  # fmt: skip
def test_the_second_flags(second: int, meaning: str) -> None:
    assert message.fields(header(second=second))[2].meaning == meaning


def meanings(section: str, *records: str, name: str = "mysite.com", edns: bool = False) -> list[str]:
    """The meanings of the fields of a message which dnspython made, from the answer section on."""
    query = dns.message.make_query(name, "A", use_edns=0 if edns else False, payload=1232)
    query.answer = [dns.rrset.from_text(*record.split(" ", 4)) for record in records]
    return [
        f"{field.name}: {field.meaning}"
        for field in message.fields(query.to_wire())
        if field.section == section
    ]


def test_an_absence() -> None:
    soa = "mysite.com. 60 IN SOA ns.mysite.com. . 1 3600 600 86400 61"
    assert meanings("answer", soa)[4:] == [
        "RDLENGTH: a length of 26",
        "MNAME: a length of 2, then ns",
        "MNAME: a pointer: the name that starts at byte 12, mysite.com, which completes ns.mysite.com",
        "RNAME: the end of the name of the root",
        "SERIAL: 1: the version of the zone",
        "REFRESH: 3600 seconds until a secondary asks again",
        "RETRY: 600 seconds until it tries again",
        "EXPIRE: 86400 seconds until it stops answering",
        "MINIMUM: 61 seconds: how long an absence may be kept",
    ]


@pytest.mark.parametrize(
    ("record", "data"),
    [
        ("A 10.0.0.1", ["TYPE: A", "ADDRESS: the address 10.0.0.1"]),
        ("AAAA 2001:db8::1", ["TYPE: AAAA", "ADDRESS: the address 2001:db8::1"]),
        ("NS mysite.com.", ["TYPE: NS", "NSDNAME: a pointer: the name that starts at byte 12, mysite.com"]),
        ("CNAME www.", ["TYPE: CNAME", "CNAME: a length of 3, then www", "CNAME: the end of the name www"]),
        (
            'TXT "a b" "" "caf\u00e9."',
            [
                "TYPE: TXT",
                "TXT length: a length of 3",
                "TXT: the text a\\032b",
                "TXT length: a length of 0",
                "TXT: the text ",
                "TXT length: a length of 6",
                "TXT: the text caf\\195\\169\\.",
            ],
        ),
        ("TYPE65280 \\# 3 010203", ["TYPE: TYPE65280", "RDATA: 3 bytes of data"]),
        ("TYPE65280 \\# 0", ["TYPE: TYPE65280"]),
    ],
)
def test_the_data_of_each_type(record: str, data: list[str]) -> None:
    sentences = meanings("answer", f"mysite.com. 60 IN {record}")
    assert sentences[1:2] + sentences[5:] == data


def test_classes() -> None:
    assert meanings("answer", 'mysite.com. 0 CH TXT ""')[2] == "CLASS: CH: Chaos"
    assert meanings("answer", "mysite.com. 0 CLASS7 TYPE9 \\# 0")[2] == "CLASS: CLASS7"


def test_what_edns_says() -> None:
    assert meanings("additional", edns=True) == [
        "NAME: the end of the name of the root",
        "TYPE: OPT",
        "CLASS: UDP messages of 1232 bytes are taken",
        "TTL: extended RCODE 0, EDNS version 0",
        "RDLENGTH: a length of 0",
    ]
    numbers = header(counts=(0, 0, 0, 1)) + bytes.fromhex("00 0029 0200 01020000 0002 abcd")
    assert [field.meaning for field in message.fields(numbers)[9:]] == [
        "UDP messages of 512 bytes are taken",
        "extended RCODE 1, EDNS version 2",
        "a length of 2",
        "2 bytes of data",
    ]


def test_labels_are_written_so_that_they_can_be_told_apart() -> None:
    name = b"\x04a.b\\\x03\x00 ~\x00"
    fields = message.fields(header(counts=(1, 0, 0, 0)) + name + b"\x00\x01\x00\x01")
    assert fields[7].meaning == r"a length of 4, then a\.b\\"
    assert fields[8].meaning == r"a length of 3, then \000\032~"
    assert fields[9].meaning == r"the end of the name a\.b\\.\000\032~"


def test_pointers_to_pointers() -> None:
    """The second record's name ends in a pointer to the first's, which ends in one to the question's."""
    rest = bytes.fromhex("0001 0001 00000000 0000").replace(b"\x00\x01\x00\x01", b"\x00\x0a\x00\x01")
    whole = (
        header(counts=(1, 2, 0, 0))
        + b"\x03com\x00\x00\x01\x00\x01"
        + b"\x01b\xc0\x0c"
        + rest
        + b"\x01a\xc0\x15"
        + rest
    )
    names = [field.meaning for field in message.fields(whole) if field.name == "NAME"]
    assert names == [
        "a length of 1, then b",
        "a pointer: the name that starts at byte 12, com, which completes b.com",
        "a length of 1, then a",
        "a pointer: the name that starts at byte 21, b.com, which completes a.b.com",
    ]


QUESTION = header(counts=(1, 0, 0, 0))
ANSWER = header(counts=(0, 1, 0, 0)) + b"\x00"


def test_a_name_goes_through_127_pointers() -> None:
    """Each leads to the one before, and the first to the root; in 64 KiB there is room for 8,000."""

    def pointing(count: int) -> bytes:
        targets = [12, *range(23, 23 + 2 * (count - 1), 2)]
        *inner, last = [(0xC000 | target).to_bytes(2, "big") for target in targets]
        data = b"".join(inner)
        first = b"\x00\x00\x63\x00\x01" + bytes(4) + len(data).to_bytes(2, "big") + data
        return header(counts=(0, 2, 0, 0)) + first + last + b"\x00\x63\x00\x01" + bytes(6)

    names = [field for field in message.fields(pointing(127)) if field.name == "NAME"]
    assert len(names) == 2
    with pytest.raises(ValueError, match=r"^at byte 23: the name goes through more than 127 pointers$"):
        message.fields(pointing(128))


@pytest.mark.parametrize(
    ("malformed", "complaint"),
    [
        (b"", "at byte 0: the message ends within ID"),
        (header()[:11], "at byte 11: the message ends within ARCOUNT"),
        (header() + b"x", "at byte 12: bytes are left over after the last record"),
        (QUESTION, "at byte 12: the message ends within a name"),
        (QUESTION + b"\x03ap", "at byte 15: the message ends within a name"),
        (QUESTION + b"\x03api", "at byte 16: the message ends within a name"),
        (QUESTION + b"\xc0", "at byte 13: the message ends within a name"),
        (QUESTION + b"\xc0\x0c", "at byte 12: a pointer must lead back, not to byte 12"),
        (QUESTION + b"\x01a\xc0\x0c\x00\x00", "at byte 14: a pointer must lead back, not to byte 12"),
        (QUESTION + b"\xc1\x00", "at byte 12: a pointer must lead back, not to byte 256"),
        (QUESTION + b"\x40" + bytes(99), "at byte 12: 64 is neither the length of a label nor a pointer"),
        (QUESTION + b"\xbf" + bytes(200), "at byte 12: 191 is neither the length of a label nor a pointer"),
        (QUESTION + (b"\x3f" + b"a" * 63) * 4, "at byte 204: the name is longer than 255 bytes"),
        (QUESTION + b"\x00\x00\x01\x00", "at byte 16: the message ends within QCLASS"),
        (ANSWER + bytes.fromhex("0001 0001 00000000 0004 0a0000"), "at byte 26: the message ends within RDATA"),
        (
            ANSWER + bytes.fromhex("0001 0001 00000000 0003 0a0000"),
            "at byte 26: the message ends within ADDRESS",
        ),
        (
            ANSWER + bytes.fromhex("0001 0001 00000000 0005 0a00000101"),
            "at byte 27: the data should end at byte 28, as RDLENGTH says",
        ),
        (
            ANSWER + bytes.fromhex("0010 0001 00000000 0002 02 61 62"),
            "at byte 26: the data should end at byte 25, as RDLENGTH says",
        ),
    ],
)
def test_malformed_messages(malformed: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        message.fields(malformed)


def test_the_longest_label_and_the_longest_name() -> None:
    longest = (b"\x3f" + b"a" * 63) * 3 + b"\x3d" + b"b" * 61 + b"\x00"
    assert len(longest) == 255
    fields = message.fields(QUESTION + longest + b"\x00\x01\x00\x01")
    assert [len(field.data) for field in fields[7:]] == [64, 64, 64, 62, 1, 2, 2]
    longer = longest.replace(b"\x3d", b"\x3e") .replace(b"\x00", b"b\x00")
    with pytest.raises(ValueError, match="at byte 204: the name is longer than 255 bytes"):
        message.fields(QUESTION + longer + b"\x00\x01\x00\x01")


LABELS = st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=8)
NAMES = st.lists(LABELS | st.sampled_from(["mysite", "com"]), max_size=4).map(lambda labels: ".".join(labels) + ".")
NUMBERS = st.integers(0, 2**31 - 1)
DATA = st.one_of(
    st.builds("A {}".format, st.ip_addresses(v=4)),
    st.builds("AAAA {}".format, st.ip_addresses(v=6)),
    st.builds("NS {}".format, NAMES),
    st.builds("CNAME {}".format, NAMES),
    st.builds("SOA {} {} {} {} {} {} {}".format, NAMES, NAMES, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    st.builds('TXT "{}"'.format, LABELS),
    st.builds("MX {} {}".format, st.integers(0, 65535), NAMES),
)
RECORDS = st.lists(st.tuples(NAMES, NUMBERS, DATA), max_size=3)


@st.composite
def messages(draw: st.DrawFn) -> dns.message.Message:
    built = dns.message.make_query(draw(NAMES), draw(st.sampled_from(["A", "NS", "TXT", "MX"])))
    built.id = draw(st.integers(0, 65535))
    built.flags = draw(st.integers(0, 65535)) & ~0x7800  # another opcode has other sections
    for section in (built.answer, built.authority, built.additional):
        for name, ttl_s, data in draw(RECORDS):
            section.append(dns.rrset.from_text(name, ttl_s, "IN", *data.split(" ", 1)))
    if draw(st.booleans()):
        built.use_edns(0, payload=draw(st.integers(512, 65535)), options=[dns.edns.GenericOption(9, b"xy")])
    return built


@given(built=messages())
def test_it_reads_what_dnspython_wrote(built: dns.message.Message) -> None:
    wire = built.to_wire()
    fields = message.fields(wire)
    assert b"".join(field.data for field in fields) == wire
    assert [field.start for field in fields] == [
        sum(len(field.data) for field in fields[:index]) for index in range(len(fields))
    ]
    sections = (built.question, built.answer, built.authority, built.additional)
    counts = [sum(len(rrset) or 1 for rrset in section) for section in sections]
    counts[3] += built.edns >= 0
    assert [field.meaning.split()[0] for field in fields[3:7]] == [str(count) for count in counts]
    flags = built.flags
    for flag in (dns.flags.AA, dns.flags.TC, dns.flags.RD, dns.flags.RA):
        value = int(bool(flags & flag))
        assert f"{dns.flags.to_text(flag)} {value}: " in fields[1].meaning + fields[2].meaning
    types = [field.meaning for field in fields if field.name == "TYPE"]
    rrsets = built.answer + built.authority + built.additional
    expected = ["TYPE15" if rrset.rdtype == 15 else dns.rdatatype.to_text(rrset.rdtype) for rrset in rrsets]
    assert types == expected + ["OPT"] * (built.edns >= 0)
    ttls = [int(field.meaning.split()[0]) for field in fields if field.name == "TTL" and "EDNS" not in field.meaning]
    assert ttls == [rrset.ttl for rrset in rrsets]
    addresses = [field.meaning.split()[-1] for field in fields if field.name == "ADDRESS"]
    assert addresses == [rrset[0].address for rrset in rrsets if rrset.rdtype in (1, 28)]


@given(built=messages(), at=st.integers(0, 400), byte=st.integers(0, 255))
def test_a_message_with_one_byte_changed_is_covered_or_refused(
    built: dns.message.Message, at: int, byte: int
) -> None:
    wire = bytearray(built.to_wire())
    wire[at % len(wire)] = byte
    covered_or_refused(bytes(wire))


@given(random_bytes=st.binary(max_size=60))
def test_any_bytes_are_covered_or_refused(random_bytes: bytes) -> None:
    covered_or_refused(random_bytes)
    covered_or_refused(header(counts=(1, 1, 0, 0)) + random_bytes)


def covered_or_refused(whole: bytes) -> None:
    try:
        fields = message.fields(whole)
    except ValueError as error:
        position = re.match(r"at byte (\d+): ", str(error))
        assert position
        assert int(position[1]) <= len(whole)
    else:
        assert b"".join(field.data for field in fields) == whole


@given(built=messages(), cut=st.integers(1, 400))
def test_a_message_cut_short_is_refused(built: dns.message.Message, cut: int) -> None:
    wire = built.to_wire()
    with pytest.raises(ValueError, match="at byte "):
        message.fields(wire[: max(0, len(wire) - cut)])
