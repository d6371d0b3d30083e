"""What runs where. One server: the web application with its database and its cache in one process. Two tiers: web
processes that share a socket, and a database server. Beside either the name server that a third party would run for us.
"""

import http.client
import json
import os
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import networkx
import psutil

from mysite import engines, processes
from mysite.clock import Clock
from mysite.names import zone
from mysite.names.resolver import StubResolver
from mysite.processes import Manner, OwnedProcess
from mysite.stores import relational
from mysite.web.server import STORE_VARIABLE, WAITING, bind

ADDRESS = "127.0.0.1"
ZONE_FILE = "mysite.com.zone"
SQLITE_HEADER = b"SQLite format 3\0"  # the first bytes of every database file
RESTART_AFTER_S = 0.5
LAST_STANDARD_STREAM = 2  # the guard's files for standard output and error are no files of the server's own


@dataclass(frozen=True)
class Site:
    """The running site, whatever it runs on: where its web server listens, and its name server with the `zone`."""

    address: str
    port: int
    zone: zone.Zone
    names: OwnedProcess

    def resolver(self, clock: Clock | None = None, ids: Iterator[int] | None = None) -> StubResolver:
        """A new stub resolver, which knows nothing yet, for the site's name server."""
        return StubResolver((self.address, self.names.ready["port"]), clock, ids)

    def url(self, path: str = "/", host: str = "api.mysite.com") -> str:
        """The address of a page, as a browser shows it: http://api.mysite.com:PORT/"""
        return f"http://{host}:{self.port}{path}"

    def servers(self) -> dict[str, OwnedProcess]:
        """Every server that was started for it, by what it is."""
        raise NotImplementedError

    def stop(self) -> None:
        """End all servers; on return their processes and directories are gone. Again: nothing happens."""
        for server in self.servers().values():
            server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


@dataclass(frozen=True)
class OneServer(Site):
    """The site on one server. As a context manager it is stopped at the end."""

    web: OwnedProcess

    def servers(self) -> dict[str, OwnedProcess]:
        """The web server and the name server."""
        return {"the web server": self.web, "the name server": self.names}


@dataclass(frozen=True)
class TwoTiers(Site):
    """The site on two tiers: the processes of the web tier, and the database server of the data tier.

    `listening` is the socket that the web processes share. As a context manager all is stopped at the end.
    """

    webs: tuple[OwnedProcess, ...]
    database: engines.Server
    listening: socket.socket

    def servers(self) -> dict[str, OwnedProcess]:
        """The web processes, the database server, if it was started here, and the name server."""
        webs = {f"web process {number}": web for number, web in enumerate(self.webs, start=1)}
        database = {"the database server": self.database.process} if self.database.process else {}
        return {**webs, **database, "the name server": self.names}

    def stop(self) -> None:
        """End all servers, and remove what was made on a database server that goes on running."""
        for web in self.webs:
            web.stop()
        self.listening.close()
        self.database.stop()
        self.names.stop()


def one_server(cache_seconds: float = 30, http_port: int = 0, dns_port: int = 0) -> OneServer:
    """Start the web application on the data set, and the name server that gives its address.

    The web application keeps a finished page `cache_seconds`; with 0 it has no page cache. A port of 0 is any that
    is free.
    FileNotFoundError if the data set is not there; RuntimeError or TimeoutError if a server does not start.
    """
    data = data_directory()
    with ExitStack() as started:
        names = _start_names(dns_port)
        started.callback(names.stop)
        web = processes.start(
            lambda directory: _web_command(data, directory, cache_seconds, http_port), "the web server"
        )
        started.pop_all()
    return OneServer(ADDRESS, web.ready["port"], zone.Zone(names.directory / ZONE_FILE), names, web)


def two_tiers(
    web: int = 2, connections: int = 20, http_port: int = 0, dns_port: int = 0, restart_after_s: float = RESTART_AFTER_S
) -> TwoTiers:
    """Start a database server with the data set, so many web processes that ask it, and the name server.

    The database takes so many connections at once, and each web process holds one. A process that ends by itself is
    started again after `restart_after_s`. There is no page cache: each web process would have its own, and show for a
    while what another one has changed.

    ValueError for fewer than one web process or connection; engines.AbsentError where the database cannot be had;
    RuntimeError or TimeoutError if a server does not start.
    """
    if web < 1 or connections < 1:
        raise ValueError(f"a tier needs one process and one connection at least, not {web} and {connections}")
    data = data_directory()
    with ExitStack() as started:
        listening = started.enter_context(bind(http_port))
        listening.listen(WAITING)
        names = _start_names(dns_port)
        started.callback(names.stop)
        database = engines.open("postgresql", connections=connections, restart_after_s=restart_after_s)
        started.callback(database.stop)
        store = relational.open_store(database.url)
        relational.load(store, data)
        store.dispose()
        descriptor = listening.fileno()
        command = [sys.executable, "-m", "mysite.web", "--descriptor", str(descriptor), "--cache-seconds", "0"]
        manner = Manner(
            restart_after_s=restart_after_s,
            environment={STORE_VARIABLE: database.url.render_as_string(hide_password=False)},
            descriptors=(descriptor,),
        )
        with ThreadPoolExecutor(web) as starting:
            begun = [
                starting.submit(processes.start, lambda directory: command, f"web process {number}", manner=manner)
                for number in range(1, web + 1)
            ]
        for each in begun:
            if not each.exception():
                started.callback(each.result().stop)
        webs = [each.result() for each in begun]
        started.pop_all()
    port = listening.getsockname()[1]
    return TwoTiers(ADDRESS, port, zone.Zone(names.directory / ZONE_FILE), names, tuple(webs), database, listening)


