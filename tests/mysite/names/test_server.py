import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.query
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mysite.names import server, zone

ADDRESS_OF_API = ["api.mysite.com. 300 IN A 127.0.0.1"]
ABSENT = ["mysite.com. 60 IN SOA ns.mysite.com. hostmaster.mysite.com. 1 3600 600 86400 60"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return zone.create(tmp_path / "mysite.com.zone", "127.0.0.1").path


@pytest.fixture
def name_server(path: Path) -> server.NameServer:
    return server.NameServer(path)


def ask(
    name_server: server.NameServer, name: str, kind: str = "A", over_tcp: bool = False, **more: object
) -> dns.message.Message:
    query = dns.message.make_query(name, kind, **more)  # type: ignore[arg-type]
    reply = name_server.reply(query.to_wire(), over_tcp)
    assert reply is not None
    parsed = dns.message.from_wire(reply)
    assert parsed.id == query.id
    assert parsed.question == query.question
    return parsed


def lines(section: list[dns.rrset.RRset]) -> list[str]:
    return [line for rrset in section for line in rrset.to_text().splitlines()]


@pytest.mark.parametrize("name", ["api.mysite.com", "www.mysite.com", "ns.mysite.com", "mysite.com"])
def test_a_known_name(name_server: server.NameServer, name: str) -> None:
    reply = ask(name_server, name)
    assert dns.flags.to_text(reply.flags) == "QR AA RD"
    assert reply.rcode() == dns.rcode.NOERROR
    assert lines(reply.answer) == [f"{name}. 300 IN A 127.0.0.1"]
    assert (reply.authority, reply.additional, reply.opt) == ([], [], None)


def test_recursion_is_not_desired_where_it_is_not_asked_for(name_server: server.NameServer) -> None:
    assert dns.flags.to_text(ask(name_server, "api.mysite.com", flags=0).flags) == "QR AA"


def test_no_other_flag_comes_back(name_server: server.NameServer) -> None:
    every = dns.flags.AA | dns.flags.TC | dns.flags.RA | dns.flags.AD | dns.flags.CD | 0x40
    assert dns.flags.to_text(ask(name_server, "api.mysite.com", flags=every).flags) == "QR AA"


def test_the_bytes(name_server: server.NameServer) -> None:
    query = dns.message.make_query("api.mysite.com", "A", id=0x1234).to_wire()
    reply = name_server.reply(query)
    assert type(reply) is bytes
    assert reply.hex(" ") == (
        "12 34 85 00 00 01 00 01 00 00 00 00 03 61 70 69 06 6d 79 73 69 74 65 03 63 6f 6d 00 00 01 00 01 "
        "c0 0c 00 01 00 01 00 00 01 2c 00 04 7f 00 00 01"
    )


def test_case_matters_to_nobody_and_is_kept(name_server: server.NameServer) -> None:
    reply = ask(name_server, "aPI.mySite.COM")
    assert reply.question[0].name.to_text() == "aPI.mySite.COM."
    assert lines(reply.answer) == ["aPI.mySite.COM. 300 IN A 127.0.0.1"]


def test_the_zones_own_records(name_server: server.NameServer) -> None:
    soa = "mysite.com. 300 IN SOA ns.mysite.com. hostmaster.mysite.com. 1 3600 600 86400 60"
    assert lines(ask(name_server, "mysite.com", "SOA").answer) == [soa]
    assert lines(ask(name_server, "mysite.com", "NS").answer) == ["mysite.com. 300 IN NS ns.mysite.com."]


def test_any_over_udp_is_answered_with_one_kind_of_record(name_server: server.NameServer, path: Path) -> None:
    assert lines(ask(name_server, "mysite.com", "ANY").answer) == ["mysite.com. 300 IN A 127.0.0.1"]
    assert [rrset.rdtype for rrset in ask(name_server, "mysite.com", "ANY", over_tcp=True).answer] == [6, 2, 1]
    assert lines(ask(name_server, "api.mysite.com", "ANY").answer) == ADDRESS_OF_API
    assert ask(name_server, "shop.mysite.com", "ANY").rcode() == dns.rcode.NXDOMAIN
    many_addresses(path, 3)
    assert lines(ask(name_server, "mysite.com", "ANY").answer) == ["mysite.com. 20 IN NS ns.mysite.com."]
    assert len(lines(ask(name_server, "api.mysite.com", "ANY").answer)) == 3


def test_a_type_that_the_name_has_none_of(name_server: server.NameServer) -> None:
    reply = ask(name_server, "api.mysite.com", "AAAA")
    assert reply.rcode() == dns.rcode.NOERROR
    assert reply.flags & dns.flags.AA
    assert (lines(reply.answer), lines(reply.authority)) == ([], ABSENT)


def test_a_name_that_is_not_there(name_server: server.NameServer) -> None:
    reply = ask(name_server, "shop.mysite.com")
    assert reply.rcode() == dns.rcode.NXDOMAIN
    assert dns.flags.to_text(reply.flags) == "QR AA RD"
    assert (lines(reply.answer), lines(reply.authority)) == ([], ABSENT)


def test_an_absence_is_kept_no_longer_than_the_soa_record(path: Path) -> None:
    path.write_text("@ 20 SOA ns hostmaster 1 2 3 4 60\n@ 20 NS ns\n")
    reply = ask(server.NameServer(path), "api.mysite.com")
    assert reply.authority[0].ttl == 20


def test_a_name_that_only_has_others_below_it_exists(name_server: server.NameServer, path: Path) -> None:
    zone.Zone(path).set_address("a.b.mysite.com", "127.0.0.1")
    assert ask(name_server, "b.mysite.com").rcode() == dns.rcode.NOERROR
    assert ask(name_server, "x.b.mysite.com").rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize(
    ("name", "kind", "kind_class"),
    [
        ("api.example.com", "A", "IN"),
        ("com", "A", "IN"),
        ("notmysite.com", "A", "IN"),
        ("mysite.com", "AXFR", "IN"),
        ("mysite.com", "IXFR", "IN"),
        ("api.mysite.com", "A", "CH"),
        ("questions.mysite.com", "A", "CH"),
        ("version.mysite.com", "TXT", "CH"),
    ],
)
def test_what_it_does_not_answer_for(
    name_server: server.NameServer, name: str, kind: str, kind_class: str
) -> None:
    reply = ask(name_server, name, kind, rdclass=kind_class)
    assert reply.rcode() == dns.rcode.REFUSED
    assert dns.flags.to_text(reply.flags) == "QR RD"
    assert (reply.answer, reply.authority) == ([], [])


def test_it_counts_the_questions_of_class_in(name_server: server.NameServer) -> None:
    def count() -> list[str]:
        reply = ask(name_server, "QUESTIONS.mysite.com", "TXT", rdclass="CH")
        assert dns.flags.to_text(reply.flags) == "QR AA RD"
        assert reply.rcode() == dns.rcode.NOERROR
        return lines(reply.answer)

    assert count() == ['QUESTIONS.mysite.com. 0 CH TXT "0"']
    ask(name_server, "api.mysite.com")
    ask(name_server, "shop.mysite.com")
    ask(name_server, "api.example.com")
    assert count() == ['QUESTIONS.mysite.com. 0 CH TXT "3"']
    assert count() == ['QUESTIONS.mysite.com. 0 CH TXT "3"']
    assert ask(name_server, "questions.mysite.com", "TXT").rcode() == dns.rcode.NXDOMAIN


def test_edns_is_answered_in_kind(name_server: server.NameServer) -> None:
    reply = ask(name_server, "api.mysite.com", use_edns=0, payload=4096)
    assert reply.edns == 0
    assert reply.payload == 1232
    assert lines(reply.answer) == ADDRESS_OF_API


def test_edns_options_are_passed_over(name_server: server.NameServer) -> None:
    reply = ask(name_server, "api.mysite.com", options=[dns.edns.GenericOption(10, b"12345678")])
    assert lines(reply.answer) == ADDRESS_OF_API


@pytest.mark.parametrize("version", [1, 255])
@pytest.mark.parametrize("over_tcp", [False, True])
def test_another_version_of_edns(name_server: server.NameServer, version: int, over_tcp: bool) -> None:
    message = header(0x0100)[:11] + b"\x01" + QUESTION + OPT[:6] + bytes([version]) + OPT[7:]
    reply = name_server.reply(message, over_tcp)
    assert reply is not None
    parsed = dns.message.from_wire(reply)
    assert parsed.rcode() == dns.rcode.BADVERS
    assert dns.flags.to_text(parsed.flags) == "QR RD"
    assert (parsed.edns, parsed.payload) == (0, 1232)
    assert (parsed.answer, parsed.authority) == ([], [])
    assert lines(ask(name_server, "questions.mysite.com", "TXT", rdclass="CH").answer)[0].endswith('TXT "0"')


def many_addresses(path: Path, count: int) -> None:
    addresses = "".join(f"api 300 IN A 10.0.0.{number}\n" for number in range(count))
    path.write_text(f"@ 20 SOA ns hostmaster 1 2 3 4 60\n@ 20 NS ns\n{addresses}")


# an answer of n addresses has 32 + 16 n bytes, with EDNS 11 more
@pytest.mark.parametrize(
    ("count", "more", "truncated"),
    [
        (30, {}, False),
        (31, {}, True),
        (29, {"use_edns": 0, "payload": 512}, False),
        (30, {"use_edns": 0, "payload": 512}, True),
        (29, {"use_edns": 0, "payload": 100}, False),
        (30, {"use_edns": 0, "payload": 523}, False),
        (30, {"use_edns": 0, "payload": 522}, True),
        (74, {"use_edns": 0, "payload": 4096}, False),
        (75, {"use_edns": 0, "payload": 4096}, True),
    ],
)
def test_a_long_reply_is_truncated(
    name_server: server.NameServer, path: Path, count: int, more: dict[str, int], truncated: bool
) -> None:
    many_addresses(path, count)
    reply = ask(name_server, "api.mysite.com", **more)
    assert bool(reply.flags & dns.flags.TC) == truncated
    assert len(lines(reply.answer)) == (0 if truncated else count)
    assert reply.edns == (0 if more else -1)
    whole = ask(name_server, "api.mysite.com", over_tcp=True, **more)
    assert dns.flags.to_text(whole.flags) == "QR AA RD"
    assert len(lines(whole.answer)) == count


def header(flags: int, questions: int = 1) -> bytes:
    return bytes.fromhex("1234") + flags.to_bytes(2, "big") + bytes([0, questions, 0, 0, 0, 0, 0, 0])


QUESTION = b"\x03api\x06mysite\x03com\x00\x00\x01\x00\x01"
OPT = b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00"


@pytest.mark.parametrize("message", [b"", header(0x0100)[:11], header(0x8000) + QUESTION])
def test_silence(name_server: server.NameServer, message: bytes) -> None:
    assert name_server.reply(message) is None


@pytest.mark.parametrize(
    "message",
    [
        header(0x0100),
        header(0x0100) + QUESTION[:-1],
        header(0x0100, questions=0),
        header(0x0100, questions=2) + QUESTION + QUESTION,
        header(0x0100) + b"\xc0\x0c\x00\x01\x00\x01",
        header(0x0100) + b"\x80" + QUESTION,
        header(0x0100)[:11] + b"\x02" + QUESTION + OPT + OPT,
        header(0x0100) + b"\xc0\x0e\xc0\x0c\x00\x01\x00\x01",
        header(0x0100)[:11] + b"\x01" + QUESTION + b"\x01a" + OPT,
        header(0x0100) + b"\x01a" * 122 + QUESTION[4:],
        header(0x0100) + (b"\x3f" + b"a" * 63) * 4 + QUESTION,
        header(0x0100) + b"\x40" + b"a" * 64 + QUESTION,
        header(0x0100) + b"\xbf" + b"a" * 191 + QUESTION,
        header(0x0100, questions=255) + QUESTION * 255,
        header(0x0100)[:6] + b"\xff" * 6 + QUESTION,
    ],
)
@pytest.mark.parametrize("over_tcp", [False, True])
def test_a_message_that_cannot_be_read(name_server: server.NameServer, message: bytes, over_tcp: bool) -> None:
    reply = name_server.reply(message, over_tcp)
    assert reply == bytes.fromhex("1234 8101 0000 0000 0000 0000")
    assert type(reply) is bytes


def test_the_longest_name_can_be_asked_for(name_server: server.NameServer) -> None:
    name = "a." * 120 + "bb.mysite.com"  # with its labels' lengths and its end 255 bytes, the last that is read
    assert len(dns.name.from_text(name).to_wire()) == 255
    assert ask(name_server, name).rcode() == dns.rcode.NXDOMAIN
    assert ask(name_server, "a" * 63 + ".mysite.com").rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize("over_tcp", [False, True])
def test_a_message_is_read_up_to_1232_bytes(name_server: server.NameServer, over_tcp: bool) -> None:
    """Over TCP one of 64 KiB could come, which would take seconds to take apart."""
    for length, second in ((1232, 0x00), (1233, 0x01), (65535, 0x01)):
        option = length - len(header(0) + QUESTION + OPT) - 4
        rest = b"".join(number.to_bytes(2, "big") for number in (option + 4, 12, option)) + bytes(option)
        message = header(0x0100)[:11] + b"\x01" + QUESTION + OPT[:-2] + rest
        assert len(message) == length
        reply = name_server.reply(message, over_tcp)
        assert reply is not None
        assert reply[3] == second


@pytest.mark.parametrize("opcode", [1, 2, 4, 5, 15])
def test_another_opcode(name_server: server.NameServer, opcode: int) -> None:
    reply = name_server.reply(header(opcode << 11) + QUESTION)
    assert reply == bytes.fromhex("1234") + bytes([0x80 | opcode << 3, 4]) + bytes(8)


@given(message=st.binary(max_size=80) | st.binary(max_size=60).map(lambda rest: header(0x0100) + rest))
def test_any_bytes_are_met(tmp_path_factory: pytest.TempPathFactory, message: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.zone"
    if not path.exists():
        zone.create(path, "127.0.0.1")
    met(server.NameServer(path), message, over_tcp=False)


ANSWERED = [
    dns.message.make_query(*question, use_edns=edns).to_wire()
    for question in (
        ("api.mysite.com", "A"),
        ("shop.mysite.com", "AAAA"),
        ("mysite.com", "ANY"),
        ("questions.mysite.com", "TXT", "CH"),
        ("x.example.com", "A"),
        ("a." * 120 + "bb.mysite.com", "A"),
    )
    for edns in (-1, 0)
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A question that can be answered, with bits turned, then cut or lengthened."""
    message = bytearray(draw(st.sampled_from(ANSWERED)))
    for bit in draw(st.lists(st.integers(0, 8 * len(message) - 1), max_size=6)):
        message[bit // 8] ^= 1 << bit % 8
    return bytes(message[: draw(st.integers(0, len(message)) | st.none())]) + draw(st.binary(max_size=20))


@settings(max_examples=1000)
@given(message=damaged(), over_tcp=st.booleans())
def test_a_damaged_question_is_met(
    tmp_path_factory: pytest.TempPathFactory, message: bytes, over_tcp: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.zone"
    if not path.exists():
        zone.create(path, "127.0.0.1")
    name_server = server.NameServer(path)
    met(name_server, message, over_tcp)
    assert lines(ask(name_server, "api.mysite.com").answer) == ADDRESS_OF_API


def met(name_server: server.NameServer, message: bytes, over_tcp: bool) -> None:
    """The message is answered as the RFCs ask, or passed over: without a header, and where it is a reply itself.

    To answer replies would let two servers answer each other for ever.
    """
    reply = name_server.reply(message, over_tcp)
    assert (reply is None) == (len(message) < 12 or message[2] >= 0x80)
    if reply is None:
        return
    parsed = dns.message.from_wire(reply)
    assert parsed.id == int.from_bytes(message[:2], "big")
    assert parsed.flags & dns.flags.QR
    assert parsed.opcode() == message[2] >> 3 & 0xF
    assert (parsed.rcode() == dns.rcode.NOTIMP) == (parsed.opcode() != dns.opcode.QUERY)
    known = {0: {"NOERROR", "NXDOMAIN", "FORMERR", "REFUSED", "BADVERS"}}.get(parsed.opcode(), {"NOTIMP"})
    assert dns.rcode.to_text(parsed.rcode()) in known
    assert over_tcp or len(reply) <= 1232


@pytest.mark.parametrize("over_tcp", [False, True])
@pytest.mark.parametrize("opcode", range(16))
def test_a_reply_is_never_replied_to(name_server: server.NameServer, opcode: int, over_tcp: bool) -> None:
    for message in ANSWERED:
        as_reply = message[:2] + bytes([0x80 | opcode << 3 | message[2]]) + message[3:]
        assert name_server.reply(as_reply, over_tcp) is None
    own = name_server.reply(ANSWERED[0])
    assert own is not None
    assert name_server.reply(own, over_tcp) is None


def test_a_replaced_zone_is_read_again(name_server: server.NameServer, path: Path) -> None:
    before = path.stat()
    zone.Zone(path).set_address("api.mysite.com", "127.0.0.2")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert lines(ask(name_server, "api.mysite.com").answer) == ["api.mysite.com. 300 IN A 127.0.0.2"]


def test_a_zone_written_in_place_is_read_again(name_server: server.NameServer, path: Path) -> None:
    changed = path.read_text().replace("127.0.0.1", "127.0.0.3")
    path.write_text(changed)
    os.utime(path, ns=(0, 1))
    assert lines(ask(name_server, "api.mysite.com").answer) == ["api.mysite.com. 300 IN A 127.0.0.3"]


def test_an_unchanged_zone_is_not_read_again(
    name_server: server.NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone, "read", lambda path: pytest.fail("read"))
    assert lines(ask(name_server, "api.mysite.com").answer) == ADDRESS_OF_API


@pytest.mark.parametrize("how", ["mistaken", "gone"])
def test_the_last_good_zone_is_served_meanwhile(
    name_server: server.NameServer, path: Path, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    good = path.read_text()
    if how == "gone":
        path.unlink()
    else:
        path.write_text("api IN A 1.2.3\n")
        os.utime(path, ns=(0, 1))
    for _ in range(2):
        assert lines(ask(name_server, "api.mysite.com").answer) == ADDRESS_OF_API
    reported = capsys.readouterr().err
    assert reported.startswith("still serving the last good zone: ")
    assert reported.count(str(path)) == 1
    path.write_text(good.replace("127.0.0.1", "127.0.0.4"))
    os.utime(path, ns=(0, 2))
    assert lines(ask(name_server, "api.mysite.com").answer) == ["api.mysite.com. 300 IN A 127.0.0.4"]


def command(path: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "mysite.names.server", "--zone", str(path), *more]


@pytest.fixture
def running(path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with subprocess.Popen(command(path), stdout=subprocess.PIPE) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert ready.keys() == {"port", "process_id"}
        assert ready["process_id"] == process.pid
        yield process, ready["port"]
        process.kill()


def test_over_udp_and_tcp_on_one_port(running: tuple[subprocess.Popen[bytes], int], path: Path) -> None:
    _, port = running
    query = dns.message.make_query("api.mysite.com", "A")
    assert lines(dns.query.udp(query, "127.0.0.1", 5, port).answer) == ADDRESS_OF_API
    assert lines(dns.query.tcp(query, "127.0.0.1", 5, port).answer) == ADDRESS_OF_API
    many_addresses(path, 31)
    reply, over_tcp = dns.query.udp_with_fallback(query, "127.0.0.1", 5, port)
    assert over_tcp
    assert len(reply.answer[0]) == 31


def test_datagrams_are_taken_to_the_length_that_it_tells(running: tuple[subprocess.Popen[bytes], int]) -> None:
    _, port = running
    for length, rcode in ((1232, dns.rcode.NOERROR), (1233, dns.rcode.FORMERR), (65507, dns.rcode.FORMERR)):
        option = dns.edns.GenericOption(12, bytes(length - 32 - 11 - 4))
        query = dns.message.make_query("api.mysite.com", "A", options=[option], id=7)
        message = query.to_wire(max_size=65535)
        assert len(message) == length
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.settimeout(5)
            datagrams.sendto(message, ("127.0.0.1", port))
            assert dns.message.from_wire(datagrams.recv(1232)).rcode() == rcode


def test_the_port_is_free_again_at_once(running: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = running
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(b"\x00\x01x")
        assert connection.recv(1) == b""  # closed from its side, which the kernel remembers for a minute
    process.terminate()
    process.wait()
    for bound in server.bind(port):
        bound.close()


def test_several_questions_on_one_connection(running: tuple[subprocess.Popen[bytes], int]) -> None:
    _, port = running
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        messages = [dns.message.make_query("api.mysite.com", "A", id=number).to_wire() for number in range(3)]
        connection.sendall(b"".join(len(message).to_bytes(2, "big") + message for message in messages))
        with connection.makefile("rb") as replies:
            for number in range(3):
                length = int.from_bytes(replies.read(2), "big")
                assert dns.message.from_wire(replies.read(length)).id == number
            connection.sendall(b"\x00\x01x")
            assert replies.read() == b""


def test_a_message_of_64_kib_over_tcp(running: tuple[subprocess.Popen[bytes], int]) -> None:
    """It is refused, and the next question on the connection is answered."""
    _, port = running
    question = dns.message.make_query("api.mysite.com", "A", id=7)
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        labels = header(0x0100) + b"\x01a" * 3000 + b"\x00\x00\x01\x00\x01"
        records = b"\xc0\x0c\x00\x63\x00\x01\x00\x00\x00\x00\x00\x01x" * 4578
        connection.sendall(b"\xff\xff" + (labels[:11] + b"\xff" + labels[12:] + records).ljust(65535, b"\x00")[:65535])
        assert dns.query.receive_tcp(connection, time.time() + 5)[0].rcode() == dns.rcode.FORMERR
        dns.query.send_tcp(connection, question)
        assert lines(dns.query.receive_tcp(connection, time.time() + 5)[0].answer) == ADDRESS_OF_API


def test_broken_off_connections_and_odd_datagrams_do_not_end_it(
    running: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = running
    socket.create_connection(("127.0.0.1", port), 5).close()
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(b"\x00")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.sendto(b"", ("127.0.0.1", port))
        datagrams.sendto(b"x" * 2000, ("127.0.0.1", port))
    reply = dns.query.udp(dns.message.make_query("api.mysite.com", "A"), "127.0.0.1", 5, port)
    assert lines(reply.answer) == ADDRESS_OF_API
    assert process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly(path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(command(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        port = json.loads(process.stdout.readline())["port"]
        with socket.create_connection(("127.0.0.1", port), 5):
            process.send_signal(number)
            assert process.wait(5) == 0
        assert process.stdout.read() == b""
        assert process.stderr.read() == b""


def test_what_keeps_it_from_starting(running: tuple[subprocess.Popen[bytes], int], path: Path) -> None:
    _, port = running
    second = subprocess.run(command(path, "--port", str(port)), capture_output=True, text=True)
    assert second.returncode == 1
    assert second.stderr.startswith("the name server cannot start: ")
    assert "in use" in second.stderr
    absent = subprocess.run(command(path.with_name("absent")), capture_output=True, text=True)
    assert absent.returncode == 1
    assert absent.stderr.startswith("the name server cannot start: [Errno 2] No such file")
    assert absent.stdout == ""
    no_port = subprocess.run(command(path, "--port", "99999"), capture_output=True, text=True)
    assert no_port.returncode == 1
    assert no_port.stderr == "the name server cannot start: bind(): port must be 0-65535.\n"
    without_zone = subprocess.run(command(path)[:3], capture_output=True, text=True)
    assert without_zone.returncode == 2
    assert without_zone.stderr.endswith(".names.server: error: the following arguments are required: --zone\n")
    assert "python -m mysite.names.server --zone FILE [--port 0]" in without_zone.stderr
    assert "python -m mysite.names.server: error" in without_zone.stderr


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_that_is_half_taken_is_not_used(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            other.listen()
        with pytest.raises(OSError, match="in use"):
            server.bind(other.getsockname()[1])


def test_with_port_0_it_tries_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel gives a port that is free for UDP; another program may have it for TCP."""
    rivals: list[socket.socket] = []
    real = socket.socket

    class Rival(real):  # type: ignore[misc, valid-type]
        def bind(self, address: tuple[str, int]) -> None:
            if self.type == socket.SOCK_STREAM and not rivals:
                rivals.append(real(socket.AF_INET, socket.SOCK_STREAM))
                rivals[0].bind(address)
                rivals[0].listen()
            super().bind(address)

    monkeypatch.setattr(server.socket, "socket", Rival)
    datagrams, connections = server.bind(0)
    with datagrams, connections, rivals[0]:
        assert datagrams.getsockname() == connections.getsockname()
        assert datagrams.getsockname()[0] == "127.0.0.1"
        assert not datagrams.getblocking()
        assert datagrams.getsockname() != rivals[0].getsockname()


def test_a_datagram_that_is_announced_and_not_there(name_server: server.NameServer) -> None:
    datagrams, connections = server.bind(0)
    with datagrams, connections:
        server._answer_datagram(name_server, datagrams)


def test_it_asks_the_system_for_no_name(path: Path) -> None:
    """Neither the server nor what it is made of calls getaddrinfo, which would go to the system's resolver."""
    watched = (
        "import runpy, sys, atexit\n"
        "looked_up = []\n"
        "sys.addaudithook(lambda event, args: event == 'socket.getaddrinfo' and looked_up.append(args))\n"
        f"sys.argv = ['server', '--zone', {str(path)!r}]\n"
        "runpy.run_module('mysite.names.server', run_name='__main__')\n"
        "print(looked_up)\n"
    )
    with subprocess.Popen([sys.executable, "-c", watched], stdout=subprocess.PIPE) as process:
        assert process.stdout
        port = json.loads(process.stdout.readline())["port"]
        query = dns.message.make_query("api.mysite.com", "A")
        dns.query.udp(query, "127.0.0.1", 5, port)
        dns.query.tcp(query, "127.0.0.1", 5, port)
        process.terminate()
        assert process.stdout.read() == b"[]\n"


IMPATIENT = """
import socket, sys
from mysite.names import server

def bind(port):
    datagrams, connections = as_ever(port)
    connections.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # so that few replies fill it
    return datagrams, connections

as_ever, server.bind = server.bind, bind
server.IDLE_S = 0.05
server.main()
"""


@pytest.fixture
def impatient(path: Path) -> Iterator[int]:
    """The port of a running server that waits no longer than 0.05 s on a connection."""
    command = [sys.executable, "-c", IMPATIENT, "--zone", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())["port"]
        process.terminate()


def test_an_idle_connection_is_closed(impatient: int) -> None:
    assert server.IDLE_S == 10
    with socket.create_connection(("127.0.0.1", impatient), 5) as connection:
        connection.sendall(b"\x00\x10half")
        assert connection.recv(1) == b""


def test_who_takes_no_replies_is_not_waited_for(impatient: int) -> None:
    """Replies that nobody takes fill the buffers; then the connection is given up, with what was not sent."""
    question = dns.message.make_query("api.mysite.com", "A").to_wire()
    with socket.socket() as connection, pytest.raises(ConnectionError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # likewise
        connection.settimeout(5)
        connection.connect(("127.0.0.1", impatient))
        for _ in range(2000):
            connection.sendall((len(question).to_bytes(2, "big") + question) * 500)


@pytest.mark.parametrize(("rest", "rcode"), [((b"mysite", b"com"), 3), ((b"example", b"org"), 5)])
def test_a_label_may_have_any_bytes(name_server: server.NameServer, rest: tuple[bytes, ...], rcode: int) -> None:
    """RFC 2181, section 11: it is the zone that decides, NXDOMAIN within and REFUSED without."""
    for byte in range(256):
        labels = (b"a" + bytes([byte]) + b"c", *rest)
        question = b"".join(bytes([len(label)]) + label for label in labels) + bytes.fromhex("00 0001 0001")
        reply = name_server.reply(header(0x0100) + question)
        assert reply is not None
        assert (reply[3] & 0xF, reply[12 : 12 + len(question)]) == (rcode, question), byte
