"""What a time to live saves and what it costs: hit ratio, questions to the name server, requests gone astray."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lab.chapters.one_request import hit_ratio_model
from lab.chapters.one_request.hit_ratio_view import explorer_drawings
from lab.widgets.explorer import Control, Explorer, Output

# From a second to a day, close enough for a smooth curve; the round ones are those that operators write
TTLS_S = (
    *(1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 210, 240, 300, 360, 420),
    *(450, 480, 600, 720, 900, 1200, 1500, 1800, 2100, 2400, 2700, 3000, 3600, 4200, 4800, 5400, 6000),
    *(7200, 9000, 10_800, 14_400, 18_000, 21_600, 28_800, 36_000, 43_200, 57_600, 64_800, 86_400),
)
REQUESTS_AN_HOUR = (1, 2, 4, 8, 12, 30, 60, 120, 300, 600, 1200, 3600)
ARRIVALS = ("poisson", "even", "bursts")
BURST = 10  # requests that come at once


def model(ttl_s: int, per_hour: int, arrivals: str) -> dict[str, Any]:
    """Return the outputs at one setting: a time to live in seconds, requests an hour, a kind of arrivals.

    How many requests go astray after a move is known for Poisson arrivals alone, None for others.
    """
    rate = Fraction(per_hour, 3600)  # exact: whether even arrivals meet the end of a copy is decided by the last digit
    formulas: dict[str, Callable[[], Any]] = {
        "poisson": lambda: hit_ratio_model.poisson(rate, ttl_s),
        "even": lambda: hit_ratio_model.even(1 / rate, ttl_s),
        "bursts": lambda: hit_ratio_model.bursts(rate, ttl_s, BURST),
    }
    ratio = float(formulas[arrivals]())
    astray = float(hit_ratio_model.stale_window(rate, ttl_s).expected_requests) if arrivals == "poisson" else None
    return {"ratio": ratio, "questions": float(per_hour * (1 - ratio)), "astray": astray, "longest": ttl_s}


def trace(per_hour: int, arrivals: str, count: int, seed: int = 1) -> list[int]:
    """Return `count` arrivals of that kind, in milliseconds, for a measurement of the reader's own."""
    rate = per_hour / 3600
    if arrivals == "even":
        return hit_ratio_model.even_arrivals(round(1000 / rate), count)
    if arrivals == "bursts":
        return hit_ratio_model.burst_arrivals(rate, BURST, count // BURST, seed)
    return hit_ratio_model.poisson_arrivals(rate, count, seed)


def hit_ratio_explorer(measure: Callable[..., float] | None = None) -> Explorer:
    """Return the explorer. `measure(ttl_s, per_hour, arrivals)` gives a hit ratio counted at that setting."""
    return Explorer(
        name="hit-ratio",
        title="What a time to live saves and what it costs",
        model=model,
        controls=[
            Control("ttl_s", "Time to live", TTLS_S, 300, unit="s"),
            Control("per_hour", "Requests an hour", REQUESTS_AN_HOUR, 12),
            Control("arrivals", "They arrive", ARRIVALS, "poisson", words=("at random", "evenly", "ten at once")),
        ],
        outputs=[
            Output("ratio", "hit ratio"),
            Output("questions", "questions to the name server", "an hour"),
            Output("astray", "requests astray after a move"),
            Output("longest", "longest time astray", "s"),
        ],
        drawings=explorer_drawings("hit-ratio", over="ttl_s", output="ratio"),
        measure=measure,
    )
