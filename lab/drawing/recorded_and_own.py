"""What views of measurements share: what they know of a run, and how a recorded one and the reader's own look."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

# the recorded run and the reader's own: in words, whether its marks are filled, and their colour
WHO = (("recorded", False, "soft"), ("your own run", True, "web"))


class Run(Protocol):
    """What a view needs to know of a run: the recorded one, or the reader's own."""

    @property
    def series(self) -> Mapping[str, Sequence[float]]: ...

    @property
    def detail(self) -> Mapping[str, Any]: ...
