"""Whatever a reader may give to a checker: values of every kind, and some with which nothing can be done."""

import numpy
from hypothesis import strategies as st


class Unwilling:
    """Nothing can be asked of it."""

    def __repr__(self):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None

    def __float__(self):
        raise RuntimeError("no")


class UnwillingNumber(int):
    def __float__(self):
        raise RuntimeError("no")


class UnwillingError(Exception):
    def __str__(self):
        raise RuntimeError("no")


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.binary(),
    st.decimals(),
    st.fractions(),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
    st.just(...),
    st.just(10**400),
    st.just(10**5000),
    st.builds(Unwilling),
    st.builds(UnwillingNumber),
    st.just(numpy.float32(1)),
    st.just(numpy.arange(3)),
    st.just(print),
    st.just(Unwilling),
    st.just(len),
    st.functions(like=lambda *a: ..., returns=st.integers()),
    st.functions(like=lambda *a: ..., returns=st.one_of(st.binary(), st.text(), st.none(), st.just(...), st.floats())),
)