def _start_names(port: int) -> OwnedProcess:
    return processes.start(lambda directory: _names_command(directory, port), "the name server")


def data_directory() -> Path:
    """Where the data set of mysite is: $MYSITE_DATA, else data/mysite beside the package in the checkout."""
    beside = Path(__file__).resolve().parents[1] / "data" / "mysite"
    directory = Path(os.environ.get("MYSITE_DATA") or beside).resolve()
    if not directory.is_dir():
        raise FileNotFoundError(
            f"there is no data set at {directory}: work in a checkout of the book, or set MYSITE_DATA to its"
            " directory data/mysite"
        )
    return directory


def _names_command(directory: Path, port: int) -> list[str]:
    zone.create(directory / ZONE_FILE, ADDRESS)
    command = [sys.executable, "-m", "mysite.names.server", "--zone", str(directory / ZONE_FILE)]
    return [*command, "--port", str(port)]


def _web_command(data: Path, directory: Path, cache_seconds: float, port: int) -> list[str]:
    command = [sys.executable, "-m", "mysite.web", "--data", str(data), "--directory", str(directory)]
    return [*command, "--cache-seconds", str(cache_seconds), "--port", str(port)]


@dataclass(frozen=True)
class Part:
    """A part of the running system.

    `kind` is web, data, cache or name. `process_id` and `memory_bytes` are those of the process in which it
    runs. `listens_on` is as "tcp 127.0.0.1", all on `port`; both are empty for what lives within another part's
    process. `open_files` are names within the process's directory.
    """

    name: str
    kind: str
    process_id: int
    listens_on: tuple[str, ...]
    port: int | None
    open_files: tuple[str, ...]
    memory_bytes: int


def parts(site: OneServer) -> list[Part]:
    """What runs, as the operating system tells it; of what lives within the web process, as /health tells it."""
    web = _process_part("web application", "web", site.web)
    within = []
    databases = [name for name in web.open_files if _is_database(site.web.directory / name)]
    for database in databases:
        # SQLite's log and its index are named after the file
        files = tuple(name for name in web.open_files if name.startswith(database))
        within.append(Part("SQLite", "data", web.process_id, (), None, files, web.memory_bytes))
    if health(site)["cache"]:
        within.append(Part("page cache", "cache", web.process_id, (), None, (), web.memory_bytes))
    return [web, *within, _process_part("name server", "name", site.names)]


def health(site: OneServer) -> dict[str, Any]:
    """What the web application answers to GET /health. ConnectionError if it does not say that it is well."""
    connection = http.client.HTTPConnection(site.address, site.port, timeout=5)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise ConnectionError(f"GET /health is answered with {answer.status}: {body[:200]!r}")
    return dict(json.loads(body))


def _process_part(name: str, kind: str, owned: OwnedProcess) -> Part:
    process = psutil.Process(owned.pid)
    sockets = [
        (f"{'tcp' if each.type == socket.SOCK_STREAM else 'udp'} {each.laddr.ip}", each.laddr.port)
        for each in process.net_connections("inet")
        if each.status == psutil.CONN_LISTEN or (each.type == socket.SOCK_DGRAM and not each.raddr)
    ]
    directory = owned.directory.resolve()
    files = {
        str(Path(each.path).relative_to(directory))
        for each in process.open_files()
        if each.fd > LAST_STANDARD_STREAM and Path(each.path).is_relative_to(directory)
    }
    (port,) = {port for _, port in sockets}
    listens_on = tuple(sorted(where for where, _ in sockets))
    return Part(name, kind, owned.pid, listens_on, port, tuple(sorted(files)), process.memory_info().rss)


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SQLITE_HEADER)) == SQLITE_HEADER


GROUP = "one server"


def graph(site: OneServer) -> networkx.DiGraph:
    """The running parts and two clients as an architecture, for `lab.views.architecture`.

    Nodes have `kind` (browser, phone, name_server, web, cache, data), `label`, `note` and `group` (where it runs,
    empty for what we would not run ourselves). Edges have `kind` (lookup, reply, request, query), `label` and
    `step`, in the order of time: what both clients do has one number.
    """
    drawn = networkx.DiGraph()
    for client in ("browser", "phone"):
        drawn.add_node(client, kind=client, label=client, note="", group="")
    for part in parts(site):
        match part.kind:
            case "name":
                drawn.add_node("name_server", kind="name_server", label=part.name, note="a third party's", group="")
            case kind:
                drawn.add_node(kind, kind=kind, label=part.name, note="", group=GROUP)
    for client in ("browser", "phone"):
        drawn.add_edge(client, "name_server", kind="lookup", label="api.mysite.com?", step=1)
        drawn.add_edge("name_server", client, kind="reply", label=site.address, step=2)
        drawn.add_edge(client, "web", kind="request", label="GET /", step=3)
    for step, store in enumerate(("cache", "data"), start=4):
        if store in drawn:
            drawn.add_edge("web", store, kind="query", label="", step=step)
    return drawn
