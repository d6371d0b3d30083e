"""Tiers of boxes, and users who ask again and again: how much is answered, and how long it takes.

A request needs `demand_s` seconds of work in each tier. A tier has one or more boxes, each with a queue of its own, and
a request goes to one of them at random. While a user thinks, nothing is asked of any box.

Mean value analysis (Reiser and Lavenberg, Mean-Value Analysis of Closed Multichain Queueing Networks, Journal of the
ACM 27, 1980) is exact where the work is exponential and served in order of arrival, or shared evenly by all who are
there.
It is derived here from what an arriving request sees, and held in the tests against the balance of every state.
"""

from collections.abc import Sequence
from dataclasses import dataclass

ROUNDING = 1 + 1e-9  # 140 a second of 10 ms are 1.4 boxes, whatever 0.01 is in binary


@dataclass(frozen=True)
class Tier:
    """What a request needs of a tier in seconds, all visits together, and how many equal boxes share it."""

    demand_s: float
    boxes: int = 1

    def __post_init__(self) -> None:
        """ValueError for a demand that is not above 0, and for less than one box."""
        if not self.demand_s > 0:
            raise ValueError(f"A demand is a time above 0 s, not {self.demand_s}.")
        if not isinstance(self.boxes, int) or self.boxes < 1:
            raise ValueError(f"A tier has a whole number of boxes, 1 or more, not {self.boxes}.")


@dataclass(frozen=True)
class Steady:
    """The long run: answers a second, seconds that an answer takes, and by tier how much of that and how busy it is.

    residence_s  seconds that a request spends in each tier, waiting or served
    utilisation  share of the time that a box of each tier is busy
    """

    throughput: float
    response_s: float
    residence_s: tuple[float, ...]
    utilisation: tuple[float, ...]


def placed(web_boxes: int, data_boxes: int, web_s: float, data_s: float) -> list[Tier]:
    """The tiers of a site, with what a request needs of each in seconds; no web box means that one box does both."""
    return [Tier(web_s, web_boxes), Tier(data_s, data_boxes)] if web_boxes else [Tier(web_s + data_s)]


def steady(tiers: Sequence[Tier], users: int, think_s: float = 0) -> Steady:
    """Mean value analysis: add one user after the other.

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
        inside = [throughput * each for each in residence]
    busy = (throughput * tier.demand_s / tier.boxes for tier in tiers)
    return Steady(throughput, sum(residence), tuple(residence), tuple(busy))


def most_throughput(tiers: Sequence[Tier], users: int, think_s: float = 0) -> float:
    """Return the answers a second that no arrangement of the work can exceed.

    As long as nobody waits, N users get N answers in the time that one takes; and no tier gives more than its boxes do.
    """
    _check(tiers, users, think_s)
    return bound(users, think_s + sum(tier.demand_s for tier in tiers), capacity(tiers))


def bound(users: float, alone_s: float, most: float) -> float:
    """Return the answers a second that so many users cannot exceed, who ask again as soon as they are answered.

    One who is alone gets an answer every `alone_s` seconds, and all together get no more than `most` a second.
    """
    return min(users / alone_s, most)


def bend(alone_s: float, most: float) -> float:
    """Return the number of users at which the two bounds meet.

    By Little's law it is how many are at work while `most` a second are answered, if nobody waits.
    """
    return alone_s * most


def capacity(tiers: Sequence[Tier]) -> float:
    """Return the answers a second of the bottleneck: of the tier that has the most work for each of its boxes."""
    return 1 / max(tier.demand_s / tier.boxes for tier in tiers)


def knee(tiers: Sequence[Tier], think_s: float = 0) -> float:
    """Return the number of users beyond which some have to wait, however the work is arranged."""
    return bend(think_s + sum(tier.demand_s for tier in tiers), capacity(tiers))


def gain_of_splitting(web_s: float, data_s: float) -> float:
    """Return how many times as much two equal boxes answer, one for each tier, as one box that does both."""
    return capacity([Tier(web_s), Tier(data_s)]) / capacity([Tier(web_s + data_s)])


def boxes_needed(rate: float, demand_s: float, most_busy: float) -> int:
    """Return the fewest boxes that give `rate` answers a second without any being busier than that share."""
    if not (rate > 0 and 0 < most_busy <= 1):
        raise ValueError(f"A rate is above 0 and a share of the time in (0, 1], not {rate} and {most_busy}.")
    boxes = 1
    while rate * demand_s > boxes * most_busy * ROUNDING:
        boxes += 1
    return boxes


def _check(tiers: Sequence[Tier], users: int, think_s: float) -> None:
    if not tiers:
        raise ValueError("There is no tier, so nothing is asked of anybody.")
    if not isinstance(users, int) or users < 1:
        raise ValueError(f"The number of users is a whole number, 1 or more, not {users}.")
    if not think_s >= 0:
        raise ValueError(f"Users think for 0 s or more, not {think_s}.")
