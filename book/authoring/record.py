"""make record: measure anew what the chapters draw, and write it to data/runs/ with this machine's card.

    python -m book.authoring.record [NAME ...]
"""

import argparse

from lab import runs
from lab.machine import noise
from lab.measurements import MEASUREMENTS


def main() -> None:
    """The command line: the named runs, or all."""
    parser = argparse.ArgumentParser(prog="python -m book.authoring.record", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", choices=[*MEASUREMENTS, []], metavar="NAME", help=", ".join(MEASUREMENTS))
    names = parser.parse_args().names or list(MEASUREMENTS)
    guard = noise(lambda: sum(range(200_000)), repeats=9)
    print(guard, "It is too noisy now: record again when it is quiet." if guard.noisy else "It is quiet enough.")
    for name in names:
        print(f"{name}: measuring", flush=True)
        run = MEASUREMENTS[name]()
        print(f"{name}: {runs.save(run)}\n{runs.summary(run)}")


if __name__ == "__main__":
    main()
