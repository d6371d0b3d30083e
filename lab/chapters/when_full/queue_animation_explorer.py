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
def replayed(load: float) -> Replay:
    """The replay of one load; the same customers come, only closer together."""
    rate = load * SERVERS * 1000 / SERVICE_MS
    services = traces.service_times(SERVICE_MS * 1000, 1, CUSTOMERS, SEED + 1)
    return replay(traces.arrivals_at_random(rate, CUSTOMERS, SEED), services, SERVERS)


@cache
def served_by(load: float) -> list[int]:
    """Which server each customer has: the one that is free the longest, the first one where none has worked yet."""
    free, chosen = [float("-inf")] * SERVERS, []
    done = replayed(load)
    for begun, left in zip(done.starts, done.departures, strict=True):
        server = min(range(SERVERS), key=free.__getitem__)
        assert free[server] <= begun
        free[server] = left
        chosen.append(server)
    return chosen


def model(moment_ms: int, load: float) -> dict[str, Any]:
    """Who is where at a moment: at a server, in the queue by order of arrival, or just come or gone."""
    done, now = replayed(load), (FROM_MS + moment_ms) * 1000
    there = [each for each, came in enumerate(done.arrivals) if came <= now < done.departures[each]]
    waiting = [each for each in there if done.starts[each] > now]
    # who has left within the last step is drawn at the exit, so that one sees them go
    gone = [each for each, left in enumerate(done.departures) if now - STEP_MS * 1000 < left <= now]
    places = {each: SERVERS + place for place, each in enumerate(waiting)}
    served = {each: served_by(load)[each] for each in there if each not in places}
    left = dict.fromkeys(gone, PLACES["exit"])
    drawn = {**served, **places, **left}
    return {
        "customers": [[each, place] for each, place in sorted(drawn.items())],
        "inside": len(there),
        "waiting": len(waiting),
        "busy": len(served),
    }


def queue_animation() -> Explorer:
    """The explorer: a moment that can be played, and three loads."""
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
