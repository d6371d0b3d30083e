import contextlib
import itertools
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mysite.clock import MovableClock
from mysite.names import zone
from mysite.names.resolver import NameNotFound, ResolverError, StubResolver, questions_answered


@dataclass(frozen=True)
class Served:
    """A running name server: where it is, and its zone."""

    server: tuple[str, int]
    zone: zone.Zone


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    site = zone.create(tmp_path / "mysite.com.zone", "127.0.0.1")
    command = [sys.executable, "-m", "mysite.names.server", "--zone", str(site.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield Served(("127.0.0.1", json.loads(process.stdout.readline())["port"]), site)
        process.terminate()


def test_the_first_time_it_asks_and_then_it_knows(served: Served) -> None:
    clock = MovableClock()
    resolver = StubResolver(served.server, clock, ids=itertools.count(0x1234))
    first = resolver.resolve("api.mysite.com")
    assert (first.name, first.addresses, first.ttl_s, first.from_cache) == (
        "api.mysite.com",
        ("127.0.0.1",),
        300,
        False,
    )
    assert first.remaining_s == 300.0
    assert first.question.hex() == "12340100000100000000000003617069066d797369746503636f6d0000010001"
    assert first.reply.hex() == (
        "1234850000010001000000000361706906"
        "6d797369746503636f6d0000010001c00c000100010000012c00047f000001"
    )
    assert first.seconds > 0
    clock.move(10)
    second = resolver.resolve("API.mysite.com.")
    assert (second.name, second.addresses, second.ttl_s, second.from_cache) == (
        "API.mysite.com.",
        ("127.0.0.1",),
        300,
        True,
    )
    assert second.remaining_s == 290.0
    assert (second.question, second.reply) == (b"", b"")
    assert (resolver.hits, resolver.misses) == (1, 1)
    assert questions_answered(served.server) == 1
    assert resolver.resolve("www.mysite.com").question[:2] == b"\x12\x35"


def test_it_is_stale_until_the_ttl_ends(served: Served) -> None:
    clock = MovableClock()
    resolver = StubResolver(served.server, clock)
    resolver.resolve("api.mysite.com")
    served.zone.set_address("api.mysite.com", "127.0.0.2")
    clock.move(299)
    assert resolver.resolve("api.mysite.com").addresses == ("127.0.0.1",)
    clock.move(1)
    assert resolver.resolve("api.mysite.com").addresses == ("127.0.0.2",)
    assert (resolver.hits, resolver.misses) == (1, 2)
    assert questions_answered(served.server) == 2


def test_a_ttl_of_nothing_is_not_kept(served: Served) -> None:
    served.zone.set_ttl("api.mysite.com", 0)
    resolver = StubResolver(served.server, MovableClock())
    for _ in range(2):
        answer = resolver.resolve("api.mysite.com")
        assert (answer.ttl_s, answer.remaining_s, answer.from_cache) == (0, 0.0, False)


def test_an_absent_name_is_kept_for_the_minimum_of_the_soa_record(served: Served) -> None:
    clock = MovableClock()
    resolver = StubResolver(served.server, clock)
    with pytest.raises(NameNotFound, match=r"^there is no name shop.mysite.com$") as caught:
        resolver.resolve("shop.mysite.com")
    assert (caught.value.answer.ttl_s, caught.value.answer.addresses) == (60, ())
    assert caught.value.answer.reply[3] == 0x03
    served.zone.set_address("shop.mysite.com", "127.0.0.2")
    clock.move(59)
    with pytest.raises(NameNotFound) as caught:
        resolver.resolve("shop.mysite.com")
    assert caught.value.answer.from_cache
    assert caught.value.answer.remaining_s == 1.0
    clock.move(1)
    assert resolver.resolve("shop.mysite.com").addresses == ("127.0.0.2",)
    assert (resolver.hits, resolver.misses) == (1, 2)


def test_a_name_without_an_address_of_the_kind(served: Served) -> None:
    resolver = StubResolver(served.server, MovableClock())
    for from_cache in (False, True):
        answer = resolver.resolve("api.mysite.com", "AAAA")
        assert (answer.addresses, answer.ttl_s, answer.from_cache) == ((), 60, from_cache)
    assert resolver.resolve("api.mysite.com", "A").addresses == ("127.0.0.1",)


def test_it_keeps_100_names(served: Served) -> None:
    resolver = StubResolver(served.server, MovableClock())
    names = [f"name{number}.mysite.com" for number in range(100)]
    for name in names:
        with pytest.raises(NameNotFound):
            resolver.resolve(name)
    for name in (names[0], "api.mysite.com", names[0]):
        with contextlib.suppress(NameNotFound):
            resolver.resolve(name)
    assert (resolver.hits, resolver.misses) == (2, 101)
    with pytest.raises(NameNotFound):
        resolver.resolve(names[1])
    assert resolver.misses == 102


def test_a_capacity_of_its_own(served: Served) -> None:
    resolver = StubResolver(served.server, capacity=1)
    for name in ("api.mysite.com", "www.mysite.com", "api.mysite.com"):
        resolver.resolve(name)
    assert (resolver.hits, resolver.misses) == (0, 3)


def test_several_addresses_and_a_long_reply_over_tcp(served: Served) -> None:
    addresses = [f"10.0.0.{number}" for number in range(40)]
    served.zone.path.write_text(
        "@ 20 SOA ns hostmaster 1 2 3 4 60\n@ 20 NS ns\n"
        + "".join(f"api 9 IN A {address}\n" for address in addresses)
    )
    answer = StubResolver(served.server).resolve("api.mysite.com")
    assert sorted(answer.addresses) == sorted(addresses)
    assert answer.ttl_s == 9
    assert len(answer.reply) == 32 + 16 * 40


def test_the_system_clock_unless_told_otherwise(served: Served) -> None:
    resolver = StubResolver(served.server)
    resolver.resolve("api.mysite.com")
    answer = resolver.resolve("api.mysite.com")
    assert answer.from_cache
    assert 0 < answer.remaining_s < 300


def test_ids_are_random_unless_given(served: Served) -> None:
    served.zone.set_ttl("api.mysite.com", 0)
    resolver = StubResolver(served.server)
    ids = {resolver.resolve("api.mysite.com").question[:2] for _ in range(20)}
    assert len(ids) > 10


def test_a_zone_of_others_is_refused_and_not_kept(served: Served) -> None:
    resolver = StubResolver(served.server)
    complaint = "^the name server answers REFUSED: it does not answer for api.example.com$"
    for _ in range(2):
        with pytest.raises(ResolverError, match=complaint):
            resolver.resolve("api.example.com")
    assert (resolver.hits, resolver.misses) == (0, 2)


@pytest.mark.parametrize(
    ("name", "kind", "complaint"),
    [
        ("api..mysite.com", "A", r"^'api..mysite.com' is not a name: A DNS label is empty.$"),
        ("a" * 64 + ".mysite.com", "A", r"is not a name: A DNS label is > 63 octets long.$"),
        ("mysite.com", "NS", r"^'NS' is not a kind of address: ask for A or AAAA$"),
    ],
)
def test_what_cannot_be_asked(name: str, kind: str, complaint: str) -> None:
    resolver = StubResolver(("127.0.0.1", 9))
    with pytest.raises(ValueError, match=complaint):
        resolver.resolve(name, kind)
    assert resolver.misses == 0


Replies = Callable[[bytes], list[bytes]]


@contextlib.contextmanager
def answering(replies: Replies) -> Iterator[tuple[tuple[str, int], list[bytes]]]:
    """A socket on which someone answers each datagram with `replies`; also the datagrams, questions, that come."""
    questions: list[bytes] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                message, sender = datagrams.recvfrom(512)
                if not message:
                    return
                questions.append(message)
                for reply in replies(message):
                    datagrams.sendto(reply, sender)

        thread = threading.Thread(target=serve)
        thread.start()
        yield datagrams.getsockname(), questions
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", datagrams.getsockname())
        thread.join()


def reply_to(message: bytes, address: str = "10.0.0.1", name: str | None = None) -> dns.message.Message:
    query = dns.message.from_wire(message)
    reply = dns.message.make_response(query)
    owner = name or query.question[0].name.to_text()
    reply.answer.append(dns.rrset.from_text(owner, 300, "IN", "A", address))
    return reply


def forged(message: bytes) -> list[bytes]:
    other_id = reply_to(message, "6.6.6.1")
    other_id.id ^= 1
    other_question = reply_to(bytes(message).replace(b"api", b"wpi"), "6.6.6.2")
    own_question = message
    truncated = reply_to(message, "6.6.6.3")
    truncated.id ^= 1
    truncated.flags |= dns.flags.TC
    return [
        other_id.to_wire(),
        other_question.to_wire(),
        own_question,
        b"nonsense",
        truncated.to_wire(),
        reply_to(message, "10.0.0.7").to_wire(),
    ]


def test_forged_replies_are_passed_over() -> None:
    with answering(forged) as (server, questions):
        assert StubResolver(server).resolve("api.mysite.com").addresses == ("10.0.0.7",)
        assert len(questions) == 1


def from_a_stranger(message: bytes) -> list[bytes]:
    """Replies that are not to this question, or that cannot be read."""
    good = reply_to(message, "6.6.6.6").to_wire()
    *others, _ = forged(message)
    return [*others, b"", good[:-1], good + b"x", good[:12], good[:7] + b"\xff" + good[8:]]


def test_where_no_reply_can_be_believed_it_says_so_at_the_end() -> None:
    with answering(from_a_stranger) as (server, questions):
        resolver = StubResolver(server, timeout_s=0.2, attempts=2)
        complaint = r"^no answer from the name server at 127.0.0.1 in 2 times 0.2 s: is it running\?$"
        with pytest.raises(ResolverError, match=complaint):
            resolver.resolve("api.mysite.com")
        assert len(questions) == 2
        assert (resolver.hits, resolver.misses) == (0, 1)
        with pytest.raises(ResolverError):
            resolver.resolve("api.mysite.com")
        assert resolver.hits == 0  # nothing of it was kept


GOOD_BYTES = 48  # header 12, question 20, answer 16
ID_BITS = range(16)
QR_AND_OPCODE_BITS = range(19, 24)  # of the third byte, counted from its lowest bit
# of the question's bytes all but the bit that makes a letter small or great, which changes no name
QUESTION_BITS = [bit for bit in range(8 * 12, 8 * 32) if bit % 8 != 5]


@st.composite
def strangers(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Functions that make what is no reply: any bytes, the beginning of a good one, or one to another question."""
    anything = draw(st.none() | st.binary(max_size=100))
    end = draw(st.integers(0, GOOD_BYTES - 1) | st.none())
    bit = draw(st.sampled_from([*ID_BITS, *QR_AND_OPCODE_BITS, *QUESTION_BITS]))

    def reply_by_a_stranger(message: bytes) -> bytes:
        if anything is not None:
            return anything
        reply = bytearray(reply_to(message, "6.6.6.6").to_wire())
        assert len(reply) == GOOD_BYTES
        if end is not None:
            return bytes(reply[:end])
        reply[bit // 8] ^= 1 << bit % 8
        return bytes(reply)

    return reply_by_a_stranger


@settings(max_examples=200)
@given(others=st.lists(strangers(), min_size=1, max_size=10))
def test_it_waits_for_the_reply_behind_any_others(others: list[Callable[[bytes], bytes]]) -> None:
    def replies(message: bytes) -> list[bytes]:
        return [*(other(message) for other in others), reply_to(message, "10.0.0.7").to_wire()]

    with answering(replies) as (server, questions):
        answer = StubResolver(server, ids=iter([0x1234])).resolve("api.mysite.com")
        assert answer.addresses == ("10.0.0.7",)
        assert questions == [answer.question]


def circle(reply: dns.message.Message) -> None:
    reply.answer = [
        dns.rrset.from_text("api.mysite.com.", 5, "IN", "CNAME", "www.mysite.com."),
        dns.rrset.from_text("www.mysite.com.", 5, "IN", "CNAME", "api.mysite.com."),
    ]


@pytest.mark.parametrize(
    ("contradict", "complaint"),
    [
        (circle, "chain"),
        (lambda reply: reply.set_rcode(dns.rcode.NXDOMAIN), "NXDOMAIN"),
    ],
)
def test_a_reply_that_contradicts_itself(
    contradict: Callable[[dns.message.Message], None], complaint: str
) -> None:
    def replies(message: bytes) -> list[bytes]:
        reply = reply_to(message)
        contradict(reply)
        return [reply.to_wire()]

    with answering(replies) as (server, _):
        resolver = StubResolver(server)
        pattern = rf"^the name server's reply to api.mysite.com. A contradicts itself: .*{complaint}"
        for _ in range(2):
            with pytest.raises(ResolverError, match=pattern):
                resolver.resolve("api.mysite.com")
        assert resolver.hits == 0


def over_tcp(reply: Callable[[bytes], bytes]) -> tuple[str, str]:
    """The answer, or the complaint, where UDP says that the reply was cut and TCP has what `reply` makes of it."""
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(listening.getsockname())

        def serve() -> None:
            message, sender = udp.recvfrom(512)
            cut = dns.message.make_response(dns.message.from_wire(message))
            cut.flags |= dns.flags.TC
            udp.sendto(cut.to_wire(), sender)
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as stream:
                whole = reply(stream.read(int.from_bytes(stream.read(2), "big")))
                connection.sendall(len(whole).to_bytes(2, "big") + whole)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            return "answer", StubResolver(udp.getsockname()).resolve("api.mysite.com").addresses[0]
        except ResolverError as error:
            return "error", str(error)
        finally:
            thread.join()


def test_over_tcp_as_little_is_believed() -> None:
    assert over_tcp(lambda message: reply_to(message, "10.0.0.7").to_wire()) == ("answer", "10.0.0.7")
    for wrong in (
        lambda message: b"",
        lambda message: b"nonsense",
        lambda message: reply_to(message).to_wire()[:-1],
        lambda message: b"\x00\x00" + reply_to(message).to_wire()[2:],
        lambda message: reply_to(bytes(message).replace(b"api", b"wpi")).to_wire(),
        lambda message: message,
    ):
        kind, message = over_tcp(wrong)
        assert kind == "error"
        assert message.startswith("no answer from the name server at 127.0.0.1: ")


def test_a_reply_from_elsewhere_is_passed_over() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer_from_two_places() -> None:
            message, sender = server.recvfrom(512)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
                elsewhere.sendto(reply_to(message, "6.6.6.6").to_wire(), sender)
            server.sendto(reply_to(message, "10.0.0.8").to_wire(), sender)

        thread = threading.Thread(target=answer_from_two_places)
        thread.start()
        answer = StubResolver(server.getsockname()).resolve("api.mysite.com")
        thread.join()
    assert answer.addresses == ("10.0.0.8",)


def test_a_lost_datagram_is_sent_again() -> None:
    datagrams = itertools.count()
    with answering(lambda message: [reply_to(message).to_wire()] if next(datagrams) else []) as (server, questions):
        answer = StubResolver(server, timeout_s=0.2).resolve("api.mysite.com")
        assert answer.addresses == ("10.0.0.1",)
        assert questions == [answer.question, answer.question]


def test_nothing_comes() -> None:
    with answering(lambda message: []) as (server, questions):
        resolver = StubResolver(server, timeout_s=0.05)
        complaint = r"^no answer from the name server at 127.0.0.1 in 2 times 0.05 s: is it running\?$"
        with pytest.raises(ResolverError, match=complaint):
            resolver.resolve("api.mysite.com")
        assert len(questions) == 2
        with pytest.raises(ResolverError, match=r"in 3 times 0.05 s"):
            StubResolver(server, timeout_s=0.05, attempts=3).resolve("api.mysite.com")
        assert len(questions) == 5
        assert (resolver.hits, resolver.misses) == (0, 1)


def test_it_waits_a_second() -> None:
    with (
        answering(lambda message: []) as (server, _),
        pytest.raises(ResolverError, match=r"in 1 times 1 s"),
    ):
        StubResolver(server, attempts=1).resolve("api.mysite.com")


def test_a_truncated_reply_with_nobody_on_tcp() -> None:
    def truncated(message: bytes) -> list[bytes]:
        reply = reply_to(message)
        reply.flags |= dns.flags.TC
        return [reply.to_wire()]

    with (
        answering(truncated) as (server, _),
        pytest.raises(ResolverError, match=r"^no answer from the name server at 127.0.0.1: ConnectionRefused"),
    ):
        StubResolver(server).resolve("api.mysite.com")


def test_a_name_that_is_another_name(served: Served) -> None:
    """An alias (CNAME) is followed within the reply, and the least TTL holds."""

    def alias(message: bytes) -> list[bytes]:
        reply = reply_to(message, "10.0.0.9", "www.mysite.com.")
        reply.answer.insert(0, dns.rrset.from_text("api.mysite.com.", 5, "IN", "CNAME", "www.mysite.com."))
        return [reply.to_wire()]

    with answering(alias) as (server, _):
        answer = StubResolver(server).resolve("api.mysite.com")
    assert (answer.addresses, answer.ttl_s) == (("10.0.0.9",), 5)


def test_a_server_by_name_is_not_asked() -> None:
    """It never looks its own server up: that would go to the system's resolver."""
    with pytest.raises(ValueError, match=r"^'localhost' is not an address: give the name server's as 127.0.0.1$"):
        StubResolver(("localhost", 53))


def test_it_asks_the_system_for_no_name(served: Served) -> None:
    watched = (
        "import sys\nfrom mysite.names.resolver import StubResolver, questions_answered\n"
        "sys.addaudithook(lambda event, args: event == 'socket.getaddrinfo' and sys.exit(str(args)))\n"
        f"StubResolver({served.server}).resolve('api.mysite.com')\n"
        f"print(questions_answered({served.server}))\n"
    )
    assert subprocess.check_output([sys.executable, "-c", watched]) == b"1\n"
