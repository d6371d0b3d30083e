"""A measured load, replayed: what the exact queue and the formula say of what a server was measured to do."""

import math
import statistics
from dataclasses import dataclass

from lab.chapters.when_full.queue_replay_model import Replay
from lab.models import queue_formulas
from lab.models.limits import above, whole_number
from lab.models.percentiles import percentile


@dataclass(frozen=True)
class ReplayedLoad:
    """One load: what clients measured, and what the replay of the held service times says, in milliseconds.

    load             that was asked for, as a share of what the servers can do
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


def replayed_load(
    load: float, replay: Replay, servers: int, service_ms: float, mean_ms: float, p99_ms: float
) -> ReplayedLoad:
    """Set what clients measured, mean and 99th percentile, beside the replay of the same requests and the formula.

    `service_ms` is the mean service time that the formula is told. ValueError where nothing was replayed, or no time
    went by, and for times that are not above 0.
    """
    above("measured mean (milliseconds)", mean_ms)
    above("measured 99th percentile (milliseconds)", p99_ms)
    whole_number("number of replayed requests", len(replay.arrivals))
    whole_number("number of servers", servers)
    above("time from the first arrival to the last departure", max(replay.departures) - replay.arrivals[0])
    services_us = replay.services
    utilisation = sum(services_us) / servers / (max(replay.departures) - replay.arrivals[0])
    held_ms = statistics.fmean(services_us) / 1000
    return ReplayedLoad(
        load=load,
        utilisation=utilisation,
        mean_ms=mean_ms,
        p99_ms=p99_ms,
        replay_mean_ms=statistics.fmean(replay.responses) / 1000,
        replay_p99_ms=percentile(replay.responses, 99) / 1000,
        formula_mean_ms=queue_formulas.mmc_response(servers, load, service_ms),
        formula_held_ms=queue_formulas.mmc_response(servers, utilisation, held_ms) if utilisation < 1 else math.inf,
    )
