"""The book on newer Pythons: make book and make test in later releases of Debian, as a reader who has just cloned it.

    python -m book.authoring.prove pythons

It needs root and debootstrap, and takes half an hour or more for each release.
"""

import re
import time
from dataclasses import asdict

from book.authoring.prove import debian
from book.authoring.prove.strict_passes import counted

VERSIONS = "import platform, sqlite3; print(platform.python_version(), sqlite3.sqlite_version)"


def prove(commit: str) -> dict:
    """Build and test the commit in each release; the committed result."""
    releases = {release: on(release, commit) for release in debian.RELEASES.values()}
    return {
        "what": "make book and make test in later releases of Debian, as a plain user, in a fresh clone",
        "releases": releases,
        "failed": sum(result["failed"] for result in releases.values()),
    }


def on(release: str, commit: str) -> dict:
    """Build and test the commit in one release. NoDebianError where it cannot be had or the book is not built."""
    with debian.debian(release, commit) as here:
        here.run(["make", "book"])
        python, sqlite = here.run([".venv/bin/python", "-c", VERSIONS]).split()
        start = time.monotonic()
        text = here.start(["make", "test"]).communicate()[0]
    result = {"python": python, "sqlite": sqlite, **asdict(counted(text)), "skipped": skipped(text), "red": red(text),
              "minutes": round((time.monotonic() - start) / 60, 1)}  # fmt: skip
    print(release, result, flush=True)
    return result


def red(text: str) -> list[str]:
    """The tests that failed, by what pytest printed at its end."""
    return re.findall(r"^(?:FAILED|ERROR) (\S+)", text, re.MULTILINE)


def skipped(text: str) -> int:
    """How many tests were skipped, by what pytest printed at its end."""
    (count,) = re.findall(r"(\d+) skipped", text)[-1:] or [0]
    return int(count)
