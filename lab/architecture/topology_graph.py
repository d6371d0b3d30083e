"""The graph of a running site for `lab.architecture.diagram`: its parts as the system lists them and clients.

Nodes have `kind` (browser, phone, name_server, web, cache, data), `label`, `note` and `group` (where it runs, empty for
what we would not run ourselves). Edges have `kind` (lookup, reply, request, query), `label` and `step`, in the order of
time: what both clients do has one number. Of the processes to which `shared` requests lead any one takes each. No
process id is in it: it is the same on every run.
"""

from collections.abc import Sequence

import networkx

from mysite.parts import Part
from mysite.topology import OneServer, TwoTiers, parts

CLIENTS = ("browser", "phone")
ONE_SERVER, WEB_TIER, DATA_TIER = "one server", "web tier", "data tier"
# PostgreSQL has a process for each connection, beside those that keep house
OWN_PROCESS, OWN_PROCESSES, NOT_OURS = "own process", "own processes", "ran already"

Node = tuple[str, str, str, str]  # kind, label, note, group


def graph(site: OneServer | TwoTiers) -> networkx.DiGraph:
    """Return the running parts of the site, see `mysite.parts`, and two clients as an architecture."""
    of = of_one_server if isinstance(site, OneServer) else of_two_tiers
    return of(parts(site), site.address)


def of_one_server(running: Sequence[Part], address: str) -> networkx.DiGraph:
    """Return the architecture of one server; `address` is the name server's answer."""
    nodes = {part.kind: (part.kind, part.name, "", ONE_SERVER) for part in running if part.kind != "name"}
    site = _with_clients(nodes, running, address)
    for step, store in enumerate(("cache", "data"), start=4):
        if store in site:
            site.add_edge("web", store, kind="query", label="", step=step)
    return site


def of_two_tiers(running: Sequence[Part], address: str) -> networkx.DiGraph:
    """Return the architecture of two tiers, with a query from each web process that is connected to the database."""
    webs = {part.name.replace("web process", "web"): part for part in running if part.kind == "web"}
    stores = [part for part in running if part.kind == "data"]
    nodes = {node: ("web", node, OWN_PROCESS, WEB_TIER) for node in webs}
    for part in stores:
        nodes["data"] = ("data", part.name, OWN_PROCESSES if part.process_id else NOT_OURS, DATA_TIER)
    site = _with_clients(nodes, running, address)
    queries = [(node, "data") for node, web in webs.items() for part in stores if part.port in web.connected_to]
    site.add_edges_from(queries, kind="query", label="SQL", step=4)
    return site


def _with_clients(nodes: dict[str, Node], running: Sequence[Part], address: str) -> networkx.DiGraph:
    """The nodes and the name server, and two clients that look the name up and send a request."""
    site = networkx.DiGraph()
    around: dict[str, Node] = {client: (client, client, "", "") for client in CLIENTS} | nodes
    for part in running:
        if part.kind == "name":
            around["name_server"] = ("name_server", part.name, "a third party's", "")
    for node, values in around.items():
        site.add_node(node, **dict(zip(("kind", "label", "note", "group"), values, strict=True)))
    webs = [node for node, (kind, *_) in nodes.items() if kind == "web"]
    for client in CLIENTS:
        if "name_server" in site:
            site.add_edge(client, "name_server", kind="lookup", label="api.mysite.com?", step=1)
            site.add_edge("name_server", client, kind="reply", label=address, step=2)
        for web in webs:
            site.add_edge(client, web, kind="request", label="GET /", step=3, shared=len(webs) > 1)
    return site
