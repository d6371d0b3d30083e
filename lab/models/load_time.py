"""How long a page takes to load over a distance: round trips, bytes, and what the machines do meanwhile.

    load time = round trips x round-trip time + bytes / bandwidth + work

A round trip is the time in which a question reaches the other side and its answer comes back, however short both
are. It is spent once for the question for the name, once for each connection (TCP's own greeting) and once for
each request, if these follow one another. `work` is what client and server compute, seconds.

What this takes for granted, and where it is wrong:

- One thing at a time: one connection is used at once, and a request is sent when the answer before has come. A
  browser asks side by side, and then waits for fewer round trips than are made.
- No TLS. Its greeting costs at least one round trip more for each connection.
- No slow start. A sender may not send all it has: the first bytes of a connection are at most 10 segments, some
  14 kB (`initial_window_bytes`), and then it has to hear from the other side. One answer that is larger needs round
  trips which are not counted here, so the formula is then too low.
- No loss. A lost packet is sent again after a round trip at the earliest.
- A bandwidth that is the same all the time and not shared.

Sources: the round trips are counted here and in the tests, not taken from anywhere. RFC 6928, "Increasing TCP's
Initial Window", section 2: the upper bound of the initial window. Seen 2026-11-24 as implementations quote it.

Times are seconds, sizes bytes, bandwidths bytes per second.
"""

from dataclasses import dataclass

from lab.models.limits import Number, above, at_least, whole_number

LARGEST_SEGMENT_BYTES = 1460  # of TCP over IPv4 in an Ethernet frame: 1500 less two heads of 20 bytes


def connections_opened(requests: int, keep_alive: bool) -> int:
    """Return how many connections so many requests open, one after the other: one that is kept, or one each."""
    whole_number("number of requests", requests, least=1)
    return 1 if keep_alive else requests


def round_trips(requests: int, connections: int = 1, names: int = 1) -> int:
    """Return the round trips of a load: one for each question for a name, each connection and each request.

    `names` is 0 where the resolver still knows the answer, else 1. ValueError for no request, for no connection or
    more than there are requests, and for another number of names.
    """
    whole_number("number of requests", requests, least=1)
    whole_number("number of connections", connections, least=1)
    whole_number("number of questions for the name", names, least=0)
    if connections > requests:
        raise ValueError(f"{connections} connections are more than the {requests} requests that they are for.")
    if names > 1:
        raise ValueError(f"One name is asked for once or not at all, not {names} times.")
    return names + connections + requests


@dataclass(frozen=True)
class LoadTime:
    """The parts of a load time, in seconds: waiting for round trips, for bytes, and for work."""

    waiting_s: Number
    bytes_s: Number
    work_s: Number

    @property
    def seconds(self) -> Number:
        """All of it."""
        return self.waiting_s + self.bytes_s + self.work_s

    @property
    def share_waiting(self) -> Number:
        """Which share of the load time is spent waiting for round trips, 0 to 1; 0 where nothing takes time."""
        return self.waiting_s / self.seconds if self.seconds else 0


def load_time(
    round_trips: int, rtt_s: Number, size_bytes: Number = 0, bytes_per_s: Number | None = None, work_s: Number = 0
) -> LoadTime:
    """Return the load time of a page in its parts.

    `rtt_s` is one round trip, `size_bytes` all that is received, `bytes_per_s` the bandwidth: without it bytes
    take no time, as on loopback. ValueError for what is negative or not finite, and for a bandwidth of 0.
    """
    whole_number("number of round trips", round_trips, least=0)
    at_least("round-trip time (seconds)", rtt_s)
    at_least("size (bytes)", size_bytes)
    at_least("work (seconds)", work_s)
    if bytes_per_s is not None:
        above("bandwidth (bytes per second)", bytes_per_s)
    bytes_s = size_bytes / bytes_per_s if bytes_per_s is not None else 0
    return LoadTime(round_trips * rtt_s, bytes_s, work_s)


def work_of(load_s: Number, round_trips: int, rtt_s: Number) -> Number:
    """Return the work, seconds, that explains one measured load time on loopback: what its round trips do not.

    Measured where `rtt_s` is smallest, it is the line's start; never below 0.
    """
    at_least("load time (seconds)", load_s)
    return max(0, load_s - load_time(round_trips, rtt_s).seconds)


def initial_window_bytes(segment_bytes: int = LARGEST_SEGMENT_BYTES) -> int:
    """Return how many bytes TCP may send at most before it hears from the other side: RFC 6928, section 2."""
    whole_number("size of a segment (bytes)", segment_bytes, least=1)
    return min(10 * segment_bytes, max(2 * segment_bytes, 14_600))
