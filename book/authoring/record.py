"""make record: measure anew what the chapters draw, and write it to data/runs/ with this machine's card.

    python -m book.authoring.record [NAME ...]
"""

import argparse
from pathlib import Path

from book.authoring import browser, page_in_a_browser
from lab import runs, screenshots
from lab.machine import noise
from lab.measurements import MEASUREMENTS

SCREENSHOTS = {page_in_a_browser.NAME: page_in_a_browser.take}


def main(arguments: list[str] | None = None, directory: Path = runs.DIRECTORY) -> None:
    """The command line: the named runs, or all."""
    every = [*MEASUREMENTS, *SCREENSHOTS]
    parser = argparse.ArgumentParser(prog="python -m book.authoring.record", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", choices=[*every, []], metavar="NAME", help=", ".join(every))
    names = parser.parse_args(arguments).names or every
    if any(name in MEASUREMENTS for name in names):
        guard = noise(lambda: sum(range(200_000)), repeats=9)
        print(guard, "It is too noisy now: record again when it is quiet." if guard.noisy else "It is quiet enough.")
    for name in names:
        if name in SCREENSHOTS:
            record_screenshot(name, directory)
            continue
        print(f"{name}: measuring", flush=True)
        run = MEASUREMENTS[name]()
        print(f"{name}: {runs.save(run, directory)}\n{runs.contents(run)}")


def record_screenshot(name: str, directory: Path) -> None:
    """Take a picture, or say why not: who has no Chromium records the rest."""
    if browser.program() is None:
        print(f"{name}: not recorded, {browser.MISSING}")
        return
    taken = SCREENSHOTS[name]()
    path = screenshots.save(taken, directory)
    print(f"{name}: {path}\n{len(taken.run.detail['texts'])} texts, a picture of {len(taken.png):,} bytes")


if __name__ == "__main__":
    main()
