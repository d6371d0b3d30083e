"""book/authoring/prove/fuzz.py"""

import asyncio
import socket
import threading
from dataclasses import replace

import dns.message
import dns.query
import pytest

from book.authoring.prove import fuzz
from mysite import topology

pytestmark = pytest.mark.whole

KINDS = {
    "packets": (fuzz.QUESTIONS, fuzz.PIECES_OF_PACKETS, b""),
    "requests": (fuzz.REQUESTS, fuzz.PIECES_OF_REQUESTS, b"\r\n\r\n"),
}


FINE = fuzz.Fuzzing(
    fuzz.PacketCounts(total=5, must_be_answered=4, answered=4, answered_wrongly=0, rcodes={"FORMERR": 4}),
    fuzz.RequestCounts(
        total=18, connections=12,
        outcomes={"400": 5, "501": 2, "505": 1, "nothing in time": 5, "closed without an answer": 5},
    ),
    fuzz.Memory(before=100, after=180, allowed=180),
    good_ones_are_answered=True,
    written_to_standard_error="",
)  # fmt: skip


def packets(**counts):
    """What becomes of a site, all fine but these counts of packets."""
    return replace(FINE, packets=replace(FINE.packets, **counts))


def requests(**outcomes):
    """What becomes of a site, all fine but for one request with each of these outcomes."""
    return replace(FINE, requests=replace(FINE.requests, outcomes=FINE.requests.outcomes | outcomes))


@pytest.fixture(scope="module")
def proof():
    """The proof in small."""
    return fuzz.prove(600, "seed")


def test_the_servers_stand_it(proof):
    assert proof["failed"] == []
    assert proof["seed"] == "seed"
    assert proof["good_ones_are_answered"] is True
    assert proof["written_to_standard_error"] == ""
    assert proof["memory_mb"]["allowed"] == pytest.approx(1.5 * proof["memory_mb"]["before"] + 30, abs=0.1)
    assert 40 < proof["memory_mb"]["before"] < proof["memory_mb"]["allowed"]


def test_each_packet_that_must_be_is_answered(proof):
    packets = proof["packets"]
    assert packets["sent"] == 600
    assert 400 < packets["must_be_answered"] == packets["answered"] == sum(packets["rcodes"].values())
    assert packets["answered_wrongly"] == 0
    assert {"FORMERR", "NOTIMP", "NOERROR", "REFUSED"} < packets["rcodes"].keys()


def test_each_request_is_accounted_for(proof):
    requests = proof["requests"]
    assert requests["sent"] == sum(requests["outcomes"].values()) == 120
    assert requests["outcomes"]["400"] > 30
    assert fuzz.SOCKETS <= requests["connections"] <= 120 + fuzz.SOCKETS


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same(kind):
    first = list(fuzz.damaged_messages("a", *KINDS[kind], 300))
    assert len(first) == 300
    assert first == list(fuzz.damaged_messages("a", *KINDS[kind], 300))
    assert first != list(fuzz.damaged_messages("b", *KINDS[kind], 300))
    assert not set(first) & set(KINDS[kind][0])
    assert len(set(first)) > 250


@pytest.mark.parametrize("change", fuzz.CHANGES)
def test_every_change_changes(change):
    chance = fuzz.random.Random(1)
    whole = bytes(range(50))
    results = {change(chance, whole, [b"piece"]) for _ in range(50)}
    assert len(results - {whole}) > 10


def test_the_messages_are_good_before_they_are_damaged():
    with topology.one_server() as site:
        server = (site.address, site.names.ready["port"])
        for question in fuzz.QUESTIONS:
            reply = dns.query.udp(dns.message.from_wire(question), server[0], 5, server[1])
            assert fuzz.rcode(reply.to_wire()) != "FORMERR"

        async def outcomes():
            pairs = []
            for request in fuzz.REQUESTS:
                reader, writer = await asyncio.open_connection(site.address, site.port)
                pairs.append(await fuzz.answer_to(request, reader, writer))
                writer.close()
            return pairs

        answers = asyncio.run(outcomes())
    assert [status for status, _ in answers] == ["200"] * 10 + ["405", "405", "303", "303", "405"]
    assert [complete for _, complete in answers] == [not request.startswith(b"HEAD ") for request in fuzz.REQUESTS]


