"""Bring recorded runs of the older form up to date: their names, their payload, their checksum. Nothing is measured.

    python -m book.authoring.convert_runs [DIRECTORY]

A run of the older form is a file NN-name.json or bench-name.json with the field `detail`. It becomes
TOPIC/NAME.json with the field `payload`, and the picture that lies beside it moves with it.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from lab.instruments import runs

# the topics of runs that were named after a chapter's number, but for those of the site, which several chapters show
TOPICS = {"01": "one_request", "02": "two_clients", "03": "when_full", "04": "measuring", "05": "tiers"}
NEW_NAMES = {
    "03-site": "site/filling",
    "05-demands": "site/cpu_demands",
    "05-connecting": "between_tiers/connecting",
    "05-pool": "between_tiers/pool",
    "05-trips": "between_tiers/trips",
}
OLD_NAME = re.compile(r"(\d\d|bench)-(.+)")


def new_name(name: str) -> str:
    """Return TOPIC/NAME for a name of the older form. ValueError for another one."""
    parts = OLD_NAME.fullmatch(name)
    if parts is None or parts[1] not in {*TOPICS, "bench"}:
        raise ValueError(f"{name} is no name of a run of the older form, such as 03-waiting.")
    return NEW_NAMES.get(name, f"{TOPICS.get(parts[1], parts[1])}/{parts[2].replace('-', '_')}")


def converted(stored: dict[str, Any]) -> dict[str, Any]:
    """Return a stored run of the older form as it is stored now. ValueError where its own checksum does not hold."""
    body = {key: value for key, value in stored.items() if key != "checksum"}
    if runs.checksum(body) != stored.get("checksum"):
        raise ValueError(f"{stored['name']} is not as it was recorded: its checksum differs.")
    return {
        "name": new_name(stored["name"]),
        **{key: stored[key] for key in ("what", "units", "series")},
        "payload": stored["detail"],
        **{key: stored[key] for key in ("machine", "made_by")},
    }


def convert(directory: Path) -> list[str]:
    """Convert every run of the older form in the directory; return their new names.

    ValueError, with nothing converted, where one of them was changed by hand or has a name that no topic has.
    """
    names = []
    # every run is converted before the first file is touched
    conversions = [(path, converted(json.loads(path.read_text("utf-8")))) for path in sorted(directory.glob("*.json"))]
    for old, run in conversions:
        new = directory / f"{run['name']}.json"
        runs.write(run, new)
        old.unlink()
        if (picture := old.with_suffix(".png")).exists():
            picture.replace(new.with_suffix(".png"))
        names.append(run["name"])
    return names


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.convert_runs",
        description="Bring recorded runs of the older form up to date. Nothing is measured.",
    )
    parser.add_argument("directory", nargs="?", type=Path, default=runs.DIRECTORY)
    names = convert(parser.parse_args().directory)
    print("\n".join(f"converted: {name}" for name in names) or "No run is of the older form.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
