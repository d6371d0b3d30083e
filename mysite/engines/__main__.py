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
    """Print a line for each engine: what fills the slot, how true to it that is, and where it comes from. Return 0."""
    for name in names:
        engine = catalogue.engine_of(name)
        try:
            where = catalogue.source_of(engine).description
        except AbsentError as error:
            where = f"absent, because {error}"
        print(f"{engine.slot:12} {engine.product:12} {engine.fidelity:10} {engine.form:8} {where}")
    return 0


def fetch(names: Sequence[str]) -> int:
    """Bring the engines. All of today's come with Python or with pip, so there is nothing to bring: list them."""
    return show(names)


def check(names: Sequence[str], as_json: bool) -> int:
    """Start, ask and stop the engines, and print what came of it. Return 1 if one that is there did not answer."""
    checks = [catalogue.check(name) for name in names]
    if as_json:
        print(json.dumps([asdict(check) for check in checks], indent=1))
    else:
        for check in checks:
            ready = f"{check.version}, ready in {check.start_s} s, {check.memory_mb} MB, from {check.source}"
            print(f"{check.slot:12} {check.product:12} {check.error or ready}")
    return int(any(check.error and " is absent, " not in check.error for check in checks))


def parser() -> argparse.ArgumentParser:
    """The command line: a sub-command for each of list, fetch and check; without one it is list."""
    command_line = argparse.ArgumentParser(
        prog="python -m mysite.engines", description="The database engines of the book."
    )
    commands = command_line.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for name, what in {
        "list": "which there are, and where each comes from here",
        "fetch": "bring them",
        "check": "start each, ask it a question, stop it",
    }.items():
        command = commands.add_parser(name, help=what, description=f"{what.capitalize()}.")
        command.add_argument("names", nargs="*", metavar="NAME", help="all of them unless named")
        if name == "check":
            command.add_argument("--json", action="store_true", help="as JSON, for programs")
    return command_line


def main() -> None:
    arguments = parser().parse_args()
    try:
        names = [catalogue.engine_of(name).slot for name in getattr(arguments, "names", [])] or list(catalogue.ENGINES)
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
