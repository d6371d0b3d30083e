"""A measured load, replayed: what the exact queue and the formula say of what a server was measured to do."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from lab.chapters.when_full.queue_replay_model import Replay, replay
from lab.models import queue_formulas
from lab.models.percentiles import percentile


@dataclass(frozen=True)
class Replayed:
    """One load: what clients measured, and what the replay of the held service times says, in milliseconds.

    utilisation      the share of the servers' time that was really held, from the first arrival to the last departure
    formula_mean_ms  M/M/c at the load that was asked for, which knows neither this trace nor this machine
    formula_held_ms  M/M/c at that utilisation, and with the mean of the times that were held; infinite from 1 on
    """

    load: float
    utilisation: float
    mean_ms: float
    p99_ms: float
    replay_mean_ms: float
    replay_p99_ms: float
    formula_mean_ms: float
    formula_held_ms: float

    @property
    def error(self) -> float:
        """By which share of the measured mean the replay is off."""
        return abs(self.replay_mean_ms / self.mean_ms - 1)


def replayed(series: Mapping[str, Sequence[float]], detail: Mapping[str, Any]) -> list[Replayed]:
    """Each load of a run 03-waiting, replayed; a load at which the generator was the bottleneck is left out."""
    measured = zip(detail["points"], series["mean"], series["99th percentile"], strict=True)
    return [
        _replayed(point, mean_s * 1000, p99_s * 1000, detail["servers"], detail["mean_us"] / 1000)
        for point, mean_s, p99_s in measured
        if not point["was_bottleneck"]
    ]


def _replayed(point: Mapping[str, Any], mean_ms: float, p99_ms: float, servers: int, service_ms: float) -> Replayed:
    done, held = replay_of(point, servers), point["held_us"]
    utilisation = sum(held) / servers / (max(done.departures) - done.arrivals[0])
    held_ms = statistics.fmean(held) / 1000
    return Replayed(
        load=point["load"],
        utilisation=utilisation,
        mean_ms=mean_ms,
        p99_ms=p99_ms,
        replay_mean_ms=statistics.fmean(done.responses) / 1000,
        replay_p99_ms=percentile(done.responses, 99) / 1000,
        formula_mean_ms=queue_formulas.mmc_response(servers, point["load"], service_ms),
        formula_held_ms=queue_formulas.mmc_response(servers, utilisation, held_ms) if utilisation < 1 else math.inf,
    )


def replay_of(point: Mapping[str, Any], servers: int) -> Replay:
    """The replay of one recorded load: its arrivals, and the service times that were really held."""
    return replay(list(accumulate(point["gaps_us"])), point["held_us"], servers)
