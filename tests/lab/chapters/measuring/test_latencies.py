"""The latency table: each operation does what its name says, and nothing is left behind."""

import os
import tempfile
from contextlib import ExitStack

import pytest

from lab.chapters.measuring import latencies
from lab.chapters.measuring.latencies import FAMOUS, Latencies
from lab.instruments.runs import load


@pytest.fixture(scope="module")
def arms():
    with ExitStack() as resources:
        yield latencies.operations(resources)


def test_each_name_is_measured_and_has_its_neighbour_or_none(arms):
    assert list(arms) == list(FAMOUS)
    assert [name for name, famous in FAMOUS.items() if famous is None] == ["get the home page of the site"]
    assert all(famous.ns > 0 and famous.words for famous in FAMOUS.values() if famous)


def test_operations_do_what_they_say(arms):
    operations = {name: operation for name, (operation, _) in arms.items()}
    assert len(operations["read 4 kB of a file, at random"]()) == 4096
    assert len(operations["read 1 MB of a file"]()) == 2**20
    assert operations["compress 1 kB with zlib"]().startswith(b"\x78")
    assert operations["ask the name server of the site"]().addresses == ("127.0.0.1",)
    for operation in operations.values():
        operation()


def test_each_neighbour_is_named():
    rows = latencies.neighbours().rows
    assert len(rows) == len(FAMOUS) - 1
    assert ["write 4 kB and wait for the disk", "disk seek", "8,000,000 ns"] in [list(row) for row in rows]


def test_the_run_has_so_many_repeats():
    run = latencies.latencies(repeats=1)
    assert run.units == dict.fromkeys(FAMOUS, "s")
    assert all(len(values) == 1 and values[0] > 0 for values in run.series.values())


def test_the_recorded_run_is_of_what_would_be_measured_today():
    recorded = load(Latencies)
    assert list(recorded.series) == list(FAMOUS)
    assert {len(values) for values in recorded.series.values()} == {latencies.REPEATS}


def test_the_file_has_no_name_so_that_a_kill_leaves_none(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with latencies.random_file() as descriptor:
        assert os.fstat(descriptor).st_size == latencies.BUFFER
        assert list(tmp_path.iterdir()) == []


def test_values_again_and_again():
    endless = latencies.iter_forever([1, 2])
    assert [next(endless) for _ in range(5)] == [1, 2, 1, 2, 1]
