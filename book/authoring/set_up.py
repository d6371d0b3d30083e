"""Make .venv, or mend it, with the Python that runs this; every make target begins with it. It says nothing where .venv
is as it was made: in this folder, for this machine, of today's requirements.

It needs no package. It removes a virtual environment that cannot be mended, which holds nothing that pip cannot bring
again; of anything else that stands in its place it says what to do.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ("requirements.txt", "pyproject.toml")
UNFINISHED = "unfinished"
# What .venv's own Python answers: what compiled packages were chosen by
IDENTITY = "import platform, sys; print(*sys.version_info[:2], sys.platform, platform.machine())"


class NotMendedError(Exception):
    """What stands in the way of .venv, and what to do, in a sentence."""


def identity(python: Path) -> str | None:
    """Version and machine of an environment's Python; None where it does not run."""
    try:
        answer = subprocess.run([python, "-I", "-S", "-c", IDENTITY], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def packages(venv: Path) -> list[str]:
    """The names and versions of what is installed in an environment."""
    return sorted(path.name for path in venv.glob("lib/python*/site-packages/*.dist-info"))


def current(root: Path) -> dict[str, str]:
    """What the note in an environment says beside its Python and packages, where no work is to be done."""
    requirements = b"\0".join((root / name).read_bytes() for name in REQUIREMENTS)
    return {"folder": str(root), "requirements": hashlib.sha256(requirements).hexdigest()}


def note(venv: Path) -> dict[str, object] | None:
    """What `install` has noted in an environment: nothing where it was made by hand, None where it was cut short."""
    try:
        text = (venv / "ready").read_text("utf-8")
        return None if text == UNFINISHED else dict(json.loads(text or "{}"))
    except (OSError, TypeError, ValueError):
        return {}


def is_ready(venv: Path, goal: dict[str, str]) -> bool:
    """Whether nothing is to be done."""
    noted = note(venv) or {}
    installed = noted.get("packages")
    return (
        goal.items() <= noted.items()
        and isinstance(installed, list) and set(installed) <= set(packages(venv))
        and identity(venv / "bin" / "python") == noted.get("python")
    )  # fmt: skip


def fault(venv: Path, root: Path) -> str | None:
    """Why an environment cannot be mended by pip and is made anew; None where pip can."""
    noted = note(venv)
    if noted is None:
        return "its set-up was cut short"
    python = identity(venv / "bin" / "python")
    if python is None:
        return "its Python does not run here"
    if noted.get("python", python) != python:
        return "it was made for another Python or another machine"
    pip = venv / "bin" / "pip"
    # a script of an environment names its Python: how a folder is recognised that was moved or copied
    if not pip.is_file() or subprocess.run(
        [venv / "bin" / "python", "-I", "-m", "pip", "--version"], capture_output=True, check=False
    ).returncode:
        return "it has no pip"
    if noted.get("folder", str(root)) != str(root) or not any(
        os.fsencode(place) in pip.read_bytes() for place in (venv, venv.resolve())
    ):
        return "it was made in another folder"
    if tuple(map(int, python.split()[:2])) < (3, 11):
        return "its Python is too old"
    return None


def check_place(venv: Path) -> None:
    """NotMendedError where .venv is something that is not to be removed, or cannot be written."""
    try:
        if venv.is_symlink() and not venv.exists():
            raise NotMendedError(f".venv is a link to {venv.readlink()}, which is not there: remove it (rm .venv)")
        if venv.exists() and not venv.is_dir():
            raise NotMendedError(".venv is a file, where a folder is to be made: move it away")
        place = venv if venv.exists() else venv.parent
        if not os.access(place, os.W_OK | os.X_OK):
            raise NotMendedError(
                f"{place} cannot be written by you: run make as the user to whom it belongs, or clone the book into a"
                " folder of your own"
            )
        entries = {path.name for path in venv.iterdir()} if venv.exists() else set()
    except PermissionError:
        raise NotMendedError(f"{venv} cannot be entered: clone the book into a folder of your own") from None
    if entries and not entries & {"pyvenv.cfg", "ready"}:
        raise NotMendedError(".venv is a folder, and not a virtual environment of Python: move it away")


def run(command: list[str | Path], root: Path) -> None:
    """Run a command of the set-up. NotMendedError where it fails: it has said why."""
    # a reader's own settings must not send the packages elsewhere
    environment = {name: value for name, value in os.environ.items() if name not in {"PIP_TARGET", "PIP_PREFIX"}}
    if subprocess.run(command, cwd=root, env=environment | {"PIP_USER": "0"}, check=False).returncode:
        raise NotMendedError("The set-up of .venv failed, for the reason above: mend that")


def install(venv: Path, root: Path, goal: dict[str, str]) -> None:
    """Install the requirements into an environment that is there, and note it."""
    ready, before = venv / "ready", note(venv)
    ready.write_text(UNFINISHED, "utf-8")
    python = venv / "bin" / "python"
    pip = [python, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--progress-bar", "on"]
    try:
        run([*pip, "-r", "requirements.txt"], root)
    except NotMendedError:
        # pip has taken back what it had begun
        ready.write_text(json.dumps(before or {}), "utf-8")
        raise
    noted = {**goal, "python": identity(python), "packages": packages(venv)}
    ready.write_text(json.dumps(noted), "utf-8")


def set_up(root: Path = ROOT) -> None:
    """Make or mend the .venv of a checkout, if need be. NotMendedError says in a sentence why it cannot."""
    venv, goal = root / ".venv", current(root)
    if is_ready(venv, goal):
        return
    if os.pathsep in str(root):
        raise NotMendedError(f"Python makes no .venv in {root}, for the {os.pathsep} in its name: rename the folder")
    check_place(venv)
    why = fault(venv, root) if venv.exists() and any(venv.iterdir()) else ""
    if why and venv.is_symlink():
        raise NotMendedError(f".venv is a link to {venv.resolve()}, and {why}: remove the link (rm .venv)")
    if why:
        print(f".venv is made anew: {why}", flush=True)
        shutil.rmtree(venv)
    print(f"Setting up .venv with {sys.executable}: some 180 packages, a minute or two the first time", flush=True)
    if why is not None:
        venv.mkdir(exist_ok=True)
        (venv / "ready").write_text(UNFINISHED, "utf-8")
        # the interpreter itself: it may be the one of the .venv that has been removed
        run([os.path.realpath(sys.executable), "-I", "-m", "venv", venv], root)
    install(venv, root, goal)


def main() -> int:
    """The command line. Of two that are started at once one waits, and then has nothing to do."""
    lock = os.open(ROOT, os.O_RDONLY)
    with contextlib.suppress(OSError):  # where a file system knows no locks
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        set_up()
    except NotMendedError as error:
        print(f"{error}, then run make again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted: the next make begins the set-up anew.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f".venv could not be made ({error}): mend that, then run make again.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
