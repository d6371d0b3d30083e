"""Progress for what takes longer than a second: one line that overwrites itself and is gone at the end."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any, TypeVar

from lab.instruments.runs import recorded_only

Item = TypeVar("Item")

FIRST_AFTER_S = 0.5  # what is over sooner shows nothing
AGAIN_AFTER_S = 0.1


def progress(
    iterable: Iterable[Item],
    what: str,
    total: int | None = None,
    clock: Callable[[], float] = time.monotonic,
    show: Callable[[str], None] | None = None,
) -> Iterator[Item]:
    """Yield the items of `iterable`, and meanwhile show how many are done: "what: 3 of 10".

    Under LAB_RUN=recorded nothing is printed. `show` puts a line in place of the last one; "" removes it. Without
    it the line goes to the notebook's cell, to a terminal, or nowhere.
    """
    if total is None and isinstance(iterable, Sized):
        total = len(iterable)
    out_of = "" if total is None else f" of {total}"
    show = show or (_nowhere if recorded_only() else _place())
    due, line_shows = clock() + FIRST_AFTER_S, False
    try:
        for count, item in enumerate(iterable):
            if clock() >= due:
                show(f"{what}: {count}{out_of}")
                due, line_shows = clock() + AGAIN_AFTER_S, True
            yield item
    finally:
        if line_shows:
            show("")


def _nowhere(line: str) -> None:
    """Show nothing."""


def _place() -> Callable[[str], None]:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if hasattr(shell, "kernel"):
        return _Cell()
    return _terminal if sys.stderr.isatty() else _nowhere


def _terminal(line: str) -> None:
    erase_line = "\x1b[2K"
    sys.stderr.write(f"\r{erase_line}{line}")
    sys.stderr.flush()


class _Cell:
    """One output of a notebook's cell, written again and again. Emptied at the end, it takes no room."""

    def __init__(self) -> None:
        self._handle: Any = None

    def __call__(self, line: str) -> None:
        from IPython.display import display

        data = {"text/plain": line} if line else {}
        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)
