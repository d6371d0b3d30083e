"""CPU seconds by tier: which processes are counted; how many seconds is not asserted."""

import dataclasses
import subprocess
import sys

import pytest

from lab.instruments.runs import Run
from lab.site import cpu_demands
from mysite.topology import one_server, two_tiers
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_a_run():
    run = cpu_demands.demands(requests=20, repeats=1)
    assert list(run.series) == ["one server", "web tier", "data tier"]
    assert all(len(values) == 1 and values[0] >= 0 for values in run.series.values())
    assert run.detail["product"].startswith("PostgreSQL ")


def test_the_time_of_a_process_that_has_ended_is_not_lost():
    burn = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass\n"
    program = (
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {burn!r}])\n"
        "print('done', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        parent.stdout.readline()
        assert cpu_demands.of_tree(parent.pid) >= 0.2
        parent.communicate()


def test_a_page_that_is_not_answered_is_no_measurement(monkeypatch):
    monkeypatch.setattr(demands, "PATH", "/nothing")
    with one_server() as site, pytest.raises(ValueError, match="/nothing is answered with 404"):
        cpu_demands.cpu_a_request(site, 1)


def test_a_database_elsewhere_has_no_time_here():
    with two_tiers(web=1) as site:
        assert set(cpu_demands.cpu_seconds(site)) == {"web tier", "data tier"}
        elsewhere = dataclasses.replace(site, database=dataclasses.replace(site.database, process=None))
        with pytest.raises(ValueError, match="runs elsewhere"):
            cpu_demands.cpu_seconds(elsewhere)


def test_gains():
    run = Run("a", "b", dict.fromkeys("xyz", "s"), {"x": [4.0, 3.0], "y": [2.0, 1.0], "z": [1.0, 3.0]})
    assert cpu_demands.gains(run) == [2.0, 1.0]


def test_medians():
    run = Run("a", "b", {"x": "s"}, {"x": [3.0, 1.0, 2.0]})
    assert cpu_demands.medians(run) == {"x": 2.0}
