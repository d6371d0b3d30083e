"""Times: how they are measured in turns, summed up and shown.

Times differ from run to run, so none is compared. What is shown stands between the marks ⟨ and ⟩, and a test
of a notebook blanks what is between them: one number with a unit of time, one rate, or one field of the
machine card, never anything else.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

MARK_OPEN = "\u27e8"
MARK_CLOSE = "\u27e9"

UNITS = (("s", 0), ("ms", -3), ("µs", -6), ("ns", -9))


def field(text: str) -> str:
    """Put one field of the machine card between the marks. ValueError for a mark or a line break in it."""
    if any(character in text for character in (MARK_OPEN, MARK_CLOSE, "\n")):
        raise ValueError(f"Between marks stands one field on one line, not {text!r}.")
    return f"{MARK_OPEN}{text}{MARK_CLOSE}"


def time_text(seconds: float) -> str:
    """Return a time between marks, in ns, µs, ms or s with three significant digits: ⟨1.20 ms⟩.

    ValueError for a negative time.
    """
    if seconds < 0:
        raise ValueError(f"A time is not negative: {seconds} s.")
    rounded = Decimal(f"{seconds:.2e}")
    unit, power = next((entry for entry in UNITS if not rounded or rounded.adjusted() >= entry[1]), UNITS[-1])
    return field(f"{_three_digits(rounded.scaleb(-power))} {unit}")


def rate_text(per_second: float) -> str:
    """Return a rate between marks, with three significant digits: ⟨830 /s⟩. ValueError for a negative rate."""
    if per_second < 0:
        raise ValueError(f"A rate is not negative: {per_second} /s.")
    return field(f"{_three_digits(Decimal(f'{per_second:.2e}'))} /s")


def _three_digits(number: Decimal) -> str:
    return f"{number:.{max(0, 2 - number.adjusted())}f}" if number else "0"


@dataclass(frozen=True)
class Spread:
    """Repeats of one time, in seconds: the median, the quartiles around it (low, high) and how many there were."""

    median: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        median, low, high = map(time_text, (self.median, self.low, self.high))
        return f"{median}, half of {self.count} between {low} and {high}"


def spread(seconds: Iterable[float]) -> Spread:
    """Sum up repeats. The quartiles are those of the values themselves. ValueError for fewer than two."""
    values = list(seconds)
    if len(values) < 2:
        raise ValueError(f"A spread needs two repeats or more, not {len(values)}.")
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high, len(values))


def interleaved(
    arms: Mapping[str, Callable[[], object]],
    repeats: int,
    warm_up: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Time each arm `repeats` times, in turns (A B, A B, ...), so that what drifts strikes all alike.

    The first `warm_up` turns are dropped. Return the seconds of each arm in the order of measurement.
    """
    seconds: dict[str, list[float]] = {name: [] for name in arms}
    for turn in range(warm_up + repeats):
        for name, work in arms.items():
            started = clock()
            work()
            elapsed = clock() - started
            if turn >= warm_up:
                seconds[name].append(elapsed)
    return seconds
