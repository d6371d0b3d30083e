"""book/authoring/prove/fuzz.py"""

import asyncio
import copy
import socket
import threading

import dns.message
import dns.query
import pytest

from book.authoring.prove import fuzz
from mysite import topology

DRAWN = {
    "packets": (fuzz.QUESTIONS, fuzz.PIECES_OF_PACKETS, b""),
    "requests": (fuzz.REQUESTS, fuzz.PIECES_OF_REQUESTS, b"\r\n\r\n"),
}


@pytest.fixture(scope="module")
def proved():
    """The proof in small."""
    return fuzz.prove(600, "seed")


def test_the_servers_stand_it(proved):
    assert proved["failed"] == []
    assert proved["seed"] == "seed"
    assert proved["good_ones_are_answered"] is True
    assert proved["written_to_standard_error"] == ""
    assert proved["memory_mb"]["allowed"] == pytest.approx(1.5 * proved["memory_mb"]["before"] + 30, abs=0.1)
    assert 40 < proved["memory_mb"]["before"] < proved["memory_mb"]["allowed"]


def test_each_packet_that_must_be_is_answered(proved):
    packets = proved["packets"]
    assert packets["sent"] == 600
    assert 400 < packets["must_be_answered"] == packets["answered"] == sum(packets["rcodes"].values())
    assert packets["answered_wrongly"] == 0
    assert {"FORMERR", "NOTIMP", "NOERROR", "REFUSED"} < packets["rcodes"].keys()


def test_each_request_is_accounted_for(proved):
    requests = proved["requests"]
    assert requests["sent"] == sum(requests["outcomes"].values()) == 120
    assert requests["outcomes"]["400"] > 30
    assert fuzz.SOCKETS <= requests["connections"] <= 120 + fuzz.SOCKETS


@pytest.mark.parametrize("kind", DRAWN)
def test_the_same_seed_draws_the_same(kind):
    first = list(fuzz.damaged("a", *DRAWN[kind], 300))
    assert len(first) == 300
    assert first == list(fuzz.damaged("a", *DRAWN[kind], 300))
    assert first != list(fuzz.damaged("b", *DRAWN[kind], 300))
    assert not set(first) & set(DRAWN[kind][0])
    assert len(set(first)) > 250


@pytest.mark.parametrize("change", fuzz.CHANGES)
def test_each_change_changes(change):
    chance = fuzz.random.Random(1)
    whole = bytes(range(50))
    changed = {change(chance, whole, [b"piece"]) for _ in range(50)}
    assert len(changed - {whole}) > 10


def test_what_is_damaged_is_good_before():
    with topology.one_server() as site:
        server = (site.address, site.names.ready["port"])
        for question in fuzz.QUESTIONS:
            asked = dns.message.from_wire(question)
            assert fuzz.rcode(dns.query.udp(asked, server[0], 5, server[1]).to_wire()) != "FORMERR"

        async def statuses():
            found = []
            for request in fuzz.REQUESTS:
                reader, writer = await asyncio.open_connection(site.address, site.port)
                found.append(await fuzz.answer_to(request, reader, writer))
                writer.close()
            return found

        answered = asyncio.run(statuses())
    assert [status for status, _ in answered] == ["200"] * 10 + ["405", "405", "303", "303", "405"]
    assert [complete for _, complete in answered] == [not each.startswith(b"HEAD ") for each in fuzz.REQUESTS]


def test_what_must_be_answered():
    assert fuzz.must_be_answered(bytes(12))
    assert not fuzz.must_be_answered(bytes(11))
    assert not fuzz.must_be_answered(b"\0\0\x80" + bytes(9))


@pytest.mark.parametrize(
    "said, outcome",
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
def test_what_is_made_of_an_answer(monkeypatch, said, outcome):
    monkeypatch.setattr(fuzz, "PATIENCE_S", 0.3)

    async def answered():
        async def answer(reader, writer):
            await reader.readexactly(1)
            if said is None:
                await reader.read()  # until the other side gives up
            else:
                writer.write(said)
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            result = await fuzz.answer_to(b"x", reader, writer)
            writer.close()
        return result

    assert asyncio.run(answered()) == outcome


def test_a_name_server_that_is_silent(monkeypatch):
    monkeypatch.setattr(fuzz, "DNS_PATIENCE_S", 0.1)
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        said = fuzz.packets_sent(silent.getsockname(), "seed", 100)
    assert said["sent"] == fuzz.BURST
    assert said["answered"] == 0 < said["must_be_answered"]


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
        said = fuzz.packets_sent(amiss.getsockname(), "seed", fuzz.BURST)
        thread.join()
    assert said["answered"] == said["answered_wrongly"] == fuzz.BURST
    assert said["rcodes"] == {rcode: fuzz.BURST}


def test_a_web_server_that_is_gone():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()
    said = asyncio.run(fuzz.requests_sent(address, "seed", 50))
    assert said == {"sent": 50, "connections": 0, "outcomes": {"closed without an answer": 50}}


@pytest.mark.parametrize(
    "place, value, complaint",
    [
        (("packets", "answered"), 3, "packets owed a reply got none"),
        (("packets", "answered_wrongly"), 1, "replies that cannot be read, or to nothing that was sent"),
        (("requests", "outcomes", "500"), 1, "the web server says that it has failed"),
        (("requests", "outcomes", "503"), 1, "the web server says that it has failed"),
        (("requests", "outcomes", "cannot be read"), 1, "answers of the web server that cannot be read"),
        (("good_ones_are_answered",), False, "good ones are not answered afterwards"),
        (("memory_mb", "after"), 181, "more memory than allowed"),
        (("written_to_standard_error",), "x", "the servers wrote to standard error"),
    ],
)
def test_what_is_complained_of(place, value, complaint):
    fine = {
        "packets": {"must_be_answered": 4, "answered": 4, "answered_wrongly": 0},
        "requests": {"outcomes": {"400": 5, "501": 2, "505": 1, "nothing in time": 5, "closed without an answer": 5}},
        "memory_mb": {"before": 100, "after": 180, "allowed": 180},
        "good_ones_are_answered": True,
        "written_to_standard_error": "",
    }
    assert fuzz.complaints(fine) == []
    result = copy.deepcopy(fine)
    part = result
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    assert fuzz.complaints(result) == [complaint]


def test_a_dead_site_does_not_answer():
    with topology.one_server() as site:
        assert fuzz.both_answer(site)
        site.web.stop()
        assert not fuzz.both_answer(site)
