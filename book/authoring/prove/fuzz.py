"""Damaged packets to the name server and damaged requests to the web server: both go on, and nothing grows.

    python -m book.authoring.prove fuzz [--count 100000]

The requests are a fifth of the packets. All are drawn with the commit's hash as seed: good ones with bits turned and
bytes lost, doubled or put in, and random bytes. A few are still well-formed: then they are answered as such.
"""

import asyncio
import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import dns.exception
import dns.message
import dns.rcode
import psutil

from mysite import topology
from mysite.names.resolver import ResolverError
from mysite.processes import OwnedProcess

PACKETS_A_REQUEST = 5
AT_RANDOM = 0.2  # share of random bytes
MOST_CHANGES = 4
# after as many packets the name server is asked a good question: it has then taken all of them from its socket,
# whose buffer holds several times as many
BURST = 40
GREATEST_PACKET = 1400
SOCKETS = 32
PATIENCE_S = 0.5  # a request that is not complete is given up after this time
DNS_PATIENCE_S = 10
MEMORY_FACTOR, MEMORY_MB = 1.5, 30
# a method or transfer coding, and a version, that a server does not know: RFC 9110 has no 4xx for them
UNSUPPORTED = ("501", "505")

QUESTIONS = [
    dns.message.make_query(*question, use_edns=edns, id=0x1234).to_wire()
    for question in (
        ("api.mysite.com", "A"),
        ("www.mysite.com", "AAAA"),
        ("mysite.com", "ANY"),
        ("mysite.com", "AXFR"),
        ("shop.mysite.com", "A"),
        ("api.example.com", "A"),
        ("questions.mysite.com", "TXT", "CH"),
        ("a." * 120 + "bb.mysite.com", "A"),
    )
    for edns in (-1, 0)
]
# pointers, the longest label, a label too long, counts and lengths beyond the end, an OPT record of version 1
PIECES_OF_PACKETS = [
    b"\xc0\x0c", b"\xc0\x00", b"\xff\xff", b"\x00" * 8, b"\x3f" + b"a" * 63, b"\x80" + b"a" * 128, b"\x01a" * 130,
    b"\x00\x00\x29\x04\xd0\x00\x01\x00\x00\x00\x00", b"\x00\x00\x01\x00\x01",
]  # fmt: skip

FIELDS = "Host: api.mysite.com\r\nUser-Agent: fuzz\r\nAccept: text/html\r\n"
SIGN_UP = '{"handle": "nobody", "name": "No"}'
REQUESTS = [
    *(
        f"{line} HTTP/1.1\r\n{FIELDS}\r\n".encode()
        for line in (
            "GET /", "GET /people?page=2", "GET /users/1", "GET /posts/1", "GET /popular/2025-01", "GET /about",
            "GET /health", "GET /static/site.css", "HEAD /", "HEAD /people", "OPTIONS *", "DELETE /users/1",
        )
    ),
    f"POST /sign-out HTTP/1.1\r\n{FIELDS}Content-Length: 11\r\n\r\nname=nobody".encode(),
    (
        f"POST /users HTTP/1.1\r\n{FIELDS}Content-Type: application/json\r\nContent-Length: {len(SIGN_UP)}\r\n\r\n"
        f"{SIGN_UP}"
    ).encode(),
    f"PUT /users/1 HTTP/1.1\r\n{FIELDS}Transfer-Encoding: chunked\r\n\r\n4\r\nname\r\n0\r\n\r\n".encode(),
]  # fmt: skip
PIECES_OF_REQUESTS = [
    b"\r\n", b"\r\n\r\n", b"\n", b"\0", b" ", b":", b"%", b"%00", b"/../", b"\xff\xfe", b"HTTP/9.9", b"Host: a\r\n",
    b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip\r\n", b"Upgrade: websocket\r\nConnection: upgrade\r\n", b"Range: bytes=9-1\r\n",
    b"x" * 20_000, b"x: y\r\n" * 500,
]  # fmt: skip


def turn_bit(chance: random.Random, whole: bytes, pieces: list[bytes]) -> bytes:
    """Turn one bit."""
    at = chance.randrange(len(whole))
    return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]


def lose_bytes(chance: random.Random, whole: bytes, pieces: list[bytes]) -> bytes:
    """Leave out one to twenty bytes in the middle."""
    at = chance.randrange(len(whole))
    return whole[:at] + whole[at + chance.randint(1, 20) :]


def cut_end(chance: random.Random, whole: bytes, pieces: list[bytes]) -> bytes:
    """Leave out the end."""
    return whole[: chance.randrange(len(whole))]


def double_bytes(chance: random.Random, whole: bytes, pieces: list[bytes]) -> bytes:
    """Write one to sixty bytes twice."""
    at = chance.randrange(len(whole))
    return whole[: at + chance.randint(1, 60)] + whole[at:]


