"""From values to pixels, for plots and for what an explorer moves on them."""

import math
from dataclasses import dataclass
from typing import Any

# Times to live as people say them, in seconds.
SPOKEN_TIMES = {
    0.1: "0.1 s", 1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3600: "1 h", 6 * 3600: "6 h", 86400: "1 day",
    7 * 86400: "1 week",
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """Maps `values`, first and last, to `pixels`, first and last; `kind` is linear or log."""

    pixels: tuple[float, float]
    values: tuple[float, float]
    kind: str = "linear"

    def at(self, value: float) -> float:
        """The pixel of a value, which may lie outside. On a log scale values are above 0."""
        low, value, high = self.values[0], value, self.values[1]
        if self.kind == "log":
            low, value, high = math.log(low), math.log(value), math.log(high)
        return self.pixels[0] + (value - low) / (high - low) * (self.pixels[1] - self.pixels[0])

    def as_moving(self) -> dict[str, Any]:
        """The scale as an explorer reads it."""
        return {"pixels": list(self.pixels), "values": list(self.values), "scale": self.kind}


def even_steps(length: float, most: int) -> list[float]:
    """Round numbers from 0 to `length` with equal steps of 1, 2 or 5 times a power of ten; at most `most` steps."""
    rough = length / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    return [round(count * step, 9) for count in range(int(length / step * (1 + 1e-9)) + 1)]
