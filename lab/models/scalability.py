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

import numpy

FEWEST_POINTS = 6


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

    It refuses fewer than six points, for three parameters go through any three; and parameters without a meaning.
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
    terms = numpy.column_stack([numpy.ones_like(many), many - 1, many * (many - 1)])
    # each point weighs by X / N, so that an error of one per cent counts alike everywhere
    weight = (done / many)[:, None]
    solved, *_ = numpy.linalg.lstsq(terms * weight, (many / done) * weight[:, 0], rcond=None)
    inverse, contended, agreed = solved.tolist()
    if inverse <= 0:
        raise ValueError("The fit gives one client alone no throughput: these points do not follow the law.")
    found = Scalability(1 / inverse, contended / inverse, agreed / inverse)
    for what, value, most in (("contention", found.contention, 1.0), ("coherency", found.coherency, math.inf)):
        if not -1e-9 <= value <= most:
            raise ValueError(
                f"The fit gives a {what} of {value:.3g}, which has no meaning"
                f" ({'a share is between 0 and 1' if most == 1 else 'a cost is not negative'}): these points do not"
                " follow the law."
            )
    return Scalability(found.alone, max(found.contention, 0.0), max(found.coherency, 0.0))
