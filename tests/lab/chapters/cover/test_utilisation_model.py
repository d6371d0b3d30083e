"""The utilisation law: exact values and laws."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.cover.utilisation_model import users_that_fill, utilisation

positive = st.fractions(min_value=Fraction(1, 1000), max_value=1000)


def test_exact_values():
    assert utilisation(100, Fraction(1, 10), Fraction(2, 100)) == Fraction(1, 5)
    assert utilisation(100, Fraction(1, 10), Fraction(2, 100), cores=2) == Fraction(1, 10)
    assert utilisation(0, 1, Fraction(1)) == 0
    assert utilisation(2000, 0.25, 0.004) == 2.0
    assert users_that_fill(Fraction(1, 10), Fraction(2, 100)) == 500
    assert users_that_fill(Fraction(1, 10), Fraction(2, 100), cores=2) == 1000


@given(positive, positive, positive, positive)
def test_the_law(users, rate, seconds, cores):
    assert utilisation(users, rate, seconds, cores) == users * rate * seconds / cores
    assert utilisation(users_that_fill(rate, seconds, cores), rate, seconds, cores) == 1


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_what_must_be_positive(bad):
    requirement = f"must be a finite number above 0, not {bad}\\.$"
    with pytest.raises(ValueError, match=f"The requests a second of one user {requirement}"):
        users_that_fill(bad, 1)
    with pytest.raises(ValueError, match=f"The CPU seconds of one request {requirement}"):
        users_that_fill(1, bad)
    with pytest.raises(ValueError, match=f"The number of cores {requirement}"):
        users_that_fill(1, 1, bad)
    with pytest.raises(ValueError, match=f"The requests a second of one user {requirement}"):
        utilisation(1, bad, 1)


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf")])
def test_users_must_not_be_negative(bad):
    with pytest.raises(ValueError, match=f"The number of users must be a finite number, 0 or more, not {bad}\\.$"):
        utilisation(bad, 1, 1)
