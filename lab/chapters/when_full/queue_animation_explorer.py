"""The queue itself: customers who come, wait, are served and leave, moment by moment, as an exact replay says."""

from functools import cache
from typing import Any

from lab.chapters.when_full.queue_replay_model import Replay, replay
from lab.chapters.when_full.queue_scene_view import PLACES, scene
from lab.models import traces
from lab.widgets.explorer import Control, Explorer, Output

SERVERS, SERVICE_MS = 4, 20
LOADS = (0.5, 0.8, 0.95)
STEP_MS, STEPS = 5, 150
FROM_MS = 2_000  # the queue begins empty: what is shown begins later
CUSTOMERS, SEED = 1_000, 13


@cache
def replay_at(load: float) -> Replay:
    """Replay one load; the same customers come at each, only closer together."""
    rate = load * SERVERS * 1000 / SERVICE_MS
    services = traces.service_times(SERVICE_MS * 1000, 1, CUSTOMERS, SEED + 1)
    return replay(traces.arrivals_at_random(rate, CUSTOMERS, SEED), services, SERVERS)


@cache
def servers_of(load: float) -> list[int]:
    """Return each customer's server: the one that is free the longest, the first one where none has worked yet."""
    free_at, servers = [float("-inf")] * SERVERS, []
    queue = replay_at(load)
    for start, departure in zip(queue.starts, queue.departures, strict=True):
        server = min(range(SERVERS), key=free_at.__getitem__)
        assert free_at[server] <= start
        free_at[server] = departure
        servers.append(server)
    return servers


def model(moment_ms: int, load: float) -> dict[str, Any]:
    """Return who is where at a moment: at a server, in the queue by order of arrival, or at the exit."""
    queue, now = replay_at(load), (FROM_MS + moment_ms) * 1000
    stays = enumerate(zip(queue.arrivals, queue.departures, strict=True))
    inside = [customer for customer, (arrival, departure) in stays if arrival <= now < departure]
    waiting = [customer for customer in inside if queue.starts[customer] > now]
    in_queue = {customer: SERVERS + place for place, customer in enumerate(waiting)}
    at_server = {customer: servers_of(load)[customer] for customer in inside if customer not in in_queue}
    # who has left within the last step is drawn at the exit, so that one sees them go
    at_exit = {
        customer: PLACES["exit"]
        for customer, departure in enumerate(queue.departures)
        if now - STEP_MS * 1000 < departure <= now
    }
    return {
        "customers": [[customer, place] for customer, place in sorted({**at_server, **in_queue, **at_exit}.items())],
        "inside": len(inside),
        "waiting": len(waiting),
        "busy": len(at_server),
    }


def queue_animation() -> Explorer:
    """Return the explorer: a moment that can be played, and three loads."""
    return Explorer(
        name="queue-animation",
        title="A queue before four servers",
        model=model,
        controls=[
            Control("moment_ms", "Moment", tuple(range(0, STEP_MS * STEPS, STEP_MS)), 0, unit="ms"),
            Control("load", "Load", LOADS, 0.8, words=("50 %", "80 %", "95 %")),
        ],
        outputs=[Output("inside", "inside"), Output("busy", "being served"), Output("waiting", "waiting")],
        drawings=scene("queue-animation", STEP_MS * (STEPS - 1)),
        note=(
            "An exact replay of seeded arrivals at random and exponential service times of 20 ms on average, thirty"
            " times slower than it happened. Every fifth customer is a ring, so that one can be followed. Below: how"
            " many are inside, and a dashed line at four. The same customers come at every load, only closer together."
        ),
        played="moment_ms",
    )
