"""lab/architecture/topology_graph.py, with invented parts: test_topology and test_two_tiers draw those that run."""

import dataclasses

import pytest

from lab.architecture.topology_graph import of_one_server, of_two_tiers
from mysite.parts import Part

ADDRESS = "127.0.0.9"
NAMES = Part("name server", "name", 9, ("tcp 127.0.0.1", "udp 127.0.0.1"), 5353, (), 1)
DATABASE = Part("PostgreSQL", "data", 5, ("tcp 127.0.0.1",), 7001, (), 1)


def web(number: int, *connected_to: int) -> Part:
    return Part(f"web process {number}", "web", 10 + number, ("tcp 127.0.0.1",), 8000, (), 1, connected_to)


def edges(site, kind):
    return [edge for edge in site.edges if site.edges[edge]["kind"] == kind]


def test_two_tiers() -> None:
    site = of_two_tiers([web(1, 7001), web(2, 7001), DATABASE, NAMES], ADDRESS)
    nodes = {node: tuple(site.nodes[node][key] for key in ("kind", "label", "note", "group")) for node in site}
    assert nodes == {
        "browser": ("browser", "browser", "", ""),
        "phone": ("phone", "phone", "", ""),
        "web 1": ("web", "web 1", "own process", "web tier"),
        "web 2": ("web", "web 2", "own process", "web tier"),
        "data": ("data", "PostgreSQL", "own processes", "data tier"),
        "name_server": ("name_server", "name server", "a third party's", ""),
    }
    steps = sorted(
        (edge["step"], source, target, edge["kind"], edge["label"], edge.get("shared"))
        for source, target, edge in site.edges(data=True)
    )
    assert steps == [
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
    site = of_two_tiers([web(1, 7001), DATABASE, NAMES], ADDRESS)
    assert [site.edges[edge]["shared"] for edge in edges(site, "request")] == [False, False]


@pytest.mark.parametrize(("ports", "has_query"), [((), False), ((7000, 7002), False), ((80, 7001), True)])
def test_a_query_is_drawn_where_there_is_a_connection_to_the_port_of_the_database(ports, has_query) -> None:
    site = of_two_tiers([web(1, *ports), web(2, 7001), DATABASE, NAMES], ADDRESS)
    assert edges(site, "query") == [("web 1", "data")] * has_query + [("web 2", "data")]


def test_a_web_process_keeps_its_number_while_another_one_is_gone() -> None:
    site = of_two_tiers([web(2, 7001), DATABASE, NAMES], ADDRESS)
    assert edges(site, "request") == [("browser", "web 2"), ("phone", "web 2")]


def test_what_is_gone_is_not_drawn() -> None:
    assert list(of_two_tiers([web(1, 7001)], ADDRESS)) == ["browser", "phone", "web 1"]
    assert [*of_two_tiers([], ADDRESS).edges, *of_one_server([], ADDRESS).edges] == []


def test_a_database_that_ran_already_says_so() -> None:
    ran_already = dataclasses.replace(DATABASE, process_id=None, memory_bytes=None)
    assert of_two_tiers([ran_already], ADDRESS).nodes["data"]["note"] == "ran already"
