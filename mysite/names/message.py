"""A DNS message taken apart byte by byte, by hand, as RFC 1035 (section 4) and RFC 6891 (OPT) lay it out."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 16: "TXT", 28: "AAAA", 41: "OPT"}
CLASSES = {1: "IN: the Internet", 3: "CH: Chaos"}
OPCODES = {0: "a standard query", 4: "notify", 5: "update"}
RCODES = {
    0: "no error",
    1: "the question cannot be read",
    2: "the server failed",
    3: "no such name",
    4: "not implemented",
    5: "refused",
}
OPT = 41
GREATEST_NAME_BYTES = 255
MOST_POINTERS = 127  # as many as a name can have labels; more lead from one to the next and say nothing


@dataclass(frozen=True)
class Field:
    """Bytes that mean one thing.

    section  of the message: header, question, answer, authority or additional
    name     the field's name in the RFC
    start    the position of its first byte, counted from 0
    data     the bytes
    meaning  in words
    """

    section: str
    name: str
    start: int
    data: bytes
    meaning: str


def fields(message: bytes) -> list[Field]:
    """The message as fields in order; put together, their bytes are the message.

    ValueError, with the byte's position, where the message does not follow the RFC.
    """
    reader = _Reader(message)
    counts = reader.header()
    for _ in range(counts[0]):
        reader.question()
    for section, count in zip(("answer", "authority", "additional"), counts[1:], strict=True):
        for _ in range(count):
            reader.record(section)
    if reader.position < len(message):
        raise ValueError(f"at byte {reader.position}: bytes are left over after the last record")
    return reader.fields


class _Reader:
    """Goes through the message once, from the first byte to the last, and notes each field."""

    def __init__(self, message: bytes) -> None:
        self.message = message
        self.fields: list[Field] = []
        self.position = 0
        self.section = "header"

    def take(self, name: str, length: int, meaning: Callable[[bytes], str]) -> bytes:
        start = self.position
        data = self.message[start : start + length]
        if len(data) < length:
            raise ValueError(f"at byte {len(self.message)}: the message ends within {name}")
        self.fields.append(Field(self.section, name, start, data, meaning(data)))
        self.position += length
        return data

    def number(self, name: str, length: int, meaning: Callable[[int], str]) -> int:
        data = self.take(name, length, lambda data: meaning(int.from_bytes(data, "big")))
        return int.from_bytes(data, "big")

    def header(self) -> list[int]:
        self.number("ID", 2, lambda number: f"0x{number:04x}: a question and its reply have the same")
        self.number("flags, first byte", 1, _first_flags)
        self.number("flags, second byte", 1, _second_flags)
        return [
            self.number("QDCOUNT", 2, lambda number: f"{number} in the question section"),
            self.number("ANCOUNT", 2, lambda number: f"{number} in the answer section"),
            self.number("NSCOUNT", 2, lambda number: f"{number} in the authority section"),
            self.number("ARCOUNT", 2, lambda number: f"{number} in the additional section"),
        ]

    def question(self) -> None:
        self.section = "question"
        self.domain_name("QNAME")
        self.number("QTYPE", 2, lambda number: f"{_type(number)}: the type asked for")
        self.number("QCLASS", 2, _class)

    def record(self, section: str) -> None:
        self.section = section
        self.domain_name("NAME")
        kind = self.number("TYPE", 2, _type)
        if kind == OPT:
            self.number("CLASS", 2, lambda number: f"UDP messages of {number} bytes are taken")
            self.take("TTL", 4, lambda data: f"extended RCODE {data[0]}, EDNS version {data[1]}")
        else:
            self.number("CLASS", 2, _class)
            self.number("TTL", 4, lambda number: f"{number} seconds: how long the answer may be kept")
        length = self.number("RDLENGTH", 2, lambda number: f"a length of {number}")
        end = self.position + length
        if end > len(self.message):
            raise ValueError(f"at byte {len(self.message)}: the message ends within RDATA")
        self.data(kind, length)
        if self.position != end:
            raise ValueError(f"at byte {self.position}: the data should end at byte {end}, as RDLENGTH says")

    def data(self, kind: int, length: int) -> None:
        """The record's data: taken apart for the types known here, else as it is."""
        match TYPES.get(kind):
            case "A":
                self.take("ADDRESS", 4, lambda data: f"the address {ipaddress.IPv4Address(data)}")
            case "AAAA":
                self.take("ADDRESS", 16, lambda data: f"the address {ipaddress.IPv6Address(data)}")
            case "NS":
                self.domain_name("NSDNAME")
            case "CNAME":
                self.domain_name("CNAME")
            case "SOA":
                self.domain_name("MNAME")
                self.domain_name("RNAME")
                self.number("SERIAL", 4, lambda number: f"{number}: the version of the zone")
                self.number("REFRESH", 4, lambda number: f"{number} seconds until a secondary asks again")
                self.number("RETRY", 4, lambda number: f"{number} seconds until it tries again")
                self.number("EXPIRE", 4, lambda number: f"{number} seconds until it stops answering")
                self.number("MINIMUM", 4, lambda number: f"{number} seconds: how long an absence may be kept")
            case "TXT":
                end = self.position + length
                while self.position < end:
                    text_length = self.number("TXT length", 1, lambda number: f"a length of {number}")
                    self.take("TXT", text_length, lambda data: f"the text {_text(data)}")
            case _ if length:
                self.take("RDATA", length, lambda data: f"{len(data)} bytes of data")

    def domain_name(self, field_name: str) -> None:
        """A name: labels with their length before them, ended by a length of 0 or by a pointer."""
        start = self.position
        labels = list(_labels(self.message, start))
        whole = _join(label for _, label in labels)
        for position, label in labels:
            if position != self.position:  # behind a pointer: these bytes belong to another field
                break
            self.take(field_name, 1 + len(label), lambda data: f"a length of {data[0]}, then {_text(data[1:])}")
        if self.message[self.position] == 0:
            self.take(field_name, 1, lambda data: f"the end of the name {whole}")
            return
        target = int.from_bytes(self.message[self.position : self.position + 2], "big") & 0x3FFF
        rest = _join(label for _, label in _labels(self.message, target))
        ends = "" if self.position == start else f", which completes {whole}"
        self.take(field_name, 2, lambda data: f"a pointer: the name that starts at byte {target}, {rest}{ends}")


