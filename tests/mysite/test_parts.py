"""mysite/parts.py, with parts that are made up: test_topology and test_two_tiers draw those that run."""

import dataclasses
import os
from types import SimpleNamespace

import psutil
import pytest
import sqlalchemy

from mysite import parts
from mysite.engines import Server
from mysite.parts import Part, database_part, of_one_server, of_two_tiers, those_that_run

ADDRESS = "127.0.0.9"
NAMES = Part("name server", "name", 9, ("tcp 127.0.0.1", "udp 127.0.0.1"), 5353, (), 1)
DATABASE = Part("PostgreSQL", "data", 5, ("tcp 127.0.0.1",), 7001, (), 1)


def web(number: int, *connected_to: int) -> Part:
    return Part(f"web process {number}", "web", 10 + number, ("tcp 127.0.0.1",), 8000, (), 1, connected_to)


def edges(drawn, kind):
    return [edge for edge in drawn.edges if drawn.edges[edge]["kind"] == kind]


def test_two_tiers() -> None:
    drawn = of_two_tiers([web(1, 7001), web(2, 7001), DATABASE, NAMES], ADDRESS)
    nodes = {node: tuple(drawn.nodes[node][key] for key in ("kind", "label", "note", "group")) for node in drawn}
    assert nodes == {
        "browser": ("browser", "browser", "", ""),
        "phone": ("phone", "phone", "", ""),
        "web 1": ("web", "web 1", "own process", "web tier"),
        "web 2": ("web", "web 2", "own process", "web tier"),
        "data": ("data", "PostgreSQL", "own processes", "data tier"),
        "name_server": ("name_server", "name server", "a third party's", ""),
    }
    told = sorted(
        (edge["step"], source, target, edge["kind"], edge["label"], edge.get("shared"))
        for source, target, edge in drawn.edges(data=True)
    )
    assert told == [
        (1, "browser", "name_server", "lookup", "api.mysite.com?", None),
        (1, "phone", "name_server", "lookup", "api.mysite.com?", None),
        (2, "name_server", "browser", "reply", ADDRESS, None),
        (2, "name_server", "phone", "reply", ADDRESS, None),
        (3, "browser", "web 1", "request", "GET /", True),
        (3, "browser", "web 2", "request", "GET /", True),
        (3, "phone", "web 1", "request", "GET /", True),
        (3, "phone", "web 2", "request", "GET /", True),
        (4, "web 1", "data", "query", "SQL", None),
        (4, "web 2", "data", "query", "SQL", None),
    ]


def test_a_single_web_process_shares_with_nobody() -> None:
    drawn = of_two_tiers([web(1, 7001), DATABASE, NAMES], ADDRESS)
    assert [drawn.edges[edge]["shared"] for edge in edges(drawn, "request")] == [False, False]


@pytest.mark.parametrize(("ports", "asked"), [((), False), ((7000, 7002), False), ((80, 7001), True)])
def test_a_query_is_drawn_where_there_is_a_connection_to_the_port_of_the_database(ports, asked) -> None:
    drawn = of_two_tiers([web(1, *ports), web(2, 7001), DATABASE, NAMES], ADDRESS)
    assert edges(drawn, "query") == [("web 1", "data")] * asked + [("web 2", "data")]


def test_a_web_process_keeps_its_number_while_another_one_is_gone() -> None:
    drawn = of_two_tiers([web(2, 7001), DATABASE, NAMES], ADDRESS)
    assert edges(drawn, "request") == [("browser", "web 2"), ("phone", "web 2")]


def test_what_is_gone_is_not_drawn() -> None:
    assert list(of_two_tiers([web(1, 7001)], ADDRESS)) == ["browser", "phone", "web 1"]
    assert [*of_two_tiers([], ADDRESS).edges, *of_one_server([], ADDRESS).edges] == []


def test_a_database_that_ran_already_says_so() -> None:
    found = dataclasses.replace(DATABASE, process_id=None, memory_bytes=None)
    assert of_two_tiers([found], ADDRESS).nodes["data"]["note"] == "ran already"


def server(url: str, process=None) -> Server:
    made = sqlalchemy.make_url(url)
    return Server("postgresql", "PostgreSQL", "18.6", "real", "server", "", made, process, lambda: None)


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
    """As mysite.processes.OwnedProcess, of a server that is of no interest."""

    pid = 42


def test_of_another_users_database_its_process_and_its_address_are_known(monkeypatch) -> None:
    def refused(*anything):
        raise psutil.AccessDenied(42)

    monkeypatch.setattr(parts, "process_part", refused)
    found = database_part(server("postgresql://127.0.0.1:7001/mine", Owned()))
    assert (found.process_id, found.listens_on, found.port) == (42, ("tcp 127.0.0.1",), 7001)


@pytest.mark.parametrize(("user", "error"), [(os.geteuid(), psutil.NoSuchProcess), (12345, psutil.AccessDenied)])
def test_a_process_of_ours_that_is_closed_to_us_is_about_to_end(user, error, monkeypatch, tmp_path) -> None:
    def denied(process):
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(parts, "_sockets", denied)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    owned = SimpleNamespace(pid=os.getpid(), directory=tmp_path, running=lambda: True)
    with pytest.raises(error):
        parts.process_part("web process 1", "web", owned)


def test_a_database_that_has_ended_is_left_out(monkeypatch) -> None:
    def ended(*anything):
        raise psutil.NoSuchProcess(42)

    monkeypatch.setattr(parts, "process_part", ended)
    gone = server("postgresql://127.0.0.1:7001/mine", Owned())
    assert those_that_run([lambda: database_part(gone), lambda: NAMES]) == [NAMES]
