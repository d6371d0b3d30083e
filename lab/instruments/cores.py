"""How many cores of this machine are free: the rounds of one busy process, and those of several at once.

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
    """Return how many cores so many busy processes have at once: their rounds together over those of one alone.

    Each spins for that many seconds. ValueError for fewer than two processes.
    """
    if processes < 2:
        raise ValueError(f"One process alone cannot be compared: give 2 or more, not {processes}.")
    alone = rounds_at_once(1, seconds)
    together = rounds_at_once(processes, seconds)
    again = rounds_at_once(1, seconds)
    return together / max(alone, again)


def rounds_at_once(processes: int, seconds: float) -> int:
    """Return the rounds that so many processes, started together, spin in that many seconds, all added up."""
    command = [sys.executable, "-I", "-S", "-c", SPIN, str(seconds)]
    spinners = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    for spinner in spinners:
        assert spinner.stdout
        spinner.stdout.readline()
    for spinner in spinners:
        assert spinner.stdin
        spinner.stdin.write("\n")
        spinner.stdin.flush()
    return sum(int(spinner.communicate()[0]) for spinner in spinners)


def are_enough(cores: float, processes: int) -> bool:
    """Whether so many free cores give so many processes one each, or nearly."""
    return cores >= 1 + ENOUGH * (processes - 1)


def verdict(cores: Sequence[float], processes: int) -> str:
    """Return what may be said of so many processes that worked at once.

    `cores` are the free cores that were probed before they worked and after: the fewest count.
    """
    least = min(cores)
    finding = f"{processes} busy processes got done what {least:.1f} could, each with a core of its own:"
    if are_enough(least, processes):
        return f"{finding}\nenough to say how they work together."
    return f"{finding}\ntoo few to say anything about {processes} that work together."
