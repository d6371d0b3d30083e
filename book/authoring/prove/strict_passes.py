"""Ten strict passes over the notebooks in a row, two at the same time, and ten beside a process that keeps a core busy.

    python -m book.authoring.prove strict [--count 10]
"""

import re
import subprocess
import sys
import time

from book.authoring.environment import ROOT

COMMAND = [sys.executable, "-m", "pytest", "--nbval", "-q", "index.ipynb", "chapters"]


def outcome(process: subprocess.Popen) -> dict:
    """What one pass said: cells passed and failed."""
    text = process.communicate()[0]
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", text)}
    return {"passed": counts.get("passed", 0), "failed": counts.get("failed", 0) + counts.get("error", 0)}


def started() -> subprocess.Popen:
    """One pass, under way."""
    return subprocess.Popen(COMMAND, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def prove(count: int) -> dict:
    """`count` passes one after the other, two side by side, and `count` more while another process is busy."""
    in_a_row = passes(count)
    pair = [started(), started()]
    at_once = [outcome(process) for process in pair]
    print(f"two at once: {at_once}", flush=True)
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        beside_it = passes(count)
    finally:
        busy.kill()
        busy.wait()
    return {
        "what": "strict passes over the cover and the chapters",
        "in_a_row": in_a_row,
        "two_at_the_same_time": at_once,
        "beside_a_busy_core": beside_it,
        "failed": sum(result["failed"] for result in (*in_a_row, *at_once, *beside_it)),
    }


def passes(count: int) -> list[dict]:
    """So many passes, one after the other."""
    done = []
    for number in range(count):
        begun = time.monotonic()
        done.append(outcome(started()))
        print(f"pass {number + 1}: {done[-1]}, {time.monotonic() - begun:.0f} s", flush=True)
    return done
