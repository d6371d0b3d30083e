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

FEWEST_POINTS = 6
NOISE = 0.05  # of a throughput: a fit that has a meaning may be by so much worse than the best one


@dataclass(frozen=True)
class Scalability:
    """The law's three parameters."""

    alone: float
    contention: float
    coherency: float

    def throughput(self, clients: float) -> float:
        """Return the throughput of so many clients, in the unit of `alone`. ValueError for fewer than 1."""
        if not (math.isfinite(clients) and clients >= 1):
            raise ValueError(f"The number of clients must be a finite number, 1 or more, not {clients}.")
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
    if len(set(clients)) < FEWEST_POINTS:
        raise ValueError(
            f"Three parameters need at least {FEWEST_POINTS} different numbers of clients, not {len(set(clients))}."
        )
    if min(clients) < 1 or min(throughputs) <= 0:
        raise ValueError("Each point needs at least 1 client and a throughput above 0.")
    many, done = numpy.array(clients, float), numpy.array(throughputs, float)
    # N / X is linear in 1/g, a/g and b/g; each point weighs by X / N, so that one per cent counts alike everywhere
    free = _least_squares(many, done, [numpy.ones_like(many), many - 1, many * (many - 1)])
    best = free if _has_meaning(*free[:3]) else min(_bounded(many, done), key=lambda each: each[3])
    inverse, contended, agreed, error = best
    if error > free[3] + NOISE:
        raise ValueError(
            "These points do not follow the law.\n"
            f"The best fit has a contention of {free[1] / free[0]:.2g} and a coherency of {free[2] / free[0]:.2g},\n"
            "which has no meaning (a share is between 0 and 1, a cost is not negative).\n"
            f"The best fit that has one lies {100 * error:.0f} % off."
        )
    return Scalability(1 / inverse, contended / inverse, agreed / inverse)


def _least_squares(many: Any, done: Any, terms: list[Any]) -> tuple[float, float, float, float]:
    """1/g, a/g, b/g of the best fit with these terms of N / X, and its error: root mean square, as a share."""
    weight = done / many
    matrix = numpy.column_stack(terms) * weight[:, None]
    solved, *_ = numpy.linalg.lstsq(matrix, numpy.ones_like(many), rcond=None)
    error = float(numpy.sqrt(numpy.mean((matrix @ solved - 1) ** 2)))
    inverse, contended, agreed = solved.tolist()
    return inverse, contended, agreed, error


def _bounded(many: Any, done: Any) -> list[tuple[float, float, float, float]]:
    """The best fits on the edges of what has a meaning: no contention or all of it, no coherency, or both."""
    one, more, pairs, nothing = numpy.ones_like(many), many - 1, many * (many - 1), numpy.zeros_like(many)
    edges = [(one, nothing, pairs), (one, more, nothing), (one, nothing, nothing)]
    fits = [_least_squares(many, done, list(edge)) for edge in edges]
    for edge in ((many, pairs), (many, nothing)):  # a = 1: N / X = (1/g) N + (b/g) N (N - 1)
        inverse, _, agreed, error = _least_squares(many, done, [edge[0], nothing, edge[1]])
        fits.append((inverse, inverse, agreed, error))
    return [fit for fit in fits if _has_meaning(*fit[:3])]


def _has_meaning(inverse: float, contended: float, agreed: float) -> bool:
    """Whether one client alone gets something done, contention is a share, and agreeing costs nothing or more."""
    return inverse > 0 and 0 <= contended <= inverse and agreed >= 0
