"""The machine card and the noise guard."""

import os
import platform
import re
import sqlite3
import subprocess
from pathlib import Path

import psutil
import pytest

from lab.instruments import machine
from lab.instruments.machine import MachineCard, Noise, card, noise, processor_in, quota, usable_cores
from lab.instruments.timing import Spread

CARD = MachineCard("Some CPU", "2", "4.0 GiB", "Debian, Linux 6.1", "CPython 3.11.2", "3.40.1", "0.50")


def test_the_card_as_text():
    assert str(CARD) == (
        "processor         ⟨Some CPU⟩\n"
        "cores usable      ⟨2⟩\n"
        "memory            ⟨4.0 GiB⟩\n"
        "operating system  ⟨Debian, Linux 6.1⟩\n"
        "Python            ⟨CPython 3.11.2⟩\n"
        "SQLite            ⟨3.40.1⟩\n"
        "load at the start ⟨0.50⟩"
    )
    assert repr(CARD) == str(CARD)


def test_the_card_as_json():
    stored = CARD.to_json()
    assert list(stored) == ["processor", "cores", "memory", "operating_system", "python", "sqlite", "load"]
    assert MachineCard.from_json(stored) == CARD
    older = MachineCard.from_json({"processor": "Some CPU", "colour": "beige"})
    assert (older.processor, older.sqlite) == ("Some CPU", "unknown")


def test_this_machine():
    read = card()
    assert read.cores == f"{usable_cores():g}"
    assert read.memory == f"{psutil.virtual_memory().total / 1024**3:.1f} GiB"
    assert read.python == f"CPython {platform.python_version()}"
    assert read.sqlite == sqlite3.sqlite_version
    assert re.fullmatch(r"\d+\.\d\d", read.load)
    assert read.processor not in ("", "unknown")


@pytest.mark.skipif(platform.system() != "Linux", reason="reads Linux's own files")
def test_this_machine_on_linux():
    release = platform.release().split(".")
    assert card().operating_system.endswith(f", Linux {release[0]}.{release[1]}")
    pretty = platform.freedesktop_os_release()["PRETTY_NAME"]
    assert card().operating_system.startswith(f"{pretty}, ")
    assert usable_cores() <= len(os.sched_getaffinity(0))
    named = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    if named:
        assert card().processor == named[1]


def test_affinity_is_seen(monkeypatch):
    monkeypatch.setattr(machine, "quota", lambda mounted, membership: float("inf"))
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {process, 5, 7}, raising=False)
    assert usable_cores() == 3
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(process + 1)))
    assert usable_cores() == 1  # asked for process 0, which is the caller itself
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert usable_cores() == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1


def test_where_the_quota_is_read(monkeypatch):
    quotas = {("/sys/fs/cgroup", "/proc/self/cgroup"): 0.25}
    monkeypatch.setattr(machine, "quota", lambda *paths: quotas[tuple(str(path) for path in paths)])
    assert usable_cores() == 0.25


def groups(directory, membership, files):
    for name, text in files.items():
        path = directory / "mounted" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (directory / "cgroup").write_text(membership)
    return quota(directory / "mounted", directory / "cgroup")


@pytest.mark.parametrize(
    ("membership", "files", "cores"),
    [
        ("0::/\n", {}, float("inf")),
        ("0::/\n", {"cpu.max": "max 100000\n"}, float("inf")),
        ("0::/\n", {"cpu.max": "150000 100000\n"}, 1.5),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "50000 100000\n"}, 0.5),
        ("0::/a:b\n", {"a:b/cpu.max": "70000 100000\n"}, 0.7),
        ("0::/a/b\n", {"a/b/cpu.max": "20000 100000\n", "cpu.max": "300000 100000\n"}, 0.2),
        ("4:memory:/a\n3:cpu,cpuacct:/a\n0::/\n",
         {"cpu/a/cpu.cfs_quota_us": "200000\n", "cpu/a/cpu.cfs_period_us": "100000\n"}, 2.0),
        ("3:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, float("inf")),
        ("3:cpuset:/a\n", {"cpu/a/cpu.cfs_quota_us": "1\n", "cpu/a/cpu.cfs_period_us": "1\n"}, float("inf")),
    ],
)  # fmt: skip
def test_the_quota_of_control_groups(tmp_path, membership, files, cores):
    assert groups(tmp_path, membership, files) == cores


def test_no_control_groups(tmp_path):
    assert quota(tmp_path / "absent", tmp_path / "absent too") == float("inf")


def test_the_processor_in_cpuinfo():
    assert processor_in("processor\t: 0\nmodel name\t: AMD EPYC: 7\nmodel name\t: Other\n") == "AMD EPYC: 7"
    assert processor_in("processor : 0\nModel : Raspberry Pi 5\n") == "Raspberry Pi 5"
    assert processor_in("processor : 0\n") == ""


def on_a_mac(monkeypatch, answer):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("15.1", ("", "", ""), "arm64"))

    def run(command, **settings):
        assert command == ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        assert settings == {"capture_output": True, "text": True, "check": False}
        return subprocess.CompletedProcess(command, 0, stdout=answer)

    monkeypatch.setattr(subprocess, "run", run)
    return card()


def test_a_mac(monkeypatch):
    read = on_a_mac(monkeypatch, "Apple M3\n")
    assert (read.processor, read.operating_system) == ("Apple M3", "macOS 15.1")
    assert on_a_mac(monkeypatch, "").processor == "unknown"


def test_values_stay_as_they_are():
    assert hash(CARD) and hash(arms(1, 1))  # a frozen dataclass has a hash, another has none


def test_what_cannot_be_had_is_unknown(monkeypatch):
    def absent(*anything):
        raise OSError

    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "release", lambda: "6.1.0-27")
    monkeypatch.setattr(platform, "freedesktop_os_release", absent)
    monkeypatch.setattr(os, "getloadavg", absent)
    monkeypatch.setattr(machine, "_text", lambda path: "")
    monkeypatch.setattr(platform, "processor", lambda: "")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    read = card()
    assert (read.operating_system, read.load, read.processor) == ("unknown, Linux 6.1", "unknown", "aarch64")
    monkeypatch.setattr(os, "getloadavg", lambda: (0.5, 1.0, 2.0))
    assert card().load == "0.50"
    monkeypatch.setattr(platform, "machine", lambda: "")
    assert card().processor == "unknown"
    monkeypatch.setattr(platform, "processor", lambda: "Power9")
    assert card().processor == "Power9"


def arms(first, second):
    return Noise(Spread(first, first, first, 9), Spread(second, second, second, 9))


def test_noise():
    for slower, noisy in ((1.0, False), (1.2, False), (1.21, True), (2.0, True)):
        assert arms(1.0, slower).noisy == arms(slower, 1.0).noisy == noisy


def test_noise_as_a_sentence():
    assert str(arms(0.001, 0.0011)) == (
        "The same work twice, 9 times each in turns: ⟨1.00 ms⟩ and ⟨1.10 ms⟩. "
        "Where they are more than 20 % apart, trust the recorded run."
    )
    assert repr(arms(1, 1)) == str(arms(1, 1))


def test_noise_is_measured_in_turns():
    now, calls = [0.0], []

    def work():
        calls.append(len(calls) % 2)
        now[0] += 1 + calls[-1]

    measured = noise(work, repeats=3, clock=lambda: now[0])
    assert len(calls) == 8  # three turns and one to warm up, two arms each
    assert (measured.first.median, measured.second.median, measured.first.count) == (1, 2, 3)
    assert measured.noisy


def test_noise_on_the_real_clock():
    assert noise(lambda: sum(range(1000)), repeats=5).first.median > 0
