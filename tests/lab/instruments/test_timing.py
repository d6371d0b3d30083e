"""Times between marks, spreads, and measuring in turns."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.instruments import timing
from lab.instruments.timing import Spread, field, interleaved, rate_text, spread, time_text


def test_the_marks():
    assert (timing.MARK_OPEN, timing.MARK_CLOSE) == ("⟨", "⟩")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "⟨0 s⟩"),
        (1.2e-3, "⟨1.20 ms⟩"),
        (0.9994e-3, "⟨999 µs⟩"),
        (0.9996e-3, "⟨1.00 ms⟩"),
        (1e-6, "⟨1.00 µs⟩"),
        (45.678e-9, "⟨45.7 ns⟩"),
        (3e-11, "⟨0.0300 ns⟩"),
        (0.1, "⟨100 ms⟩"),
        (1, "⟨1.00 s⟩"),
        (59.96, "⟨60.0 s⟩"),
        (12345, "⟨12300 s⟩"),
    ],
)
def test_time_text(seconds, text):
    assert time_text(seconds) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0, "⟨0 /s⟩"), (830, "⟨830 /s⟩"), (12345, "⟨12300 /s⟩"), (0.5, "⟨0.500 /s⟩"), (99.96, "⟨100 /s⟩")],
)
def test_rate_text(rate, text):
    assert rate_text(rate) == text


@given(st.floats(min_value=1e-12, max_value=1e6))
def test_the_text_of_a_time_is_within_half_a_percent_of_it(seconds):
    number, unit = re.fullmatch(r"⟨([0-9.]+) (s|ms|µs|ns)⟩", time_text(seconds)).groups()
    assert float(number) * {"s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}[unit] == pytest.approx(seconds, rel=0.005)


def test_negative_times_and_rates_are_refused():
    with pytest.raises(ValueError, match=r"^A time is not negative: -1 s\.$"):
        time_text(-1)
    with pytest.raises(ValueError, match=r"^A rate is not negative: -1 /s\.$"):
        rate_text(-1)


def test_field():
    assert field("2 cores") == "⟨2 cores⟩"
    for bad in ("⟨", "a⟩", "two\nlines"):
        with pytest.raises(ValueError) as refused:
            field(bad)
        assert str(refused.value) == f"Between marks stands one field on one line, not {bad!r}."


def test_spread():
    assert spread([5.0, 1.0, 2.0, 4.0, 3.0]) == Spread(median=3.0, low=2.0, high=4.0, count=5)
    assert spread(iter([1.0, 2.0])) == Spread(1.5, 1.25, 1.75, 2)
    with pytest.raises(ValueError, match=r"^A spread needs two repeats or more, not 1\.$"):
        spread([1.0])


def test_spread_as_text():
    assert hash(Spread(1, 1, 1, 2))  # frozen
    assert str(Spread(0.003, 0.002, 0.004, 5)) == "⟨3.00 ms⟩, half of 5 between ⟨2.00 ms⟩ and ⟨4.00 ms⟩"


def interleaved_on_a_clock_of_our_own(**settings):
    """Work that takes 1, 2, 3, ... seconds of a clock that only the work moves."""
    now, calls = [100.0], []

    def arm(name):
        def work():
            calls.append(name)
            now[0] += len(calls)

        return work

    return interleaved({"a": arm("a"), "b": arm("b")}, clock=lambda: now[0], **settings), calls


def test_arms_are_timed_in_turns_and_the_warm_up_is_dropped():
    assert interleaved_on_a_clock_of_our_own(repeats=2) == ({"a": [3, 5], "b": [4, 6]}, list("ababab"))
    assert interleaved_on_a_clock_of_our_own(repeats=1, warm_up=0) == ({"a": [1], "b": [2]}, list("ab"))


def test_the_clock_is_real():
    assert interleaved({"a": lambda: None}, 3)["a"] == [pytest.approx(0, abs=1)] * 3
