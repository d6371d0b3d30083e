"""Requests that any one of several parts may take: one arrow to the outline of their group, not one to each of them."""

import networkx

from lab.architecture.arrangement import group_of, name_of


def outline_of(group: str) -> str:
    """Return the node that stands for the outline of a group."""
    return f"the outline of {group}"


def share_arrows(graph: networkx.DiGraph) -> networkx.DiGraph:
    """Return the graph with one edge to a group's outline for the `shared` edges from a part to several of the group.

    The outline is a node of their kind, and named 'a, b or c'. It has no place of its own.
    """
    sharing: dict[tuple[str, str], list[str]] = {}
    for source, target, shared in graph.edges(data="shared"):
        if shared and group_of(graph, target):
            sharing.setdefault((source, group_of(graph, target)), []).append(target)
    copy = graph.copy()
    for (source, group), targets in sharing.items():
        if len(targets) > 1:
            copy.add_node(outline_of(group), kind=graph.nodes[targets[0]]["kind"], label=_either(graph, targets))
            copy.add_edge(source, outline_of(group), **graph.edges[source, targets[0]])
            copy.remove_edges_from((source, target) for target in targets)
    return copy


def _either(graph: networkx.DiGraph, nodes: list[str]) -> str:
    """The names of the nodes, as in 'a or b' and 'a, b or c'."""
    names = [name_of(graph, node) for node in nodes]
    return f"{', '.join(names[:-1])} or {names[-1]}"
