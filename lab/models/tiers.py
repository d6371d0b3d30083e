"""Tiers of boxes, and users who ask again and again: how much is answered, and how long it takes.

A request needs `demand_s` seconds of work in each tier. A tier has one or more boxes, each with a queue of its own, and
a request goes to one of them at random. A user who thinks gives no box any work.

Mean value analysis (Reiser and Lavenberg, Mean-Value Analysis of Closed Multichain Queueing Networks, Journal of the
ACM 27, 1980) is exact where the work is exponential and served in order of arrival, or shared evenly by all who are
there.
The analysis is derived here from what an arriving request sees, and the tests compare it with the balance of every
state.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lab.models.limits import above, at_least, whole_number

ROUNDING = 1 + 1e-9  # 140 a second of 10 ms are 1.4 boxes, whatever 0.01 is in binary


@dataclass(frozen=True)
class Tier:
    """One tier of a site.

    demand_s  seconds of work that a request needs of it, all visits together
    boxes     how many equal boxes share that work
    """

    demand_s: float
    boxes: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError for a demand that is not above 0, and for less than one box."""
        above("demand of a tier (seconds)", self.demand_s)
        whole_number("number of boxes of a tier", self.boxes)


@dataclass(frozen=True)
class SteadyState:
    """What the tiers do in the long run; residence and utilisation have a value for each tier.

    throughput   answers a second
    response_s   seconds that an answer takes
    residence_s  seconds that a request spends in the tier, waiting or served
    utilisation  share of the time that a box of the tier is busy, 0 to 1
    """

    throughput: float
    response_s: float
    residence_s: tuple[float, ...]
    utilisation: tuple[float, ...]


def site_tiers(web_boxes: int, data_boxes: int, web_s: float, data_s: float) -> list[Tier]:
    """Return the tiers of a site whose requests need so many seconds of each; without a web box one box does both."""
    whole_number("number of web boxes", web_boxes, least=0)
    whole_number("number of data boxes", data_boxes, least=0)
    above("work in the web tier (seconds)", web_s)
    above("work in the data tier (seconds)", data_s)
    return [Tier(web_s, web_boxes), Tier(data_s, data_boxes)] if web_boxes else [Tier(web_s + data_s)]


def steady_state(tiers: Sequence[Tier], users: int, think_s: float = 0) -> SteadyState:
    """Return what mean value analysis says of so many users: it adds one after the other.

    A request that arrives sees what the others see who are there without it. So it waits in each tier for those whom
    one fewer users would have there, shared by the boxes, and Little's law gives the rest. ValueError for no tier, less
    than one user, and a negative time.
    """
    _check(tiers, users, think_s)
    inside = [0 * tier.demand_s for tier in tiers]
    for count in range(1, users + 1):
        residence = [
            tier.demand_s * (1 + there / tier.boxes) for tier, there in zip(tiers, inside, strict=True)
        ]
        throughput = count / (think_s + sum(residence))
        inside = [throughput * residence_s for residence_s in residence]
    utilisation = (throughput * tier.demand_s / tier.boxes for tier in tiers)
    return SteadyState(throughput, sum(residence), tuple(residence), tuple(utilisation))


def most_throughput(tiers: Sequence[Tier], users: int, think_s: float = 0) -> float:
    """Return the answers a second that no arrangement of the work can exceed. ValueErrors as of `steady_state`.

    As long as nobody waits, N users get N answers in the time that one takes; and no tier gives more than its boxes do.
    """
    _check(tiers, users, think_s)
    return bound(users, think_s + sum(tier.demand_s for tier in tiers), capacity(tiers))


def bound(users: float, alone_s: float, most: float) -> float:
    """Return the answers a second that so many users cannot exceed, who ask again as soon as they are answered.

    One who is alone gets an answer every `alone_s` seconds, and all together get no more than `most` a second.
    """
    at_least("number of users", users)
    above("time of an answer to who is alone (seconds)", alone_s)
    above("most answers a second", most)
    return min(users / alone_s, most)


def bound_corners(most_users: int, alone_s: float, most: float) -> list[tuple[float, float]]:
    """Return users and `bound` where that is drawn: for one user, at the bend if it lies between, for the most users.

    Between these points the bound is straight.
    """
    at_least("largest number of users", most_users, least=1)
    corner = {users for users in (bend(alone_s, most),) if 1 < users < most_users}
    return [(users, bound(users, alone_s, most)) for users in sorted({1, most_users} | corner)]


def bend(alone_s: float, most: float) -> float:
    """Return the number of users at which the two bounds meet.

    By Little's law it is how many are at work while `most` a second are answered, if nobody waits.
    """
    above("time of an answer to who is alone (seconds)", alone_s)
    above("most answers a second", most)
    return alone_s * most


def capacity(tiers: Sequence[Tier]) -> float:
    """Return the answers a second of the bottleneck: of the tier that has the most work for each of its boxes."""
    _require_tiers(tiers)
    return 1 / max(tier.demand_s / tier.boxes for tier in tiers)


def knee(tiers: Sequence[Tier], think_s: float = 0) -> float:
    """Return the number of users beyond which some have to wait, however the work is arranged."""
    _require_tiers(tiers)
    at_least("time for which users think (seconds)", think_s)
    return bend(think_s + sum(tier.demand_s for tier in tiers), capacity(tiers))


def gain_of_splitting(web_s: float, data_s: float) -> float:
    """Return how many times as much two equal boxes answer, one for each tier, as one box that does both."""
    return capacity([Tier(web_s), Tier(data_s)]) / capacity([Tier(web_s + data_s)])


def boxes_needed(rate: float, demand_s: float, most_busy: float) -> int:
    """Return the fewest boxes that give `rate` answers a second, none of them busier than `most_busy`, a share.

    ValueError for a rate that is not above 0, a negative demand, and a share that is not in (0, 1].
    """
    above("rate (answers a second)", rate)
    at_least("demand (seconds)", demand_s)
    above("largest share of the time in which a box is busy", most_busy)
    if most_busy > 1:
        raise ValueError(f"A box is busy for all of the time at the most, a share of 1, not {most_busy}.")
    return max(1, math.ceil(rate * demand_s / (most_busy * ROUNDING)))


def _check(tiers: Sequence[Tier], users: int, think_s: float) -> None:
    _require_tiers(tiers)
    whole_number("number of users", users)
    at_least("time for which users think (seconds)", think_s)


def _require_tiers(tiers: Sequence[Tier]) -> None:
    if not tiers:
        raise ValueError("There is no tier, so nothing is asked of anybody.")
