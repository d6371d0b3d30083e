"""The engines by hand:

    python -m mysite.engines                    which there are, and where each comes from here
    python -m mysite.engines fetch [NAME ...]   bring them
    python -m mysite.engines check [--json] [NAME ...]   start each, ask it a question, stop it

MYSITE_ENGINES=mine asks for your own servers in place of the book's: MYSITE_POSTGRESQL_URL, else what is on PATH.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

from mysite.engines import catalogue
from mysite.engines.engine import AbsentError


def show(names: Sequence[str]) -> int:
    """A line for each engine: what fills the slot, how true to it that is, and where it comes from."""
    for name in names:
        chosen = catalogue.engine(name)
        try:
            where = catalogue.found(chosen).told
        except AbsentError as error:
            where = f"absent, because {error}"
        print(f"{chosen.slot:12} {chosen.product:12} {chosen.fidelity:10} {chosen.form:8} {where}")
    return 0


def fetch(names: Sequence[str]) -> int:
    """Bring each. All of today's come with Python or with pip, so there is nothing to bring but to say so."""
    return show(names)


def check(names: Sequence[str], as_json: bool) -> int:
    """Start, ask and stop each. 1 if one that is there did not answer."""
    checked = [catalogue.check(name) for name in names]
    if as_json:
        print(json.dumps([asdict(each) for each in checked], indent=1))
    else:
        for each in checked:
            said = each.error or f"{each.version}, ready in {each.start_s} s, {each.memory_mb} MB, from {each.source}"
            print(f"{each.slot:12} {each.product:12} {said}")
    return int(any(each.error and " is absent, " not in each.error for each in checked))


def parser() -> argparse.ArgumentParser:
    """The command line."""
    known = argparse.ArgumentParser(prog="python -m mysite.engines", description="The database engines of the book.")
    commands = known.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for name, what in {
        "list": "which there are, and where each comes from here",
        "fetch": "bring them",
        "check": "start each, ask it a question, stop it",
    }.items():
        command = commands.add_parser(name, help=what, description=f"{what.capitalize()}.")
        command.add_argument("names", nargs="*", metavar="NAME", help="all of them unless named")
        if name == "check":
            command.add_argument("--json", action="store_true", help="as JSON, for programs")
    return known


def main() -> None:
    arguments = parser().parse_args()
    try:
        names = [catalogue.engine(name).slot for name in getattr(arguments, "names", [])] or list(catalogue.ENGINES)
        catalogue.is_mine()
    except ValueError as error:
        raise SystemExit(f"python -m mysite.engines: {error}") from None
    match arguments.command:
        case "fetch":
            status = fetch(names)
        case "check":
            status = check(names, arguments.json)
        case _:
            status = show(names)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
