"""A site that is far away: a forwarder on loopback that keeps every byte for half a round trip, each way.

What is emulated is the time that a message is on its way, and nothing else: no limit of bandwidth, no loss, no
slow start. A round trip takes longer than was asked for, by what the forwarder and the two ends need themselves.
So it is measured, by an echo through the same forwarder, and figures draw over what was measured.

A connection to loopback is there at once, one to a far site a round trip later. The system's kernel answers
before the forwarder knows of it, so the wait cannot stand where it belongs: the forwarder counts a connection as
open one round trip after it was made, and what a client writes sooner is held until then, and then sent on its
way. Connecting and asking take two round trips together, as they should. Seen step by step, "connect" takes
nothing, and the first "wait" a round trip too much.
"""

import asyncio
import selectors
import socket
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, cast

from mysite.clock import Clock
from mysite.names.resolver import StubResolver

ADDRESS = "127.0.0.1"
PROBE = b"?"
LARGEST_DATAGRAM = 65_535
TIMEOUT_S = 10.0  # a far end that says nothing for so long on top of the delay has hung

Address = tuple[str, int]


class Owned(Protocol):
    """What the delay needs to know of a server process: its ready line."""

    @property
    def ready(self) -> dict[str, Any]: ...


class NearSite(Protocol):
    """What the delay needs to know of mysite.topology.OneServer."""

    @property
    def address(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def names(self) -> Owned: ...


@dataclass(frozen=True)
class FarSite:
    """The way to a site with a round trip of at least `nominal_rtt_s` seconds.

    `lab.instruments.visit.visit` takes it for a site. Its name server is as far away as its web server.
    """

    address: str
    port: int
    nominal_rtt_s: float
    name_server: Address
    echo: Address

    def resolver(self, clock: Clock | None = None, ids: Iterator[int] | None = None) -> StubResolver:
        """Return a new stub resolver, which knows nothing yet, for the site's name server."""
        return StubResolver(self.name_server, clock, ids, timeout_s=1.0 + self.nominal_rtt_s)

    def measured_rtt_s(self, probes: int = 1) -> float:
        """Return the seconds that a round trip takes, see the function `measured_rtt_s`."""
        return measured_rtt_s(self.echo, self.nominal_rtt_s, probes)


@dataclass
class RoundTrips:
    """How often a client has sent something after the server's answer, or at first, over all its connections."""

    count: int = 0


@dataclass(frozen=True)
class FarServer:
    """The way to any server that is spoken to over TCP, with a round trip of at least `nominal_rtt_s` seconds.

    round_trips  counts what goes through it
    """

    address: str
    port: int
    nominal_rtt_s: float
    echo: Address
    round_trips: RoundTrips

    def measured_rtt_s(self, probes: int = 1) -> float:
        """Return the seconds that a round trip takes, see the function `measured_rtt_s`."""
        return measured_rtt_s(self.echo, self.nominal_rtt_s, probes)


def measured_rtt_s(echo: Address, nominal_rtt_s: float, probes: int) -> float:
    """Return the seconds that a round trip takes: the median of so many, one after another over one connection.

    The probe is one byte that is sent back at once. ValueError for fewer than one.
    """
    if probes < 1:
        raise ValueError(f"A round trip is measured with one probe or more, not {probes}.")
    seconds = []
    with socket.create_connection(echo, timeout=TIMEOUT_S + 2 * nominal_rtt_s) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        # the first one waits for the connection too
        for _ in range(1 + probes):
            started = time.perf_counter()
            connection.sendall(PROBE)
            if connection.recv(1) != PROBE:
                raise ConnectionError("The echo has ended.")
            seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])


@contextmanager
def far_away(site: NearSite, rtt_s: float) -> Iterator[FarSite]:
    """Put a round trip of `rtt_s` seconds between this machine and a running site, until the context ends.

    The forwarder listens on free ports of loopback, in a thread of this process; at the end its connections are
    closed and the thread has ended. A connection that one end closes, or half closes, is closed at the other half a
    round trip later. ValueError for a negative time.
    """
    with forwarding(rtt_s) as (forwarder, run):
        echo = run(forwarder.listen_for_echo())
        yield FarSite(
            address=ADDRESS,
            port=run(forwarder.listen((site.address, site.port)))[1],
            nominal_rtt_s=rtt_s,
            name_server=run(forwarder.listen_for_names((site.address, site.names.ready["port"]))),
            echo=run(forwarder.listen(echo)),
        )


@contextmanager
def far_server(destination: Address, rtt_s: float) -> Iterator[FarServer]:
    """Put a round trip between this machine and a server that listens at that address; else as `far_away`."""
    with forwarding(rtt_s) as (forwarder, run):
        echo = run(forwarder.listen_for_echo())
        round_trips = RoundTrips()
        port = run(forwarder.listen(destination, round_trips))[1]
        yield FarServer(ADDRESS, port, rtt_s, run(forwarder.listen(echo)), round_trips)


