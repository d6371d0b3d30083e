"""One page, loaded over round trips of some lengths by a browser and by a phone: times, and what is counted of each."""

import statistics
from contextlib import ExitStack
from typing import Any

from lab.instruments.delay import FarSite, far_away
from lab.instruments.progress import progress
from lab.instruments.runs import Run, recorded_as
from lab.instruments.visit import Visit, visit
from mysite.topology import one_server

REPEATS = 7
RTTS_MS = (0, 10, 20, 40, 80)  # asked for; what a round trip really takes is measured
PATH = "/users/4"
# the two clients: a browser with what the page names, over one connection and over one each, and the phone
LOADS: dict[str, dict[str, Any]] = {
    "page, one connection": {},
    "page, a connection each": {"keep_alive": False},
    "phone, JSON": {"accept": "application/json"},
}


@recorded_as(LoadTimes)
def load_time(repeats: int = REPEATS) -> Run:
    """Load one page over round trips of some lengths, as a browser and as a phone, in turns.

    Each load has a new resolver and new connections; the page cache is off. Series, seconds: each load at each
    length as "phone, JSON at 40 ms", and the round trip itself, an echo in the same turn, as "round trip at 40 ms".
    The lengths are the ones that were asked for. `detail["rtts_s"]` has the median of what was measured in their
    order, `detail["loads"]` what was counted of each load: round trips, and bytes of HTTP sent and received. One turn
    without a delay is dropped.
    """
    names = [f"{what} at {ms} ms" for what in ("round trip", *LOADS) for ms in RTTS_MS]
    series: dict[str, list[float]] = {name: [] for name in names}
    with ExitStack() as running:
        site = running.enter_context(one_server(cache_seconds=0))
        far = {ms: running.enter_context(far_away(site, ms / 1000)) for ms in RTTS_MS}
        warm_up = loads(far[RTTS_MS[0]])
        turns = [(turn, ms) for turn in range(repeats) for ms in RTTS_MS]
        for _, ms in progress(turns, "loading from far away"):
            series[f"round trip at {ms} ms"].append(far[ms].measured_rtt_s())
            for name, done in loads(far[ms]).items():
                if (now := counted(done)) != (before := counted(warm_up[name])):
                    raise ValueError(f"{name} at {ms} ms is no repeat: {now}, before {before}.")
                series[f"{name} at {ms} ms"].append(done.seconds)
    return Run(
        name="02-load-time",
        what=f"{repeats} loads of {PATH}, each with a new resolver and new connections, page cache off",
        units=dict.fromkeys(series, "s"),
        series=series,
        detail={
            "rtts_ms": list(RTTS_MS),
            "rtts_s": [statistics.median(series[f"round trip at {ms} ms"]) for ms in RTTS_MS],
            "loads": [{"name": name} | counted(done) for name, done in warm_up.items()],
        },
    )


def loads(site: FarSite) -> dict[str, Visit]:
    """Return one load of each kind, one after the other. ValueError if a page is not answered 200."""
    done = {name: visit(site, path=PATH, **options) for name, options in LOADS.items()}
    for name, each in done.items():
        if each.status != 200:
            raise ValueError(f"{name}: {PATH} is answered with {each.status}, so nothing is measured.")
    return done


def counted(done: Visit) -> dict[str, int]:
    """Return what is the same in every load of one kind."""
    traffic = done.traffic
    return {
        "questions": done.questions,
        "connections": traffic.sockets_opened,
        "requests": 1 + len(done.resources),
        "round_trips": done.round_trips,
        "bytes_sent": traffic.bytes_sent,
        "bytes_received": traffic.bytes_received,
    }
