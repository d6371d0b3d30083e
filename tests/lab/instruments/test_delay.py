"""A site that is far away: what comes through, when at the earliest, and that nothing is left running.

A delay has a least value that no machine beats, so the least is asserted; nobody knows how late a thread may be.
"""

import asyncio
import socket
import threading
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

import httpcore
import pytest

from lab.instruments import delay
from lab.instruments.counting import Traffic
from lab.instruments.delay import far_away
from lab.instruments.visit import visit
from mysite.clock import MovableClock
from mysite.names.resolver import ResolverError
from mysite.topology import one_server

# a socket that is left to the collector warns, and the warning is an error
pytestmark = pytest.mark.filterwarnings("error")

RTT_S = 0.05
CLOCK_S = 0.001  # what two clocks, a timer and the rounding of its end may differ by


@pytest.fixture(scope="module")
def site():
    with one_server(cache_seconds=0) as running:
        yield running


@pytest.fixture(scope="module")
def far(site):
    with far_away(site, RTT_S) as far_site:
        yield far_site


def test_a_visit_finds_the_same_as_nearby(site, far):
    near, away = (visit(place, path="/users/4") for place in (site, far))
    assert far.port != site.port and far.address == "127.0.0.1" and far.nominal_rtt_s == RTT_S
    assert (away.status, away.page_bytes, away.resources) == (200, near.page_bytes, near.resources)
    assert away.traffic == Traffic(1, near.traffic.bytes_sent, near.traffic.bytes_received)
    assert (near.questions, away.questions, away.round_trips) == (1, 1, 6)


@pytest.mark.parametrize(
    ("options", "round_trips"),
    [({}, 6), ({"keep_alive": False}, 9), ({"accept": "application/json"}, 3)],
)
def test_each_counted_round_trip_takes_one(far, options, round_trips):
    away = visit(far, path="/users/4", **options)
    assert away.round_trips == round_trips
    assert away.seconds >= round_trips * RTT_S - CLOCK_S


def test_each_step_takes_its_own(far):
    steps = {step.label: step.end_s - step.start_s for step in visit(far, path="/users/4").steps}
    assert steps["name api.mysite.com"] >= RTT_S - CLOCK_S
    # the system says that the connection is there at once: its round trip is waited for with the first answer
    assert steps["wait /users/4"] >= 2 * RTT_S - 5 * CLOCK_S
    assert steps["wait /static/site.css"] >= RTT_S - CLOCK_S


def test_a_known_name_is_not_asked_for_again(far):
    resolver = far.resolver()
    visit(far, resolver=resolver)
    again = visit(far, path="/users/4", resolver=resolver)
    assert (again.questions, again.round_trips) == (0, 5)
    assert again.seconds >= 5 * RTT_S - CLOCK_S


def test_the_resolver_takes_the_clock_and_the_ids(far):
    clock = MovableClock()
    resolver = far.resolver(clock, iter([7, 8]))
    assert resolver.resolve("api.mysite.com").question[:2] == b"\x00\x07"
    assert resolver.resolve("api.mysite.com").from_cache
    clock.move(301)
    assert resolver.resolve("api.mysite.com").question[:2] == b"\x00\x08"


def test_the_round_trip_is_measured(far):
    assert far.measured_rtt_s() >= RTT_S - CLOCK_S
    assert far.measured_rtt_s(probes=3) >= RTT_S - CLOCK_S
    with pytest.raises(ValueError, match=r"^A round trip is measured with one probe or more, not 0\.$"):
        far.measured_rtt_s(0)


def test_the_measure_is_the_median_without_the_first(site, monkeypatch):
    moments = iter([0, 9, 10, 11, 20, 25, 30, 32])
    monkeypatch.setattr(delay, "time", SimpleNamespace(perf_counter=lambda: next(moments)))
    with far_away(site, 0) as near:
        assert near.measured_rtt_s(probes=3) == 2


@dataclass
class Sink:
    """A server that takes connections, keeps what comes, and answers when told."""

    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def site(self):
        port = self.listening.getsockname()[1]
        return SimpleNamespace(address="127.0.0.1", port=port, names=SimpleNamespace(ready={"port": port}))


