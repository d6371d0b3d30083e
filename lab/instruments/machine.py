"""The machine card: on what a number was measured; and the noise guard: whether it can be measured there at all."""

import os
import platform
import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import psutil

from lab.instruments.timing import Spread, field, interleaved, spread, time_text

UNKNOWN = "unknown"
MOST_RATIO = 1.2  # two equal arms further apart show a machine too noisy to compare anything on


@dataclass(frozen=True)
class MachineCard:
    """What a measurement was made on. Every field is text as shown; what cannot be had is "unknown"."""

    processor: str
    cores: str
    memory: str
    operating_system: str
    python: str
    sqlite: str
    load: str

    def __str__(self) -> str:
        """One line a field, the field between marks."""
        return "\n".join(f"{LABELS[name]:<18}{field(value)}" for name, value in self.to_json().items())

    __repr__ = __str__

    def to_json(self) -> dict[str, str]:
        """Return the fields by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, str]) -> "MachineCard":
        """Return the card of stored fields; one that is missing is "unknown", one that is not known is dropped."""
        return cls(**{entry.name: stored.get(entry.name, UNKNOWN) for entry in fields(cls)})


LABELS = {
    "processor": "processor",
    "cores": "cores usable",
    "memory": "memory",
    "operating_system": "operating system",
    "python": "Python",
    "sqlite": "SQLite",
    "load": "load at the start",
}


def card() -> MachineCard:
    """Return the card of this machine, read from it now."""
    return MachineCard(
        processor=_processor(),
        cores=f"{usable_cores():g}",
        memory=f"{psutil.virtual_memory().total / 2**30:.1f} GiB",
        operating_system=_operating_system(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        sqlite=sqlite3.sqlite_version,
        load=_load(),
    )


def usable_cores() -> float:
    """Return how many cores this process may use: its affinity, or less where a control group has a quota."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # macOS has no affinity
        cores = os.cpu_count() or 1
    return min(cores, quota(Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")))


def quota(mounted: Path, membership: Path) -> float:
    """Return the processor quota of a process in cores, infinite where there is none.

    `mounted` is where control groups are mounted, `membership` the file that names the process's own. A quota
    of any group above counts too. Version 2 says it in cpu.max, version 1 in two files.
    """
    smallest = float("inf")
    for line in _text(membership).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        root = mounted / "cpu" if controllers else mounted
        inside = Path(path.removeprefix("/"))
        for group in (root / inside, *(root / above for above in inside.parents)):
            whole = _text(group / "cpu.max").split()
            allowed, period = whole or (_text(group / "cpu.cfs_quota_us"), _text(group / "cpu.cfs_period_us"))
            if allowed.strip().isdigit():
                smallest = min(smallest, int(allowed) / int(period))
    return smallest


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _processor() -> str:
    if platform.system() == "Darwin":
        command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or UNKNOWN
    return processor_in(_text(Path("/proc/cpuinfo"))) or platform.processor() or platform.machine() or UNKNOWN


def processor_in(cpuinfo: str) -> str:
    """Return the processor's model as Linux's /proc/cpuinfo names it, "" where it does not (on ARM)."""
    for line in cpuinfo.splitlines():
        label, _, value = line.partition(":")
        if label.strip() in ("model name", "Model"):
            return value.strip()
    return ""


def _operating_system() -> str:
    if platform.system() == "Darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = UNKNOWN
    version = ".".join(platform.release().split(".")[:2])
    return f"{name}, {platform.system()} {version}"


def _load() -> str:
    try:
        return f"{os.getloadavg()[0]:.2f}"
    except OSError:
        return UNKNOWN


@dataclass(frozen=True)
class Noise:
    """The same work timed as two arms, which therefore should not differ."""

    first: Spread
    second: Spread

    @property
    def noisy(self) -> bool:
        """Whether the medians differ by more than 20 %, so that times cannot be compared on this machine now."""
        faster, slower = sorted((self.first.median, self.second.median))
        return slower > MOST_RATIO * faster

    def __str__(self) -> str:
        """Return the two times and how to judge them: the verdict is of the moment, so no stored text holds it."""
        return (
            f"The same work twice, {self.first.count} times each in turns: {time_text(self.first.median)} and "
            f"{time_text(self.second.median)}. Where they are more than 20 % apart, trust the recorded run."
        )

    __repr__ = __str__


def noise(work: Callable[[], object], repeats: int, clock: Callable[[], float] = time.perf_counter) -> Noise:
    """Time the same work as two arms in turns. Nothing is asserted: the result says whether the machine is noisy."""
    seconds = interleaved({"first": work, "second": work}, repeats, clock=clock)
    return Noise(spread(seconds["first"]), spread(seconds["second"]))