def insert_piece(chance: random.Random, whole: bytes, pieces: list[bytes]) -> bytes:
    """Insert a piece that means something to the protocol, where it should not stand."""
    at = chance.randrange(len(whole))
    return whole[:at] + chance.choice(pieces) + whole[at:]


def overwrite_bytes(chance: random.Random, whole: bytes, pieces: list[bytes]) -> bytes:
    """Write one to eight random bytes over others."""
    at = chance.randrange(len(whole))
    random_bytes = chance.randbytes(chance.randint(1, 8))
    return whole[:at] + random_bytes + whole[at + len(random_bytes) :]


CHANGES: list[Callable[[random.Random, bytes, list[bytes]], bytes]] = [
    turn_bit, lose_bytes, cut_end, double_bytes, insert_piece, overwrite_bytes,
]  # fmt: skip


def damaged_messages(seed: str, good: list[bytes], pieces: list[bytes], end: bytes, count: int) -> Iterator[bytes]:
    """Draw `count` messages, the same for the same seed, none of which is one of the good ones.

    good    what most of them are made of, by one to MOST_CHANGES changes
    pieces  what a change may insert
    end     what half of them get at their end
    """
    chance = random.Random(seed)
    while count:
        if chance.random() < AT_RANDOM:
            whole = chance.randbytes(chance.randint(1, 200))
        else:
            whole = chance.choice(good)
            for _ in range(chance.randint(1, MOST_CHANGES)):
                whole = chance.choice(CHANGES)(chance, whole, pieces) or whole
        whole += chance.choice((b"", end))
        if whole not in good:
            count -= 1
            yield whole


def must_be_answered(packet: bytes) -> bool:
    """Whether the name server owes a reply: it does to every packet that has a header and is no reply itself."""
    return len(packet) >= 12 and not packet[2] & 0x80


@dataclass
class PacketCounts:
    """How many packets went to the name server, and what came back.

    total             packets
    must_be_answered  packets that are owed a reply
    answered          replies
    answered_wrongly  replies that cannot be read, or whose id no packet has that is owed one
    rcodes            replies by the name of their RCODE, the most frequent first
    """

    total: int
    must_be_answered: int
    answered: int
    answered_wrongly: int
    rcodes: dict[str, int]


def send_packets(server: tuple[str, int], seed: str, count: int) -> PacketCounts:
    """Send `count` damaged packets to the name server, in bursts; fewer where it falls silent."""
    packets = damaged_messages(f"{seed} packets", QUESTIONS, PIECES_OF_PACKETS, b"", count)
    counts = PacketCounts(0, 0, 0, 0, {})
    rcodes: Counter[str] = Counter()
    with socket.socket(type=socket.SOCK_DGRAM) as bad, socket.socket(type=socket.SOCK_DGRAM) as good:
        bad.connect(server)
        bad.setblocking(False)
        good.connect(server)
        good.settimeout(DNS_PATIENCE_S)
        while counts.total < count:
            owed: Counter[bytes] = Counter()  # the ids of those to be answered
            for _ in range(min(BURST, count - counts.total)):
                packet = next(packets)[:GREATEST_PACKET]
                bad.send(packet)
                counts.total += 1
                if must_be_answered(packet):
                    owed[packet[:2]] += 1
            counts.must_be_answered += owed.total()
            good.send(QUESTIONS[0])
            try:
                good.recv(65535)
            except (TimeoutError, ConnectionError):
                break  # it is silent: the replies that it owes tell
            for reply in arrivals(bad):
                counts.answered += 1
                rcodes[rcode(reply)] += 1
                counts.answered_wrongly += owed[reply[:2]] < 1 or rcode(reply) == "cannot be read"
                owed[reply[:2]] -= 1
    counts.rcodes = dict(rcodes.most_common())
    return counts


def arrivals(datagrams: socket.socket) -> Iterator[bytes]:
    """Receive the datagrams that have arrived at a socket that does not block."""
    while True:
        try:
            yield datagrams.recv(65535)
        except BlockingIOError:
            return


def rcode(reply: bytes) -> str:
    """Return the name of a reply's RCODE, or "cannot be read"."""
    try:
        return dns.rcode.to_text(dns.message.from_wire(reply).rcode())
    except dns.exception.DNSException:
        return "cannot be read"


@dataclass(frozen=True)
class RequestCounts:
    """How many requests went to the web server, over how many connections, and what came of them.

    outcomes  counts of requests by the status of their response, or by why it has none, the most frequent first
    """

    total: int
    connections: int
    outcomes: dict[str, int]


async def send_requests(server: tuple[str, int], seed: str, count: int) -> RequestCounts:
    """Send `count` damaged requests to the web server, over SOCKETS connections at the same time."""
    requests = damaged_messages(f"{seed} requests", REQUESTS, PIECES_OF_REQUESTS, b"\r\n\r\n", count)
    outcomes: Counter[str] = Counter()
    connections = 0

    async def send_over_one_socket() -> None:
        nonlocal connections
        connection = None
        for request in requests:
            try:
                if connection is None:
                    connection = await asyncio.open_connection(*server)
                    connections += 1
                outcome, complete = await answer_to(request, *connection)
            except OSError:
                outcome, complete = "closed without an answer", False
            outcomes[outcome] += 1
            if connection and not complete:
                connection[1].close()
                connection = None
        if connection:
            connection[1].close()

    await asyncio.gather(*(send_over_one_socket() for _ in range(SOCKETS)))
    return RequestCounts(outcomes.total(), connections, dict(outcomes.most_common()))


