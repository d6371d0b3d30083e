"""Prove what takes long: run, print, write data/proofs/NAME.json, or NAME-USER.json where it matters who ran it.

    python -m book.authoring.prove [mutations | kills | tier-kills | strict | fuzz | description | all]
    python -m book.authoring.prove pythons | binder

`all` is without the last two, which need root, debootstrap and Debian's mirror.
"""

import argparse
import json
import subprocess
import sys

from book.authoring.environment import ROOT
from book.authoring.prove import binder, description, fuzz, kills, mutations, pythons, strict_passes, tier_kills
from book.authoring.prove.debian import NoDebianError
from lab.instruments import machine

PROOFS = ROOT / "data" / "proofs"
ALL = ("mutations", "kills", "tier-kills", "strict", "fuzz", "description")
WHAT = (*ALL, "pythons", "binder", "all")


def commit() -> str:
    """Return the hash of the commit that is proved. SystemExit where the tree differs from it."""
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True).stdout.strip():
        sys.exit("The tree differs from its commit, whose hash is the seed: commit first.")
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def file_of(name: str, result: dict) -> str:
    """Return the name of a result's file. A result that says as which user it ran has one for each user."""
    return f"{name}-{result['user']}.json" if "user" in result else f"{name}.json"


def main() -> int:
    """Run the named proof, or all, and write the results; the exit code is 1 where one fails."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.prove",
        description="Prove what takes long: run, print, write data/proofs/NAME.json.",
    )
    parser.add_argument("what", nargs="?", choices=WHAT, default="all")
    default_counts = (
        "by default 102 mutants, 20 kills of a kernel, 1,000 of web and database processes, 10 passes,"
        " 100,000 packets, 100 examples an operation"
    )
    parser.add_argument("--count", type=int, help=default_counts)
    parser.add_argument("--workers", type=int, default=2, help="mutants tested at the same time")
    arguments = parser.parse_args()
    seed = commit()
    proofs = {
        "mutations": lambda: mutations.prove(arguments.count or 102, arguments.workers, seed),
        "kills": lambda: kills.prove(arguments.count or 20, seed),
        "tier-kills": lambda: tier_kills.prove(arguments.count or 1000, seed),
        "strict": lambda: strict_passes.prove(arguments.count or 10),
        "fuzz": lambda: fuzz.prove(arguments.count or 100_000, seed),
        "description": lambda: description.prove(arguments.count or 100, seed),
        "pythons": lambda: pythons.prove(seed),
        "binder": lambda: binder.prove(seed),
    }
    failed = False
    PROOFS.mkdir(exist_ok=True)
    for name in ALL if arguments.what == "all" else (arguments.what,):
        try:
            result = {"commit": seed, "machine": machine.card().to_json(), **proofs[name]()}
        except NoDebianError as error:
            sys.exit(str(error))
        text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
        (PROOFS / file_of(name, result)).write_text(text, "utf-8")
        failed |= bool(result.get("survivors") or result.get("left_something") or result.get("failed"))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
