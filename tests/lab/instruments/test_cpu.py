"""CPU seconds by tier: which processes are counted; how many seconds is not asserted."""

import socket
import subprocess
import sys

import pytest
import sqlalchemy

from lab.instruments.cpu import BOTH, cpu_seconds, of_tree
from mysite.engines.engine import Server
from mysite.topology import TwoTiers, one_server


def test_the_time_of_a_process_that_has_ended_is_not_lost():
    burn = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass\n"
    program = (
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {burn!r}])\n"
        "print('burnt', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        parent.stdout.readline()
        assert of_tree(parent.pid) >= 0.2
        parent.communicate()


def test_one_server_is_one_process():
    with one_server() as site:
        assert list(cpu_seconds(site)) == [BOTH]


def test_a_database_elsewhere_has_no_time_here():
    database = Server(
        slot="postgresql", product="PostgreSQL", version="18", fidelity="real", form="server", source="elsewhere",
        url=sqlalchemy.make_url("postgresql://db.example/mysite"), process=None, end=lambda: None,
    )  # fmt: skip
    with one_server() as site, socket.socket() as listening:
        elsewhere = TwoTiers(site.address, site.port, site.zone, site.names, (site.web,), database, listening)
        with pytest.raises(ValueError, match="runs elsewhere"):
            cpu_seconds(elsewhere)