async def answer_to(
    request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[str, bool]:
    """Send a request; return the status of its response, or why it has none, and whether the connection is of use."""
    status = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if not head.startswith(b"http/1.1 ") or not head[9:12].isdigit():
                return "cannot be read", False
            status = head[9:12].decode()
            length = head.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
            if not length or b"\r\nconnection: close\r\n" in head:
                return status, False
            if request.startswith(b"HEAD "):
                return status, False  # what stands before it in the connection may have made another method of it
            await reader.readexactly(int(length))
            return status, True
    except TimeoutError:
        return status or "nothing in time", False
    except asyncio.IncompleteReadError as error:
        return status or ("cannot be read" if error.partial else "closed without an answer"), False


def memory_mb(servers: list[OwnedProcess]) -> float:
    """Return the resident memory of the servers, their guards and whatever they have started, in MB."""
    guards = [psutil.Process(server.guard_pid) for server in servers]
    tree = [process for guard in guards for process in (guard, *guard.children(recursive=True))]
    return round(sum(process.memory_info().rss for process in tree) / 1e6, 1)


def both_answer(site: topology.OneServer) -> bool:
    """Whether a good question and a good request are answered."""
    try:
        addresses = site.resolver().resolve("api.mysite.com").addresses
        return addresses == (site.address,) and topology.health(site)["status"] == "ok"
    except (OSError, ResolverError):
        return False


@dataclass(frozen=True)
class Memory:
    """The servers' resident memory before and after, and how much they may use then, in MB."""

    before: float
    after: float
    allowed: float


@dataclass(frozen=True)
class Fuzzing:
    """What became of a site that got damaged packets and requests."""

    packets: PacketCounts
    requests: RequestCounts
    memory_mb: Memory
    good_ones_are_answered: bool
    written_to_standard_error: str


def complaints(fuzzing: Fuzzing) -> list[str]:
    """Return what is not as it must be, a line each."""
    packets, outcomes = fuzzing.packets, fuzzing.requests.outcomes
    errors = sum(outcomes[outcome] for outcome in outcomes if outcome[0] == "5" and outcome not in UNSUPPORTED)
    faults = {
        "packets owed a reply got none": packets.answered != packets.must_be_answered,
        "replies that cannot be read, or to nothing that was sent": packets.answered_wrongly,
        "the web server says that it has failed": errors,
        "answers of the web server that cannot be read": outcomes.get("cannot be read"),
        "good ones are not answered afterwards": not fuzzing.good_ones_are_answered,
        "more memory than allowed": fuzzing.memory_mb.after > fuzzing.memory_mb.allowed,
        "the servers wrote to standard error": fuzzing.written_to_standard_error,
    }
    return [complaint for complaint, is_so in faults.items() if is_so]


def as_json(counts: PacketCounts | RequestCounts) -> dict[str, Any]:
    """Return counts as they are committed, with the total first."""
    fields = asdict(counts)
    return {"sent": fields.pop("total"), **fields}


def prove(count: int, seed: str) -> dict[str, Any]:
    """Send `count` packets and a fifth as many requests to a new site; return the result as it is committed."""
    start = time.monotonic()
    with topology.one_server() as site:
        servers = [site.names, site.web]
        if not both_answer(site):
            raise RuntimeError("the site does not answer before anything was sent to it")
        before = memory_mb(servers)
        packets = send_packets((site.address, site.names.ready["port"]), seed, count)
        print(as_json(packets), flush=True)
        requests = asyncio.run(send_requests((site.address, site.port), seed, count // PACKETS_A_REQUEST))
        print(as_json(requests), flush=True)
        good_ones_are_answered = both_answer(site)
        memory = Memory(before, memory_mb(servers), round(MEMORY_FACTOR * before + MEMORY_MB, 1))
        logs = [(server.directory / "server.log").read_text(errors="replace") for server in servers]
    log = "".join(logs)[-2000:]
    fuzzing = Fuzzing(packets, requests, memory, good_ones_are_answered, log)
    return {
        "what": "damaged packets to the name server and damaged requests to the web server, drawn with the commit's"
        " hash as seed; then both answer good ones, and neither has grown or written to standard error",
        "seed": seed,
        "packets": as_json(packets),
        "requests": as_json(requests),
        "memory_mb": asdict(memory),
        "good_ones_are_answered": good_ones_are_answered,
        "written_to_standard_error": log,
        "minutes": round((time.monotonic() - start) / 60, 1),
        "failed": complaints(fuzzing),
    }
