"""make record: measure anew what the chapters draw, and write it to data/runs/ with this machine's card.

    python -m book.authoring.record [NAME ...]
"""

import argparse
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import lab.chapters
import lab.site
from book.authoring import browser, page_in_a_browser
from lab.chapters.two_clients.page_in_a_browser import PageInABrowser, Screenshot, save
from lab.instruments import runs
from lab.instruments.machine import noise
from lab.instruments.runs import Run

PACKAGES = (lab.chapters, lab.site)
# What needs a browser, and no quiet machine
SCREENSHOTS: dict[str, Callable[[], Screenshot]] = {PageInABrowser.run: page_in_a_browser.take}


def experiments(packages: Sequence[ModuleType] = PACKAGES) -> dict[str, Callable[[], Run[Any]]]:
    """Import every module below the packages; return the experiments that they declare, by the name of their run."""
    for package in packages:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return dict(sorted(runs.EXPERIMENTS.items()))


def main(arguments: list[str] | None = None, directory: Path = runs.DIRECTORY) -> None:
    """Measure what the command line names, or all, and write the runs below `directory`."""
    measures = experiments()
    every = [*measures, *SCREENSHOTS]
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.record",
        description="Measure anew what the chapters draw, and write it to data/runs/.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(every))
    names = parser.parse_args(arguments).names or every
    if unknown := [name for name in names if name not in every]:
        parser.error(f"no run is called {', '.join(unknown)}; there are {', '.join(every)}")
    if any(name in measures for name in names):
        guard = noise(lambda: sum(range(200_000)), repeats=9)
        print(guard, "It is too noisy now: record again when it is quiet." if guard.noisy else "It is quiet enough.")
    for name in names:
        if name in SCREENSHOTS:
            record_screenshot(name, directory)
            continue
        print(f"{name}: measuring", flush=True)
        run = measures[name]()
        print(f"{name}: {runs.save(run, directory)}\n{runs.contents(run)}")


def record_screenshot(name: str, directory: Path) -> None:
    """Take a picture and write it below `directory`, or say why not: who has no Chromium records the rest."""
    if browser.program() is None:
        print(f"{name}: not recorded, {browser.MISSING}")
        return
    screenshot = SCREENSHOTS[name]()
    path = save(screenshot, directory)
    print(f"{name}: {path}\n{len(screenshot.run.payload.texts)} texts, a picture of {len(screenshot.png):,} bytes")


if __name__ == "__main__":
    main()
