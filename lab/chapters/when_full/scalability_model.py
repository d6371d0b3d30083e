"""The Universal Scalability Law: throughput against the number of clients that work at once, and its fit.

    X(N) = g N / (1 + a (N - 1) + b N (N - 1))

`g` is what one alone gets done, `a` the share that must be done one after the other (contention), `b` what each pair
costs that must agree (coherency). With b above 0 throughput falls again beyond N* = sqrt((1 - a) / b).

It is a curve that is fitted, not derived from what a system does: it says nothing beyond the range that was measured.
Source: N. J. Gunther, "A General Theory of Computational Scalability Based on Rational Functions", arXiv:0808.1431
(2008). Seen 2026-11-29: the abstract, which gives the form, a rational function with a linear polynomial over a
quadratic one. The fit is least squares on N / X, which is linear in 1/g, a/g and b/g.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from lab.models.limits import above, at_least, finite_numbers

FEWEST_POINTS = 6
NOISE = 0.05  # of a throughput: a fit that has a meaning may be by so much worse than the best one


@dataclass(frozen=True)
class Scalability:
    """The law's three parameters: a throughput above 0, a share from 0 to 1, a cost of 0 or more."""

    alone: float
    contention: float
    coherency: float

    def __post_init__(self) -> None:
        """Raise ValueError for parameters that have no meaning."""
        above("throughput of one client alone", self.alone)
        at_least("contention", self.contention)
        at_least("coherency", self.coherency)
        if self.contention > 1:
            raise ValueError(f"The contention is a share, 1 at most, not {self.contention}.")

    def throughput(self, clients: float) -> float:
        """Return the throughput of so many clients, in the unit of `alone`. ValueError for fewer than 1."""
        at_least("number of clients", clients, least=1)
        slowed = 1 + self.contention * (clients - 1) + self.coherency * clients * (clients - 1)
        return self.alone * clients / slowed

    def peak(self) -> float:
        """Return the number of clients beyond which throughput falls, infinite where it never does."""
        return math.sqrt((1 - self.contention) / self.coherency) if self.coherency else math.inf


def fit(clients: Sequence[int], throughputs: Sequence[float]) -> Scalability:
    """Fit the law to measured throughputs. ValueError, saying why, for points that no such system can have given.

    It refuses fewer than six points, for three parameters go through any three. Where the best parameters have no
    meaning, the best that have one are taken, unless they fit clearly worse: then it refuses.
    """
    if len(clients) != len(throughputs):
        raise ValueError(f"{len(clients)} numbers of clients have {len(throughputs)} throughputs: give one for each.")
    finite_numbers("numbers of clients", clients)
    finite_numbers("throughputs", throughputs)
    if len(set(clients)) < FEWEST_POINTS:
        raise ValueError(
            f"Three parameters need at least {FEWEST_POINTS} different numbers of clients, not {len(set(clients))}."
        )
    if min(clients) < 1 or min(throughputs) <= 0:
        raise ValueError("Each point needs at least 1 client and a throughput above 0.")
    numbers, rates = numpy.array(clients, float), numpy.array(throughputs, float)
    # N / X is linear in 1/g, a/g and b/g; each point weighs by X / N, so that one per cent counts alike everywhere
    free = _least_squares(numbers, rates, [numpy.ones_like(numbers), numbers - 1, numbers * (numbers - 1)])
    best = free if free.has_meaning() else min(_on_the_edges(numbers, rates), key=lambda terms: terms.error)
    if best.error > free.error + NOISE:
        raise ValueError(
            "These points do not follow the law.\n"
            f"The best fit has a contention of {free.contention / free.inverse:.2g} and a coherency of"
            f" {free.coherency / free.inverse:.2g},\n"
            "which has no meaning (a share is between 0 and 1, a cost is not negative).\n"
            f"The best fit that has one lies {100 * best.error:.0f} % off."
        )
    return Scalability(1 / best.inverse, best.contention / best.inverse, best.coherency / best.inverse)


@dataclass(frozen=True)
class _Terms:
    """The terms of N / X in a fit, and its error.

    inverse, contention, coherency  are 1/g, a/g and b/g
    error                           root mean square, as a share of the throughput
    """

    inverse: float
    contention: float
    coherency: float
    error: float

    def has_meaning(self) -> bool:
        """Whether one client alone gets something done, contention is a share, and agreeing costs nothing or more."""
        return self.inverse > 0 and 0 <= self.contention <= self.inverse and self.coherency >= 0


def _least_squares(numbers: Any, rates: Any, columns: list[Any]) -> _Terms:
    """Fit N / X with these columns, arrays with a value for each point, as 1/g, a/g and b/g."""
    weight = rates / numbers
    matrix = numpy.column_stack(columns) * weight[:, None]
    solution, *_ = numpy.linalg.lstsq(matrix, numpy.ones_like(numbers), rcond=None)
    error = float(numpy.sqrt(numpy.mean((matrix @ solution - 1) ** 2)))
    inverse, contention, coherency = solution.tolist()
    return _Terms(inverse, contention, coherency, error)


def _on_the_edges(numbers: Any, rates: Any) -> list[_Terms]:
    """Return the best fits on the edges of what has a meaning: no contention or all of it, no coherency, or both."""
    one, more, pairs = numpy.ones_like(numbers), numbers - 1, numbers * (numbers - 1)
    nothing = numpy.zeros_like(numbers)
    edges = [(one, nothing, pairs), (one, more, nothing), (one, nothing, nothing)]
    fits = [_least_squares(numbers, rates, list(edge)) for edge in edges]
    for last in (pairs, nothing):  # a = 1: N / X = (1/g) N + (b/g) N (N - 1)
        full = _least_squares(numbers, rates, [numbers, nothing, last])
        fits.append(_Terms(full.inverse, full.inverse, full.coherency, full.error))
    return [fit for fit in fits if fit.has_meaning()]
