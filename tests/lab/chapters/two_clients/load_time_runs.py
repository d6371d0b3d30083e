"""Runs of load times that were made up, for tests: they lie on the formula, or a known way beside it."""

from collections.abc import Mapping

from lab.chapters.two_clients.load_times import (
    CONNECTION_EACH,
    ONE_CONNECTION,
    PHONE,
    ROUND_TRIP,
    RTTS_MS,
    LoadCounts,
    LoadTimes,
    series_name,
)
from lab.instruments.runs import Run
from tests.lab.instruments.test_runs import CARD

MEASURED_RTTS_MS = (0.5, 10.5, 21, 41, 82)  # at the lengths RTTS_MS
# of each kind of load its round trips, and the load time in ms that no round trip explains
LOADS = {ONE_CONNECTION: (6, 18), CONNECTION_EACH: (9, 24), PHONE: (3, 7)}


def run_beside_formula(
    off_ms: float = 0, repeats: int = 3, loads: Mapping[str, tuple[int, float]] = LOADS
) -> Run[LoadTimes]:
    """Return a run whose medians lie `off_ms` above the formula, and on it at the shortest round trip.

    Each is the median of `repeats` loads, an odd number, and not their mean.
    """
    series = {}
    for load, (round_trips, work_ms) in {ROUND_TRIP: (1, 0.0), **loads}.items():
        for rtt_ms, measured_ms in zip(RTTS_MS, MEASURED_RTTS_MS, strict=True):
            off = off_ms if rtt_ms and load != ROUND_TRIP else 0
            median_s = (round_trips * measured_ms + work_ms + off) / 1000
            aside = repeats // 2
            series[series_name(load, rtt_ms)] = [median_s + 0.2] * aside + [median_s] + [median_s - 0.0001] * aside
    return Run(
        what="load times, made up in a test",
        units=dict.fromkeys(series, "s"),
        series=series,
        payload=LoadTimes(
            rtts_ms=RTTS_MS,
            rtts_s=tuple(rtt_ms / 1000 for rtt_ms in MEASURED_RTTS_MS),
            loads=tuple(LoadCounts(load, 1, 1, 1, round_trips, 1, 1) for load, (round_trips, _) in loads.items()),
        ),
        machine=CARD,
    )
