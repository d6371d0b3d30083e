"""A closed loop, measured in small. No time is asserted."""

from dataclasses import replace

from lab.chapters.measuring.closed_loop import (
    ANSWERED,
    MEAN_RESPONSE,
    USERS,
    ClosedLoop,
    closed_loop,
    mean_responses_ms,
)
from lab.instruments.runs import Run, load


def test_with_n_users_never_more_than_n_are_inside():
    run = closed_loop((1, 3), seconds=0.5)
    users, most_inside = run.payload.users, run.payload.most_inside
    assert users == (1, 3)
    assert all(0 <= most <= count for count, most in zip(users, most_inside, strict=True))
    assert max(most_inside) >= 1
    assert {name: len(values) for name, values in run.series.items()} == {ANSWERED: 2, MEAN_RESPONSE: 2}


def test_the_recorded_run_is_of_what_would_be_measured_today():
    assert load(ClosedLoop).payload.users == USERS


def test_what_the_generator_spoilt_is_left_out():
    run = Run(
        "by hand", {ANSWERED: "/s", MEAN_RESPONSE: "s"}, {ANSWERED: [49.0, 99.0], MEAN_RESPONSE: [0.02, 0.5]},
        ClosedLoop(users=(1, 2), servers=4, mean_s=0.02, most_inside=(1, 2), bottlenecks=()),
    )  # fmt: skip
    assert mean_responses_ms(run) == [(1, 20.0), (2, 500.0)]
    assert mean_responses_ms(replace(run, payload=replace(run.payload, bottlenecks=(1,)))) == [(2, 500.0)]
