"""mysite/parts.py, with servers that are made up: test_topology and test_two_tiers ask those that run."""

import os
from types import SimpleNamespace

import psutil
import pytest
import sqlalchemy

from mysite import parts
from mysite.engines import Server
from mysite.parts import Part, database_part, running_parts

NAMES = Part("name server", "name", 9, ("tcp 127.0.0.1", "udp 127.0.0.1"), 5353, (), 1)


def server(url: str, process=None) -> Server:
    address = sqlalchemy.make_url(url)
    return Server("postgresql", "PostgreSQL", "18.6", "real", "server", "", address, process, lambda: None)


@pytest.mark.parametrize(
    ("url", "where", "port"),
    [
        ("postgresql://me@127.0.0.1:7001/mine", ("tcp 127.0.0.1",), 7001),
        ("postgresql://me@db.example/mine", ("tcp db.example",), 5432),
        ("postgresql:///mine", (), 5432),
    ],
)
def test_of_a_database_that_ran_already_its_address_is_known(url, where, port) -> None:
    assert database_part(server(url)) == Part("PostgreSQL", "data", None, where, port, (), None)


class Owned:
    """The part of mysite.processes.OwnedProcess that is needed here."""

    pid = 42


def test_of_another_users_database_its_process_and_its_address_are_known(monkeypatch) -> None:
    def refuse(*anything):
        raise psutil.AccessDenied(42)

    monkeypatch.setattr(parts, "process_part", refuse)
    part = database_part(server("postgresql://127.0.0.1:7001/mine", Owned()))
    assert (part.process_id, part.listens_on, part.port) == (42, ("tcp 127.0.0.1",), 7001)


@pytest.mark.parametrize(("user", "error"), [(os.geteuid(), psutil.NoSuchProcess), (12345, psutil.AccessDenied)])
def test_a_process_of_ours_that_is_closed_to_us_is_about_to_end(user, error, monkeypatch, tmp_path) -> None:
    def deny(process):
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(parts, "_sockets", deny)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    owned = SimpleNamespace(pid=os.getpid(), directory=tmp_path, running=lambda: True)
    with pytest.raises(error):
        parts.process_part("web process 1", "web", owned)


def test_a_database_that_has_ended_is_left_out(monkeypatch) -> None:
    def find_nothing(*anything):
        raise psutil.NoSuchProcess(42)

    monkeypatch.setattr(parts, "process_part", find_nothing)
    database = server("postgresql://127.0.0.1:7001/mine", Owned())
    assert running_parts([lambda: database_part(database), lambda: NAMES]) == [NAMES]
