"""Ten strict passes over the notebooks in a row, two at the same time, and ten beside a process that keeps a core busy.

    python -m book.authoring.prove strict [--count 10]
"""

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from book.authoring.environment import ROOT

COMMAND = [sys.executable, "-m", "pytest", "--nbval", "-q", "index.ipynb", "chapters"]


@dataclass(frozen=True)
class Pass:
    """How many cells a pass found equal to what is stored, and how many not."""

    passed: int
    failed: int


def outcome(process: subprocess.Popen[str]) -> Pass:
    """Wait for a pass, and read the numbers that pytest prints. RuntimeError where it prints none."""
    text = process.communicate()[0]
    try:
        return counted(text)
    except ValueError:
        raise RuntimeError(f"pytest ended with {process.returncode} and ran no cell:\n{text[-2000:]}") from None


def counted(text: str) -> Pass:
    """Read the last numbers that pytest has printed. ValueError where there are none."""
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", text)}
    if not counts:
        raise ValueError("no test was run")
    return Pass(counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0))


def start_pass() -> subprocess.Popen[str]:
    """Start a pass in a process of its own."""
    return subprocess.Popen(COMMAND, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def prove(count: int) -> dict:
    """Run `count` passes in a row, two side by side, and `count` more beside a busy process; the committed result."""
    in_a_row = passes(count)
    pair = [start_pass(), start_pass()]
    at_once = [outcome(process) for process in pair]
    print(f"two at once: {as_json(at_once)}", flush=True)
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        beside_it = passes(count)
    finally:
        busy.kill()
        busy.wait()
    return {
        "what": "strict passes over the cover and the chapters",
        "in_a_row": as_json(in_a_row),
        "two_at_the_same_time": as_json(at_once),
        "beside_a_busy_core": as_json(beside_it),
        "failed": sum(one_pass.failed for one_pass in (*in_a_row, *at_once, *beside_it)),
    }


def passes(count: int) -> list[Pass]:
    """Run `count` passes, one after the other."""
    outcomes = []
    for number in range(count):
        start = time.monotonic()
        outcomes.append(outcome(start_pass()))
        print(f"pass {number + 1}: {asdict(outcomes[-1])}, {time.monotonic() - start:.0f} s", flush=True)
    return outcomes


def as_json(outcomes: Sequence[Pass]) -> list[dict[str, int]]:
    """Return passes as they are committed."""
    return [asdict(one_pass) for one_pass in outcomes]
