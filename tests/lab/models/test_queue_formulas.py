"""The formulas of waiting: exact fractions, identities, one printed table, and the replay they stand for."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.when_full.queue_replay_model import replay
from lab.models import queue_formulas as formulas
from lab.models.percentiles import percentile
from lab.models.traces import arrivals_at_random, service_times

loads = st.fractions(min_value=Fraction(1, 100), max_value=Fraction(99, 100))
variabilities = st.fractions(min_value=0, max_value=20)


def stationary(servers, places, load):
    """The shares of time with 0, 1, ... customers in M/M/c/K, from the balance of ups and downs between neighbours."""
    weights = [Fraction(1)]
    for count in range(1, servers + places + 1):
        weights.append(weights[-1] * load * servers / min(count, servers))
    return [weight / sum(weights) for weight in weights]


@pytest.mark.parametrize("servers", range(1, 51))
def test_erlang_c_is_exact_up_to_50_servers(servers):
    """With p(n) geometric beyond c, all above c together weigh p(c) / (1 - load)."""
    for load in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10), Fraction(99, 100)):
        offered = load * servers
        terms = [offered**count / math.factorial(count) for count in range(servers)]
        last = offered**servers / math.factorial(servers) / (1 - load)
        expected = last / (sum(terms) + last)
        assert formulas.erlang_c(servers, load) == expected
        assert formulas.erlang_c(servers, float(load)) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("servers, places", [(1, 0), (1, 5), (3, 0), (4, 8), (20, 3)])
@pytest.mark.parametrize("load", [Fraction(1, 3), Fraction(1), Fraction(7, 4)])
def test_turned_away_is_the_share_of_time_in_which_all_is_taken(servers, places, load):
    assert formulas.turned_away(servers, places, load) == stationary(servers, places, load)[-1]


@pytest.mark.parametrize("servers, offered, printed", [(8, 3.87, 0.05), (10, 4.08, 0.01)])
def test_the_printed_table(servers, offered, printed):
    """Its loads have two decimals: one more or less in the last gives more and less than the printed share."""
    below, above = (formulas.erlang_c(servers, (offered + off) / servers) for off in (-0.01, 0.01))
    assert below < printed < above


def test_worked_numbers():
    assert formulas.mm1_response(Fraction(9, 10), Fraction(1)) == 10
    assert formulas.erlang_c(2, Fraction(1, 2)) == Fraction(1, 3)
    assert formulas.mmc_response(2, Fraction(1, 2), Fraction(3)) == 4
    assert formulas.mg1_wait(Fraction(1, 2), Fraction(2), Fraction(0)) == 1
    assert formulas.kingman_wait(Fraction(3, 4), Fraction(1), Fraction(2), Fraction(4)) == 9
    assert [round(formulas.mmc_response(count, 0.9, 1), 2) for count in (1, 2, 4, 8)] == [10, 5.26, 2.97, 1.88]


@pytest.mark.parametrize("load", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("percent", [50, 99])
def test_percentiles_of_one_server_are_those_of_an_exponential(load, percent):
    expected = -math.log(1 - percent / 100) / (1 - load)
    assert formulas.mmc_response_percentile(1, load, 1, percent) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("servers, load", [(2, 0.5), (4, 0.75), (4, 0.7), (8, 0.8)])
def test_percentiles_of_several_servers_are_those_of_a_long_replay(servers, load):
    """Two of these are the case in which the queue moves as fast as one server serves."""
    customers = replay(
        arrivals_at_random(load * servers, 300_000, seed=1), service_times(1_000_000, 1, 300_000, seed=1), servers
    )
    for percent in (50, 90, 99):
        expected = formulas.mmc_response_percentile(servers, load, 1_000_000, percent)
        assert percentile(customers.responses, percent) == pytest.approx(expected, rel=0.04)


def test_stable_for_a_thousand_servers():
    shares = [formulas.erlang_c(1000, load / 1000) for load in range(0, 1000, 7)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.9 < formulas.erlang_c(1000, 0.999) < 1
    exact = formulas.erlang_c(1000, Fraction(99, 100))
    assert formulas.erlang_c(1000, 0.99) == pytest.approx(float(exact), rel=1e-9)


@given(loads, st.fractions(min_value=Fraction(1, 100), max_value=100))
def test_one_server_is_a_case_of_several(load, service):
    assert formulas.erlang_c(1, load) == load
    assert formulas.mmc_response(1, load, service) == formulas.mm1_response(load, service)


@given(loads, variabilities)
def test_where_the_approximations_are_exact(load, variability):
    wait = formulas.mg1_wait(load, Fraction(1), variability)
    assert formulas.kingman_wait(load, Fraction(1), Fraction(1), variability) == wait
    assert formulas.allen_cunneen_wait(1, load, Fraction(1), Fraction(1), variability) == wait
    several = formulas.allen_cunneen_wait(3, load, Fraction(1), Fraction(1), Fraction(1))
    assert several + 1 == formulas.mmc_response(3, load, Fraction(1))


@given(loads)
def test_equal_services_wait_half_as_long_as_exponential_ones(load):
    assert formulas.mg1_wait(load, Fraction(1), Fraction(0)) * 2 == formulas.mg1_wait(load, Fraction(1), Fraction(1))


@given(loads, st.integers(min_value=1, max_value=30))
def test_more_servers_wait_less(load, servers):
    assert formulas.mmc_response(servers + 1, load, Fraction(1)) < formulas.mmc_response(servers, load, Fraction(1))


@given(st.integers(min_value=1, max_value=20), st.integers(min_value=0, max_value=20), loads)
def test_more_places_turn_fewer_away(servers, places, load):
    assert formulas.turned_away(servers, places + 1, load) < formulas.turned_away(servers, places, load)
    assert formulas.turned_away(servers, 0, load) == formulas.erlang_b(servers, load * servers)


@pytest.mark.parametrize("servers, load, variability, within", [
    (1, 0.5, 1, 0.03), (1, 0.7, 0, 0.03), (1, 0.7, 4, 0.06), (4, 0.8, 1, 0.03), (4, 0.8, 4, 0.08), (8, 0.6, 0, 0.05),
])  # fmt: skip
def test_the_replay_of_a_long_trace_comes_near(servers, load, variability, within):
    """Seeded, so the same on every run: 400,000 customers."""
    count, service_us = 400_000, 10_000
    customers = replay(
        arrivals_at_random(load * servers / service_us * 1e6, count, seed=1),
        service_times(service_us, variability, count, seed=2),
        servers,
    )
    expected = service_us + formulas.allen_cunneen_wait(servers, load, service_us, 1, variability)
    assert sum(customers.responses) / count == pytest.approx(expected, rel=within)


@pytest.mark.parametrize("call, message", [
    (lambda: formulas.erlang_c(2, 1), "at 1 the queue grows without end"),
    (lambda: formulas.mm1_response(-0.1, 1), "at least 0 and below 1"),
    (lambda: formulas.kingman_wait(1, 1, 1, 1), "at 1 the queue grows without end"),
    (lambda: formulas.mg1_wait(1.2, 1, 1), "at least 0 and below 1"),
    (lambda: formulas.erlang_c(0, 0.5), "number of servers must be a whole number"),
    (lambda: formulas.erlang_b(1.5, 0.5), "number of servers must be a whole number"),
    (lambda: formulas.erlang_b(1, -1), "offered load must be a finite number"),
    (lambda: formulas.kingman_wait(0.5, 1, -1, 1), "variability of the arrivals must be a finite number"),
    (lambda: formulas.kingman_wait(0.5, 1, 1, math.inf), "variability of the service times must be a finite number"),
    (lambda: formulas.allen_cunneen_wait(2, 0.5, 1, 1, -1), "variability of the service times must be a finite number"),
    (lambda: formulas.mmc_response_percentile(2, 0.5, 1, 100), "above 0 and below 100"),
    (lambda: formulas.mmc_response_percentile(2, 1, 1, 99), "at 1 the queue grows"),
    (lambda: formulas.turned_away(2, -1, 0.5), "number of places must be a whole number"),
    (lambda: formulas.turned_away(2, 1.5, 0.5), "number of places must be a whole number"),
    (lambda: formulas.turned_away(2, 1, -0.5), "load must be a finite number"),
    (lambda: formulas.turned_away(0, 1, 0.5), "number of servers"),
])  # fmt: skip
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
