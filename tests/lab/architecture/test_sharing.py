"""lab/architecture/sharing.py"""

import networkx

from lab.architecture.sharing import outline_of, share_arrows


def requests_to(*groups: str, shared: bool = True) -> networkx.DiGraph:
    """A browser that asks a web server in each of these groups, first of all the last one."""
    graph = networkx.DiGraph()
    graph.add_node("browser", kind="browser")
    for number, group in reversed(list(enumerate(groups, start=1))):
        graph.add_node(number, kind="web", label=f"web {number}", group=group)
        graph.add_edge("browser", number, kind="request", label="GET /", step=3, shared=shared)
    return graph


def test_shared_edges_into_one_group_become_one() -> None:
    graph = requests_to("tier", "tier", "tier")
    shared = share_arrows(graph)
    assert list(shared.edges) == [("browser", outline_of("tier"))]
    assert shared.edges["browser", outline_of("tier")] == {
        "kind": "request", "label": "GET /", "step": 3, "shared": True,
    }  # fmt: skip
    assert shared.nodes[outline_of("tier")] == {"kind": "web", "label": "web 3, web 2 or web 1"}
    assert len(graph.edges) == 3, "the graph itself stays as it is"


def test_each_group_and_each_client_has_its_own() -> None:
    graph = requests_to("one", "one", "other", "other")
    graph.add_node("phone", kind="phone")
    graph.add_edges_from((("phone", number) for number in (1, 2)), kind="request", shared=True)
    assert set(share_arrows(graph).edges) == {
        ("browser", outline_of("one")), ("browser", outline_of("other")), ("phone", outline_of("one")),
    }  # fmt: skip
    assert share_arrows(graph).nodes[outline_of("other")]["label"] == "web 4 or web 3"


def test_what_is_asked_alone_or_without_a_group_or_not_shared_keeps_its_edge() -> None:
    for graph in (
        requests_to("tier"), requests_to("", ""), requests_to("one", "other"), requests_to("tier", "tier", shared=False)
    ):
        assert list(share_arrows(graph).edges) == list(graph.edges)
        assert list(share_arrows(graph)) == list(graph)
