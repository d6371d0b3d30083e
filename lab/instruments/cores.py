"""How many cores of this machine are free: what one busy process gets done, and what several get done at once.

A machine that says it has two cores may give the time of one, when others use it too. So a claim about two processes
that work at once is made only where this probe finds the room for them.
"""

import subprocess
import sys
from collections.abc import Sequence

SECONDS = 0.5
ENOUGH = 0.8  # of each further core, to say that it was free
# counts rounds until the time is over, in a process of its own
SPIN = """
import sys, time
seconds, rounds = float(sys.argv[1]), 0
print("ready", flush=True)
sys.stdin.readline()
end = time.perf_counter() + seconds
while time.perf_counter() < end:
    for _ in range(1000):
        rounds += 1
print(rounds)
"""


def free_cores(processes: int = 2, seconds: float = SECONDS) -> float:
    """How many times as much so many processes get done at once as one alone: at most their number.

    ValueError for fewer than two processes.
    """
    if processes < 2:
        raise ValueError(f"One process alone cannot be compared: give 2 or more, not {processes}.")
    alone = done_at_once(1, seconds)
    together = done_at_once(processes, seconds)
    again = done_at_once(1, seconds)
    return together / max(alone, again)


def done_at_once(processes: int, seconds: float) -> int:
    """The rounds that so many processes, begun together, get done in that time."""
    command = [sys.executable, "-I", "-S", "-c", SPIN, str(seconds)]
    spinning = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    for each in spinning:
        assert each.stdout
        each.stdout.readline()
    for each in spinning:
        assert each.stdin
        each.stdin.write("\n")
        each.stdin.flush()
    return sum(int(each.communicate()[0]) for each in spinning)


def are_enough(found: float, processes: int) -> bool:
    """Whether so many processes had a core each, or nearly."""
    return found >= 1 + ENOUGH * (processes - 1)


def verdict(found: Sequence[float], processes: int) -> str:
    """What may be said of so many processes that worked at once, by what was found before and after."""
    least = min(found)
    said = f"{processes} busy processes got done what {least:.1f} could, each with a core of its own:"
    if are_enough(least, processes):
        return f"{said}\nenough to say how they work together."
    return f"{said}\ntoo few to say anything about {processes} that work together."