def _labels(message: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Each label of the name at `start`, with its position, pointers followed.

    A pointer must lead to before the name in which it stands, so that following them ends.
    """
    position = start
    total = 1
    pointers = 0
    while True:
        length = _byte(message, position)
        if length == 0:
            return
        if length >= 0xC0:
            target = (length & 0x3F) << 8 | _byte(message, position + 1)
            if target >= start:
                raise ValueError(f"at byte {position}: a pointer must lead back, not to byte {target}")
            pointers += 1
            if pointers > MOST_POINTERS:
                raise ValueError(f"at byte {position}: the name goes through more than {MOST_POINTERS} pointers")
            position = start = target
            continue
        if length > 63:
            raise ValueError(f"at byte {position}: {length} is neither the length of a label nor a pointer")
        _byte(message, position + length)
        total += 1 + length
        if total > GREATEST_NAME_BYTES:
            raise ValueError(f"at byte {position}: the name is longer than {GREATEST_NAME_BYTES} bytes")
        yield position, message[position + 1 : position + 1 + length]
        position += 1 + length


def _byte(message: bytes, position: int) -> int:
    if position >= len(message):
        raise ValueError(f"at byte {len(message)}: the message ends within a name")
    return message[position]


def _join(labels: Iterator[bytes]) -> str:
    return ".".join(_text(label) for label in labels) or "of the root"


def _text(data: bytes) -> str:
    """Printable ASCII as it is, a dot or backslash within a label and all else escaped (RFC 1035, 5.1)."""
    return "".join(
        f"\\{chr(byte)}" if byte in b".\\" else chr(byte) if 33 <= byte <= 126 else f"\\{byte:03}"
        for byte in data
    )


def _type(number: int) -> str:
    return TYPES.get(number, f"TYPE{number}")  # RFC 3597, section 5


def _class(number: int) -> str:
    return CLASSES.get(number, f"CLASS{number}")


def _first_flags(byte: int) -> str:
    opcode = byte >> 3 & 0xF
    return ", ".join(
        (
            f"QR {byte >> 7}: {'a reply' if byte >> 7 else 'a question'}",
            f"OPCODE {opcode}: {OPCODES.get(opcode, 'another kind of message')}",
            _flag("AA", byte >> 2, "not authoritative", "authoritative"),
            _flag("TC", byte >> 1, "not truncated", "truncated"),
            _flag("RD", byte, "recursion not desired", "recursion desired"),
        )
    )


def _second_flags(byte: int) -> str:
    rcode = byte & 0xF
    return ", ".join(
        (
            _flag("RA", byte >> 7, "recursion not available", "recursion available"),
            f"Z {byte >> 6 & 1}: unused",
            f"AD {byte >> 5 & 1} and CD {byte >> 4 & 1}: DNSSEC",
            f"RCODE {rcode}: {RCODES.get(rcode, 'another error')}",
        )
    )


def _flag(name: str, bits: int, meaning_of_0: str, meaning_of_1: str) -> str:
    return f"{name} {bits & 1}: {meaning_of_1 if bits & 1 else meaning_of_0}"
