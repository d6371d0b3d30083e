"""One page, loaded over round trips of some lengths by a browser and by a phone: times, and what is counted of each."""

import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from lab.instruments.delay import FarSite, far_away
from lab.instruments.progress import progress
from lab.instruments.runs import Payload, Run, recorded_as
from lab.instruments.visit import Visit, visit
from mysite.topology import one_server

REPEATS = 7
RTTS_MS = (0, 10, 20, 40, 80)  # asked for; what a round trip really takes is measured
PATH = "/users/4"
ROUND_TRIP = "round trip"
ONE_CONNECTION, CONNECTION_EACH, PHONE = "page, one connection", "page, a connection each", "phone, JSON"
# the two clients: a browser with what the page names, over one connection and over one each, and the phone
LOADS: dict[str, dict[str, Any]] = {
    ONE_CONNECTION: {},
    CONNECTION_EACH: {"keep_alive": False},
    PHONE: {"accept": "application/json"},
}


@dataclass(frozen=True)
class LoadCounts:
    """What is the same in every load of one kind.

    name            of the kind: a key of LOADS
    questions       that the name server was asked
    connections     that were opened
    requests        of HTTP: the page, and what it names
    round_trips     that follow one another: questions, connections, requests
    bytes_sent      of HTTP, heads and bodies
    bytes_received  likewise
    """

    name: str
    questions: int
    connections: int
    requests: int
    round_trips: int
    bytes_sent: int
    bytes_received: int


@dataclass(frozen=True)
class LoadTimes(Payload, run="two_clients/load_time"):
    """The lengths of the round trips, and what was counted of each kind of load.

    rtts_ms  the lengths that were asked for, milliseconds
    rtts_s   the median of what was measured at each of them, seconds
    loads    one for each kind, in the order of LOADS
    """

    rtts_ms: tuple[int, ...]
    rtts_s: tuple[float, ...]
    loads: tuple[LoadCounts, ...]


def series_name(load: str, rtt_ms: int) -> str:
    """Return the name of the series of one kind of load, or of ROUND_TRIP, at a length that was asked for."""
    return f"{load} at {rtt_ms} ms"


@recorded_as(LoadTimes)
def load_times(repeats: int = REPEATS) -> Run[LoadTimes]:
    """Load one page over round trips of some lengths, as a browser and as a phone, in turns.

    Each load has a new resolver and new connections; the page cache is off. Series, seconds, a value for each turn:
    each load at each length, and the round trip itself, an echo in the same turn. One turn without a delay is dropped.
    ValueError where a load does not repeat the counts of the first, or is not answered with 200.
    """
    names = [series_name(load, rtt_ms) for load in (ROUND_TRIP, *LOADS) for rtt_ms in RTTS_MS]
    series: dict[str, list[float]] = {name: [] for name in names}
    with ExitStack() as stack:
        site = stack.enter_context(one_server(cache_seconds=0))
        far_sites = {rtt_ms: stack.enter_context(far_away(site, rtt_ms / 1000)) for rtt_ms in RTTS_MS}
        warm_up = visits(far_sites[RTTS_MS[0]])
        counts = {load: counts_of(load, visit) for load, visit in warm_up.items()}
        turns = [(turn, rtt_ms) for turn in range(repeats) for rtt_ms in RTTS_MS]
        for _, rtt_ms in progress(turns, "loading from far away"):
            series[series_name(ROUND_TRIP, rtt_ms)].append(far_sites[rtt_ms].measured_rtt_s())
            for load, page_visit in visits(far_sites[rtt_ms]).items():
                name, now = series_name(load, rtt_ms), counts_of(load, page_visit)
                if now != counts[load]:
                    raise ValueError(f"{name} is no repeat: {now}, before {counts[load]}.")
                series[name].append(page_visit.seconds)
    return Run(
        what=f"{repeats} loads of {PATH}, each with a new resolver and new connections, page cache off",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=LoadTimes(
            rtts_ms=RTTS_MS,
            rtts_s=tuple(statistics.median(series[series_name(ROUND_TRIP, rtt_ms)]) for rtt_ms in RTTS_MS),
            loads=tuple(counts.values()),
        ),
    )


def visits(site: FarSite) -> dict[str, Visit]:
    """Return one load of each kind, by its name, one after the other. ValueError if a page is not answered 200."""
    by_load = {load: visit(site, path=PATH, **options) for load, options in LOADS.items()}
    for load, page_visit in by_load.items():
        if page_visit.status != 200:
            raise ValueError(f"{load}: {PATH} is answered with {page_visit.status}, so nothing is measured.")
    return by_load


def counts_of(load: str, visit: Visit) -> LoadCounts:
    """Return what is the same in every load of that kind."""
    return LoadCounts(
        name=load,
        questions=visit.questions,
        connections=visit.traffic.sockets_opened,
        requests=1 + len(visit.resources),
        round_trips=visit.round_trips,
        bytes_sent=visit.traffic.bytes_sent,
        bytes_received=visit.traffic.bytes_received,
    )