def test_what_must_be_answered():
    assert fuzz.must_be_answered(bytes(12))
    assert not fuzz.must_be_answered(bytes(11))
    assert not fuzz.must_be_answered(b"\0\0\x80" + bytes(9))


@pytest.mark.parametrize(
    "sent_back, outcome",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ("200", True)),
        (b"HTTP/1.1 400 Bad\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", ("400", False)),
        (b"HTTP/1.1 500 Error\r\nTransfer-Encoding: chunked\r\n\r\n", ("500", False)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", ("200", False)),
        (b"Traceback\r\n\r\n", ("cannot be read", False)),
        (b"HTTP/1.1 2", ("cannot be read", False)),
        (b"", ("closed without an answer", False)),
        (None, ("nothing in time", False)),
    ],
)
def test_what_is_made_of_an_answer(monkeypatch, sent_back, outcome):
    monkeypatch.setattr(fuzz, "PATIENCE_S", 0.3)

    async def outcome_of_one():
        async def answer(reader, writer):
            await reader.readexactly(1)
            if sent_back is None:
                await reader.read()  # until the other side gives up
            else:
                writer.write(sent_back)
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            result = await fuzz.answer_to(b"x", reader, writer)
            writer.close()
        return result

    assert asyncio.run(outcome_of_one()) == outcome


def test_a_name_server_that_is_silent(monkeypatch):
    monkeypatch.setattr(fuzz, "DNS_PATIENCE_S", 0.1)
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        counts = fuzz.send_packets(silent.getsockname(), "seed", 100)
    assert counts.total == fuzz.BURST
    assert counts.answered == 0 < counts.must_be_answered


@pytest.mark.parametrize(
    "reply, rcode", [(b"nonsense", "cannot be read"), (b"\xbe\xef\x80\x05" + bytes(8), "REFUSED")]
)
def test_a_name_server_that_answers_amiss(reply, rcode):
    """Bytes that are no message, and a message with an id that nothing sent has."""
    with socket.socket(type=socket.SOCK_DGRAM) as amiss:
        amiss.bind(("127.0.0.1", 0))

        def answer():
            for _ in range(fuzz.BURST + 1):
                amiss.sendto(reply, amiss.recvfrom(65535)[1])

        thread = threading.Thread(target=answer)
        thread.start()
        counts = fuzz.send_packets(amiss.getsockname(), "seed", fuzz.BURST)
        thread.join()
    assert counts.answered == counts.answered_wrongly == fuzz.BURST
    assert counts.rcodes == {rcode: fuzz.BURST}


def test_a_web_server_that_is_gone():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()
    counts = asyncio.run(fuzz.send_requests(address, "seed", 50))
    assert counts == fuzz.RequestCounts(50, 0, {"closed without an answer": 50})


def test_nothing_is_complained_of_where_all_is_fine():
    assert fuzz.complaints(FINE) == []


@pytest.mark.parametrize(
    "fuzzing, complaint",
    [
        (packets(answered=3), "packets owed a reply got none"),
        (packets(answered_wrongly=1), "replies that cannot be read, or to nothing that was sent"),
        (requests(**{"500": 1}), "the web server says that it has failed"),
        (requests(**{"503": 1}), "the web server says that it has failed"),
        (requests(**{"cannot be read": 1}), "answers of the web server that cannot be read"),
        (replace(FINE, good_ones_are_answered=False), "good ones are not answered afterwards"),
        (replace(FINE, memory_mb=replace(FINE.memory_mb, after=181)), "more memory than allowed"),
        (replace(FINE, written_to_standard_error="x"), "the servers wrote to standard error"),
    ],
)
def test_each_fault_is_complained_of(fuzzing, complaint):
    assert fuzz.complaints(fuzzing) == [complaint]


def test_a_dead_site_does_not_answer():
    with topology.one_server() as site:
        assert fuzz.both_answer(site)
        site.web.stop()
        assert not fuzz.both_answer(site)
