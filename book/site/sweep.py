"""Which files of a built site its pages use, and the removal of the others.

Sphinx and its extensions copy sheets, scripts and pictures that this book's theme never names.
"""

from __future__ import annotations

from pathlib import Path

from book.site import built

# Sphinx reads it to find out whether the next build can be a short one
KEPT = {".buildinfo"}


def used(site: Path, start: str) -> set[Path]:
    """The files of ``site`` that can be reached from its page ``start`` over links, sheets, scripts and pictures."""
    site = site.resolve()
    built.read.cache_clear()
    waiting, reached = [site / f"{start}.html"], set()
    while waiting:
        file = waiting.pop()
        if file in reached or not file.is_file() or not file.is_relative_to(site):
            continue
        reached.add(file)
        targets = [built.target(file, address) for address in built.addresses(file)]
        waiting += [goal[0] for goal in targets if goal]
    return reached


def remove_unused(site: Path, start: str) -> None:
    """Delete the files of ``site`` that no page uses, and the folders that this leaves empty."""
    site = site.resolve()
    reached = used(site, start)
    for path in sorted(site.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in reached and path.name not in KEPT:
            path.unlink()
