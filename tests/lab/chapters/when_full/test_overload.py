"""An overload, measured in small and replayed: counts alone. No time is asserted."""

from dataclasses import replace

from lab.chapters.when_full import overload
from lab.chapters.when_full.impatience_model import Outcome
from lab.chapters.when_full.overload import BOUNDED, PATIENT, UNBOUNDED, Overload, goodput, outcome
from lab.instruments.runs import load
from lab.models.traces import arrivals_at_random


def test_an_overload_counts_and_replays():
    run = overload.overload((1.5,), seconds=0.4)
    assert run.units == dict.fromkeys((UNBOUNDED, BOUNDED, PATIENT), "/s")
    customers = round(1.5 * 200 * 0.4)
    for kind in (UNBOUNDED, BOUNDED):
        assert len(run.payload.traces[kind]) == 2 * customers
        replayed = outcome(run, kind)
        assert replayed.customers == customers
        assert replayed.attempts == replayed.refused + replayed.in_time + replayed.wasted
        assert 0 < run.series[kind][0] <= customers / 0.4
    assert outcome(run, UNBOUNDED).refused == 0
    assert list(run.payload.median_s) == list(run.series)


def test_the_recorded_run_is_of_what_would_be_measured_today():
    recorded = load(Overload).payload
    assert (recorded.loads, recorded.places, recorded.seconds) == (overload.LOADS, overload.PLACES, overload.SECONDS)


def test_the_outcome_is_that_of_the_recorded_trace():
    recorded = load(Overload)
    bounded, unbounded = outcome(recorded, BOUNDED), outcome(recorded, UNBOUNDED)
    count = round(1.5 * 200 * recorded.payload.seconds)
    assert bounded.customers == unbounded.customers == count
    assert unbounded.in_time < count / 4 < count / 2 < bounded.in_time
    # where everybody needs a millisecond, all are answered at once
    traces = {**recorded.payload.traces, BOUNDED: (1000,) * 2 * count}
    quick = replace(recorded, payload=replace(recorded.payload, traces=traces))
    last_us = arrivals_at_random(1.5 * recorded.payload.capacity, count, recorded.payload.seed)[-1] + 1000
    assert outcome(quick, BOUNDED) == Outcome(count, count, 0, count, 0, last_us)


def test_goodput_leaves_out_where_the_generator_was_the_bottleneck():
    recorded = load(Overload)
    points = goodput(recorded, UNBOUNDED)
    assert points == list(zip(recorded.payload.loads, recorded.series[UNBOUNDED], strict=True))
    spoilt = replace(recorded, payload=replace(recorded.payload, bottlenecks=(f"{UNBOUNDED} at 1.5",)))
    assert goodput(spoilt, UNBOUNDED) == [(load, rate) for load, rate in points if load != 1.5]
    assert goodput(spoilt, BOUNDED) == goodput(recorded, BOUNDED)
