"""What a load time is made of: round trips, bytes and work, over a recorded run."""

from typing import Any

from lab.chapters.two_clients.load_time_view import explorer_drawings, loads_of
from lab.chapters.two_clients.load_times import ONE_CONNECTION, LoadTimes
from lab.instruments.runs import Run
from lab.models.load_time import initial_window_bytes, load_time
from lab.widgets.explorer import Control, Explorer, Output

ROUND_TRIPS = tuple(range(1, 13))
SIZES_KB = (1, 3, 10, 13, 30, 100)
# from the next room to another continent, close enough for a smooth curve
RTTS_MS = (1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150)
BYTES_PER_S = 1_250_000  # assumed: 10 Mbit/s
MOST = 2 / 3  # of the load time: then one part dominates

BASIS = ONE_CONNECTION  # the recorded load whose work is taken for all
DOMINATES = (
    "No part is two thirds of it: fewer round trips, fewer bytes and less work all help.",
    "Most of it is waiting for round trips. More bandwidth would change little; fewer round trips would, or a site"
    " that is nearer.",
    "Most of it is bytes on their way. A nearer site would change little; fewer bytes would, or more bandwidth.",
    "Most of it is work: what the two machines compute. Neither a nearer site nor more bandwidth would change much.",
)
TOO_LOW = " Sent as one answer, they are more than a first window: slow start adds round trips that are not in here."
SENTENCES = tuple(sentence + more for sentence in DOMINATES for more in ("", TOO_LOW))


def model(round_trips: int, size_kb: int, rtt_ms: int, work_s: float) -> dict[str, Any]:
    """Return the outputs at one setting: times in milliseconds, `flat` being what no distance changes."""
    parts = load_time(round_trips, rtt_ms / 1000, size_kb * 1000, BYTES_PER_S, work_s)
    shares = [float(part / parts.seconds) for part in (parts.waiting_s, parts.bytes_s, parts.work_s)]
    largest = max(shares)
    dominates = 1 + shares.index(largest) if largest >= MOST else 0
    return {
        "load": float(parts.seconds * 1000),
        "waiting": float(parts.waiting_s * 1000),
        "bytes": float(parts.bytes_s * 1000),
        "work": float(parts.work_s * 1000),
        "share": shares[0],
        "flat": float((parts.bytes_s + parts.work_s) * 1000),
        "sentence": 2 * dominates + (size_kb * 1000 > initial_window_bytes()),
    }


def load_time_explorer(recorded: Run[LoadTimes]) -> Explorer:
    """Return the explorer over the recorded run: its points, and its work at the nearest distance."""
    loads = loads_of(recorded)
    round_trip_counts = [str(load.round_trips) for load in loads]
    work_s = next(load.work_ms for load in loads if load.name == BASIS) / 1000
    return Explorer(
        name="load-time",
        title="What a load time is made of",
        model=lambda round_trips, size_kb, rtt_ms: model(round_trips, size_kb, rtt_ms, work_s),
        controls=[
            Control("rtt_ms", "Round-trip time", RTTS_MS, 40, unit="ms"),
            Control("round_trips", "Round trips", ROUND_TRIPS, 6),
            Control("size_kb", "Bytes", SIZES_KB, 13, unit="kB"),
        ],
        outputs=[
            Output("load", "load time", "ms"),
            Output("waiting", "waiting for round trips", "ms"),
            Output("bytes", "bytes on their way", "ms"),
            Output("work", "work", "ms"),
            Output("share", "share of the round trips", percent=True),
        ],
        drawings=explorer_drawings(
            "load-time", over="rtt_ms", load="load", flat="flat",
            recorded=[point for load in loads for point in load.points],
        ),
        sentences=SENTENCES,
        note=(
            "Steep line: load time. Flat line: bytes and work, which no distance changes. Hollow points: the recorded"
            f" run, for {', '.join(round_trip_counts[:-1])} and {round_trip_counts[-1]} round trips; its bytes took no"
            " time, and each load had its own work, so a line passes near them and not through them. Assumed: 10"
            f" Mbit/s. Work: as recorded for “{BASIS}” at the nearest distance."
        ),
    )