@pytest.fixture
def sink():
    server = Sink()
    server.listening.settimeout(5)
    yield server
    server.listening.close()


def test_bytes_keep_their_order_both_ways(sink):
    """Pieces of all sizes, many at a time, and the end of the connection after the last of them."""
    pieces = [bytes([place % 251]) * (1 + 997 * place % 5000) for place in range(200)]
    with far_away(sink.site, 0.01) as far, socket.create_connection((far.address, far.port)) as client:
        client.settimeout(5)
        server, _ = sink.listening.accept()
        server.settimeout(5)
        with server:
            for sender, receiver in ((client, server), (server, client)):
                writer = threading.Thread(target=lambda sender=sender: [sender.sendall(piece) for piece in pieces])
                writer.start()
                whole = b"".join(pieces)
                received = b""
                while len(received) < len(whole):
                    received += receiver.recv(65536)
                writer.join()
                assert received == whole
            client.sendall(b"last")
            client.close()
            assert server.recv(16) == b"last"
            assert server.recv(16) == b""


def test_a_server_that_speaks_first_is_heard(sink):
    with far_away(sink.site, RTT_S) as far:
        started = time.perf_counter()
        with socket.create_connection((far.address, far.port)) as client:
            client.settimeout(5)
            server, _ = sink.listening.accept()
            with server:
                assert time.perf_counter() - started >= RTT_S / 2 - CLOCK_S  # it sees the client half a way later
                server.sendall(b"welcome")
                assert client.recv(16) == b"welcome"
                assert time.perf_counter() - started >= RTT_S - CLOCK_S


def test_a_connection_is_open_a_round_trip_after_it_was_made(sink):
    """What is written at once is held for a round trip and a half; what is written later is not held at all."""
    with far_away(sink.site, RTT_S) as far, socket.create_connection((far.address, far.port)) as client:
        started = time.perf_counter()
        client.sendall(b"early")
        server, _ = sink.listening.accept()
        server.settimeout(5)
        with server:
            assert server.recv(16) == b"early"
            assert time.perf_counter() - started >= 1.5 * RTT_S - 2 * CLOCK_S


def test_whom_nobody_serves_is_closed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    nobody = SimpleNamespace(address="127.0.0.1", port=port, names=SimpleNamespace(ready={"port": port}))
    with far_away(nobody, 0) as far:
        with pytest.raises((httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)):
            visit(far, host="127.0.0.1")
        resolver = far.resolver()
        resolver._timeout_s = 0.1
        with pytest.raises(ResolverError, match="no answer from the name server"):
            resolver.resolve("api.mysite.com")


def test_nothing_is_left(site):
    before = threading.active_count()
    with far_away(site, 0.001) as far:
        idle = socket.create_connection((far.address, far.port))
        idle.settimeout(5)
        far.measured_rtt_s()
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
    with pytest.raises((ConnectionResetError, AssertionError)):
        assert idle.recv(1) != b""
    idle.close()
    for port in (far.port, far.echo[1]):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((far.address, port), timeout=1)


def test_it_ends_when_the_work_fails(site):
    before = threading.active_count()
    with pytest.raises(KeyError), far_away(site, 0.001):
        raise KeyError
    assert threading.active_count() == before


def test_it_listens_on_loopback_only(far, monkeypatch):
    assert delay.ADDRESS == far.name_server[0] == far.echo[0] == "127.0.0.1"
    assert len({far.port, far.echo[1], far.name_server[1]}) == 3


@pytest.mark.parametrize("rtt_s", [-0.001, float("inf"), float("nan")])
def test_times_that_are_none(site, rtt_s):
    expected = pytest.raises(ValueError, match="A round trip takes a finite number of seconds, 0 or more, not")
    with expected, far_away(site, rtt_s):
        pass


def test_timers_are_finer_than_a_millisecond(site):
    """epoll would wait whole milliseconds, and every short round trip would be a long one."""
    loops = []
    new = asyncio.SelectorEventLoop
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asyncio, "SelectorEventLoop", lambda selector: loops.append(selector) or new(selector))
        with far_away(site, 0):
            pass
    assert [type(selector).__name__ for selector in loops] == ["SelectSelector"]