@contextmanager
def forwarding(rtt_s: float) -> Iterator[tuple["_Forwarder", Callable[[Coroutine[Any, Any, Any]], Any]]]:
    """Yield a forwarder in a thread of its own, and a function that runs a coroutine there. ValueError for the time."""
    if not 0 <= rtt_s < float("inf"):
        raise ValueError(f"A round trip takes a finite number of seconds, 0 or more, not {rtt_s}.")
    # epoll, the default, counts in whole milliseconds; select does not
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    thread = threading.Thread(target=loop.run_forever, name="far away", daemon=True)
    thread.start()

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(TIMEOUT_S)

    forwarder = _Forwarder(loop, rtt_s)
    try:
        yield forwarder, run
    finally:
        run(forwarder.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(TIMEOUT_S)
        loop.close()


class _Forwarder:
    """Everything that runs in the thread: listeners, and the connections through them."""

    def __init__(self, loop: asyncio.AbstractEventLoop, rtt_s: float) -> None:
        self.loop = loop
        self.rtt_s = rtt_s
        self.transports: set[asyncio.BaseTransport] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []

    async def listen(self, destination: Address, round_trips: RoundTrips | None = None) -> Address:
        """Forward TCP to this address, and count the round trips. Return where it listens."""
        return await self._serve(lambda: _Near(self, destination, round_trips or RoundTrips()))

    async def listen_for_echo(self) -> Address:
        """Send back at once whatever comes. Return where it listens."""
        return await self._serve(lambda: _Echo(self))

    async def listen_for_names(self, destination: Address) -> Address:
        """Forward UDP, question and answer. Return where it listens."""
        transport, _ = await self.loop.create_datagram_endpoint(
            lambda: _Questions(self, destination), local_addr=(ADDRESS, 0)
        )
        return cast(Address, transport.get_extra_info("sockname"))

    async def _serve(self, protocol: Callable[[], asyncio.Protocol]) -> Address:
        server = await self.loop.create_server(protocol, ADDRESS, 0)
        self._servers.append(server)
        return cast(Address, server.sockets[0].getsockname())

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine beside everything else, until it ends or the forwarder does."""
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def close(self) -> None:
        """End every listener, task and connection."""
        for server in self._servers:
            server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        while self.transports:  # each leaves the set when it is closed, a turn of the loop later
            for transport in self.transports:
                cast(asyncio.Transport, transport).abort()
            await asyncio.sleep(0)


class _Way:
    """One direction of a connection: pieces go in, and come out half a round trip later, in their order."""

    def __init__(self, forwarder: _Forwarder, open_at: float) -> None:
        self._loop = forwarder.loop
        self._half_s = forwarder.rtt_s / 2
        self._open_at = open_at
        self._under_way: deque[bytes | None] = deque()
        self._arrived = 0
        self._to: asyncio.Transport | None = None

    def put(self, piece: bytes | None) -> None:
        """Send a piece on its way; None is the end of the connection."""
        self._under_way.append(piece)
        self._loop.call_at(max(self._loop.time(), self._open_at) + self._half_s, self._arrive)

    def lead_to(self, end: asyncio.Transport) -> None:
        """Write to this end what has arrived, and all that will."""
        self._to = end
        self._write()

    def _arrive(self) -> None:
        # the oldest piece has arrived, whichever timer this is: two of the same moment have no order
        self._arrived += 1
        self._write()

    def _write(self) -> None:
        while self._to and self._arrived:
            self._arrived -= 1
            piece = self._under_way.popleft()
            if self._to.is_closing():
                continue
            if piece is None:
                self._to.close()
            else:
                self._to.write(piece)


class _End(asyncio.Protocol):
    """One end of a forwarded connection: what it hears is put on its way to the other."""

    def __init__(self, forwarder: _Forwarder, hears_into: _Way) -> None:
        self.forwarder = forwarder
        self.hears_into = hears_into

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.forwarder.transports.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.forwarder.transports.discard(self.transport)
        self.hears_into.put(None)

    def data_received(self, data: bytes) -> None:
        self.hears_into.put(data)


class _Near(_End):
    """The end at the client. The connection to the far end is made when the far end would see the client's."""

    def __init__(self, forwarder: _Forwarder, destination: Address, round_trips: RoundTrips) -> None:
        super().__init__(forwarder, _Way(forwarder, open_at=forwarder.loop.time() + forwarder.rtt_s))
        self._destination = destination
        self._round_trips = round_trips
        self.answered = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.forwarder.start(self._reach())

    def data_received(self, data: bytes) -> None:
        self._round_trips.count += self.answered
        self.answered = False
        super().data_received(data)

    async def _reach(self) -> None:
        back = _Way(self.forwarder, open_at=0)
        back.lead_to(self.transport)
        await asyncio.sleep(self.forwarder.rtt_s / 2)
        try:
            _, far = await self.forwarder.loop.create_connection(
                lambda: _Far(self.forwarder, back, self), *self._destination
            )
        except OSError:
            self.transport.abort()
        else:
            self.hears_into.lead_to(far.transport)


class _Far(_End):
    """The end at the server, whose bytes answer the client's."""

    def __init__(self, forwarder: _Forwarder, hears_into: _Way, near: _Near) -> None:
        super().__init__(forwarder, hears_into)
        self._near = near

    def data_received(self, data: bytes) -> None:
        self._near.answered = True
        super().data_received(data)


class _Echo(asyncio.Protocol):
    """Send back whatever comes."""

    def __init__(self, forwarder: _Forwarder) -> None:
        self._forwarder = forwarder

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._forwarder.transports.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._forwarder.transports.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


class _Questions(asyncio.DatagramProtocol):
    """UDP: each question has a socket of its own towards the name server, closed with its answer."""

    def __init__(self, forwarder: _Forwarder, destination: Address) -> None:
        self._forwarder = forwarder
        self._destination = destination

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self._forwarder.transports.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._forwarder.transports.discard(self._transport)

    def datagram_received(self, data: bytes, client: Address) -> None:
        self._forwarder.start(self._ask(data, client))

    async def _ask(self, question: bytes, client: Address) -> None:
        half_s = self._forwarder.rtt_s / 2
        await asyncio.sleep(half_s)
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client_socket:
            client_socket.setblocking(False)
            client_socket.connect(self._destination)
            await self._forwarder.loop.sock_sendall(client_socket, question)
            reply = await self._forwarder.loop.sock_recv(client_socket, LARGEST_DATAGRAM)
            await asyncio.sleep(half_s)
            self._transport.sendto(reply, client)
