"""The Universal Scalability Law: exact values, a fit that finds what was put in, and refusals that say why."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.when_full.scalability_model import Scalability, fit

CLIENTS = [1, 2, 4, 8, 16, 32, 64]


def test_worked_values():
    law = Scalability(alone=100, contention=0.1, coherency=0.01)
    assert law.throughput(1) == 100
    assert law.throughput(11) == pytest.approx(100 * 11 / (1 + 1 + 1.1))
    assert law.peak() == pytest.approx(math.sqrt(90))
    assert law.throughput(9.4868) > max(law.throughput(8), law.throughput(11))
    assert Scalability(100, 0.1, 0).peak() == math.inf
    assert Scalability(100, 0, 0).throughput(7) == 700


@given(st.floats(1, 1e5), st.floats(0, 0.9), st.floats(0, 0.1))
def test_the_fit_finds_what_was_put_in(alone, contention, coherency):
    original = Scalability(alone, contention, coherency)
    law = fit(CLIENTS, [original.throughput(count) for count in CLIENTS])
    assert law.alone == pytest.approx(alone, rel=1e-6)
    assert law.contention == pytest.approx(contention, abs=1e-6)
    assert law.coherency == pytest.approx(coherency, abs=1e-6)
    assert law.contention >= 0 and law.coherency >= 0


@pytest.mark.parametrize("clients, throughputs, message", [
    (CLIENTS[:5], [1, 2, 3, 4, 5], "at least 6 different numbers of clients, not 5"),
    ([1] * 9, [1] * 9, "not 1"),
    (CLIENTS, [1, 2, 3], "7 numbers of clients have 3 throughputs"),
    ([0, *CLIENTS], [1] * 8, "at least 1 client"),
    (CLIENTS, [1, 2, 3, 4, 5, 6, 0], "throughput above 0"),
    # the more, the more each gets done: no share of work that waits explains it
    (CLIENTS, [count**1.3 for count in CLIENTS], r"contention of -.*,\nwhich has no meaning"),
    # one alone is far faster than any number together
    (CLIENTS, [5000, 900, 800, 700, 500, 300, 100], "which has no meaning .a share"),
    (CLIENTS, [10, 10, 11, 14, 22, 44, 90], "has no meaning"),
])  # fmt: skip
def test_the_fit_refuses_and_says_why(clients, throughputs, message):
    with pytest.raises(ValueError, match=message):
        fit(clients, throughputs)


def test_the_refusal_in_whole():
    with pytest.raises(ValueError) as refusal:
        fit(CLIENTS[:6], [620, 1500, 3400, 7200, 15_000, 31_000])
    assert str(refusal.value) == (
        "These points do not follow the law.\n"
        "The best fit has a contention of -0.029 and a coherency of 0.00066,\n"
        "which has no meaning (a share is between 0 and 1, a cost is not negative).\n"
        "The best fit that has one lies 14 % off."
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_serial_system_with_noise_is_no_reason_to_refuse(seed):
    """One process that does one after the other: the best fit may have a contention a little above 1."""
    chance = random.Random(seed)
    law = fit(CLIENTS, [600 * chance.gauss(1, 0.02) for _ in CLIENTS])
    assert 0.8 < law.contention <= 1
    assert 0 <= law.coherency < 0.01
    assert law.throughput(8) == pytest.approx(600, rel=0.06)


def test_falling_a_little_is_no_reason_either():
    assert fit(CLIENTS, [605, 604, 603, 602, 601, 600, 599]).contention == 1


@pytest.mark.parametrize("clients", [0, 0.5, math.nan, math.inf])
def test_throughput_of_no_client(clients):
    with pytest.raises(ValueError, match="number of clients"):
        Scalability(1, 0, 0).throughput(clients)
