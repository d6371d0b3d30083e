"""What a site consists of while it runs, as the operating system tells it, and the architecture that is drawn from it.

An architecture is a graph, for `lab.views.architecture`. Nodes have `kind` (browser, phone, name_server, web, cache,
data), `label`, `note` and `group` (where it runs, empty for what we would not run ourselves). Edges have `kind`
(lookup, reply, request, query), `label` and `step`, in the order of time: what both clients do has one number. Of the
processes to which `shared` requests lead any one takes each. No process id is in it: it is the same on every run.
"""

import contextlib
import os
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import networkx
import psutil

from mysite.engines import Server
from mysite.processes import OwnedProcess

SQLITE_HEADER = b"SQLite format 3\0"  # the first bytes of every database file
LAST_STANDARD_STREAM = 2  # the guard's files for standard output and error are no files of the server's own
POSTGRESQL_PORT = 5432  # where an address names none

CLIENTS = ("browser", "phone")
ONE_SERVER, WEB_TIER, DATA_TIER = "one server", "web tier", "data tier"
# PostgreSQL has a process for each connection, beside those that keep house
OWN_PROCESS, OWN_PROCESSES, NOT_OURS = "own process", "own processes", "ran already"

Node = tuple[str, str, str, str]  # kind, label, note, group


@dataclass(frozen=True)
class Part:
    """A part of the running system.

    `kind` is web, data, cache or name. `process_id` and `memory_bytes` are those of the process in which it
    runs, None for a server that was not started here. `listens_on` is as "tcp 127.0.0.1", all on `port`; both are
    empty for what lives within another part's process. `open_files` are names within the process's directory.
    `connected_to` are the ports to which it has opened a connection that is established.
    """

    name: str
    kind: str
    process_id: int | None
    listens_on: tuple[str, ...]
    port: int | None
    open_files: tuple[str, ...]
    memory_bytes: int | None
    connected_to: tuple[int, ...] = ()


def process_part(name: str, kind: str, owned: OwnedProcess) -> Part:
    """A process of ours. psutil.NoSuchProcess if it has ended, AccessDenied if another user's is closed to us."""
    process = psutil.Process(owned.pid)
    try:
        where, port, opened = _sockets(process)
        files, memory = _open_files(process, owned.directory.resolve()), process.memory_info().rss
    except psutil.AccessDenied:
        # one that is about to end is closed to its own user too
        if process.uids().effective == os.geteuid():
            raise psutil.NoSuchProcess(process.pid) from None
        raise
    # what has ended has nothing any more, and its number may be another process's
    if process.status() == psutil.STATUS_ZOMBIE or not owned.running():
        raise psutil.NoSuchProcess(process.pid)
    return Part(name, kind, process.pid, where, port, files, memory, opened)


def _sockets(process: psutil.Process) -> tuple[tuple[str, ...], int | None, tuple[int, ...]]:
    """Where it listens, on which port, and the ports to which it has opened connections."""
    sockets = process.net_connections("inet")
    listening = [
        each for each in sockets
        if each.status == psutil.CONN_LISTEN or (each.type == socket.SOCK_DGRAM and not each.raddr)
    ]  # fmt: skip
    where = {f"{'tcp' if each.type == socket.SOCK_STREAM else 'udp'} {each.laddr.ip}" for each in listening}
    ports = {each.laddr.port for each in listening}
    # a connection that another one has opened ends at a port on which this one listens
    opened = {
        each.raddr.port for each in sockets
        if each.status == psutil.CONN_ESTABLISHED and each.laddr.port not in ports
    }  # fmt: skip
    return tuple(sorted(where)), min(ports, default=None), tuple(sorted(opened))


def _open_files(process: psutil.Process, directory: Path) -> tuple[str, ...]:
    """Names within the directory, each once."""
    paths = [Path(each.path) for each in process.open_files() if each.fd > LAST_STANDARD_STREAM]
    return tuple(sorted({str(path.relative_to(directory)) for path in paths if path.is_relative_to(directory)}))


def database_part(server: Server) -> Part:
    """A database server. Of one that may not be looked into, or was not started here, what its address says.

    psutil.NoSuchProcess if it was started here and has ended.
    """
    if server.process:
        with contextlib.suppress(psutil.AccessDenied):  # another user's: in a container not even root may
            return process_part(server.product, "data", server.process)
    process_id = server.process.pid if server.process else None
    where = (f"tcp {server.url.host}",) if server.url.host else ()
    return Part(server.product, "data", process_id, where, server.url.port or POSTGRESQL_PORT, (), None)


def application_parts(owned: OwnedProcess, has_cache: bool) -> list[Part]:
    """The web application, and what lives in its process: each database whose file it has open, and its cache."""
    web = process_part("web application", "web", owned)
    within = []
    for database in (name for name in web.open_files if _is_database(owned.directory / name)):
        # SQLite's log and its index are named after the file
        files = tuple(name for name in web.open_files if name.startswith(database))
        within.append(Part("SQLite", "data", web.process_id, (), None, files, web.memory_bytes))
    if has_cache:
        within.append(Part("page cache", "cache", web.process_id, (), None, (), web.memory_bytes))
    return [web, *within]


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER


def those_that_run(finds: Iterable[Callable[[], Part]]) -> list[Part]:
    """What is found; a process that has ended is left out."""
    found = []
    for find in finds:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(find())
    return found


def of_one_server(parts: Sequence[Part], address: str) -> networkx.DiGraph:
    """The architecture of one server; `address` is what the name server answers."""
    nodes = {part.kind: (part.kind, part.name, "", ONE_SERVER) for part in parts if part.kind != "name"}
    drawn = _visited(nodes, parts, address)
    for step, store in enumerate(("cache", "data"), start=4):
        if store in drawn:
            drawn.add_edge("web", store, kind="query", label="", step=step)
    return drawn


def of_two_tiers(parts: Sequence[Part], address: str) -> networkx.DiGraph:
    """The architecture of two tiers: a query is drawn from a web process that has a connection to the database."""
    webs = {part.name.replace("web process", "web"): part for part in parts if part.kind == "web"}
    stores = [part for part in parts if part.kind == "data"]
    nodes = {node: ("web", node, OWN_PROCESS, WEB_TIER) for node in webs}
    for part in stores:
        nodes["data"] = ("data", part.name, OWN_PROCESSES if part.process_id else NOT_OURS, DATA_TIER)
    drawn = _visited(nodes, parts, address)
    connected = [(node, "data") for node, web in webs.items() for part in stores if part.port in web.connected_to]
    drawn.add_edges_from(connected, kind="query", label="SQL", step=4)
    return drawn


def _visited(nodes: dict[str, Node], parts: Sequence[Part], address: str) -> networkx.DiGraph:
    """The nodes and the name server, and two clients that look the name up and send a request."""
    drawn = networkx.DiGraph()
    around: dict[str, Node] = {client: (client, client, "", "") for client in CLIENTS} | nodes
    for part in parts:
        if part.kind == "name":
            around["name_server"] = ("name_server", part.name, "a third party's", "")
    for node, said in around.items():
        drawn.add_node(node, **dict(zip(("kind", "label", "note", "group"), said, strict=True)))
    webs = [node for node, (kind, *_) in nodes.items() if kind == "web"]
    for client in CLIENTS:
        if "name_server" in drawn:
            drawn.add_edge(client, "name_server", kind="lookup", label="api.mysite.com?", step=1)
            drawn.add_edge("name_server", client, kind="reply", label=address, step=2)
        for web in webs:
            drawn.add_edge(client, web, kind="request", label="GET /", step=3, shared=len(webs) > 1)
    return drawn
