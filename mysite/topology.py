"""What runs where. One server: the web application with its database and its cache in one process. Two tiers: web
processes that share a socket, and a database server. Beside either the name server that a third party would run for us.
"""

import http.client
import json
import os
import socket
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

from mysite import engines, processes
from mysite.clock import Clock
from mysite.names import zone
from mysite.names.resolver import StubResolver
from mysite.parts import (
    Part,
    application_parts,
    database_part,
    process_part,
    running_parts,
)
from mysite.processes import Manner, OwnedProcess
from mysite.stores import relational
from mysite.web.listening import WAITING, bind
from mysite.web.server import STORE_VARIABLE

ADDRESS = "127.0.0.1"
ZONE_FILE = "mysite.com.zone"
RESTART_AFTER_S = 0.5
# of the database; and so many more than web processes, as one that was killed leaves its own for a moment
CONNECTIONS, SPARE = 20, 5
AT_ONCE = 8  # servers that start; each has its own time for that, which the others take from it


@dataclass(frozen=True)
class Site:
    """The running site, whatever it runs on: where its web server listens, and its name server with the `zone`.

    It runs until it is stopped, or until no name stands for it any more: so a cell that is run again replaces it.
    """

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
        """Every server that was started for it, by its name in messages."""
        raise NotImplementedError

    def stop(self) -> None:
        """End all servers; on return their processes and directories are gone. Again: nothing happens."""
        _stop([server.stop for server in self.servers().values()])

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

    `listener` is the socket that the web processes share. As a context manager all is stopped at the end.
    """

    webs: tuple[OwnedProcess, ...]
    database: engines.Server
    listener: socket.socket

    def servers(self) -> dict[str, OwnedProcess]:
        """The web processes, the database server, if it was started here, and the name server."""
        webs = {f"web process {number}": web for number, web in enumerate(self.webs, start=1)}
        database = {"the database server": self.database.process} if self.database.process else {}
        return {**webs, **database, "the name server": self.names}

    def stop(self) -> None:
        """End all servers, and remove what was made on a database server that goes on running."""
        with ExitStack() as ends:  # the last one first; and each, whatever becomes of another
            ends.callback(self.database.stop)
            ends.callback(self.listener.close)
            ends.callback(_stop, [self.names.stop, *(web.stop for web in self.webs)])


def one_server(cache_seconds: float = 30, http_port: int = 0, dns_port: int = 0) -> OneServer:
    """Start the web application on the data set, and the name server that gives its address.

    The web application keeps a finished page `cache_seconds`; with 0 it has no page cache. A port of 0 is any that
    is free.
    FileNotFoundError if the data set is not there; RuntimeError or TimeoutError if a server does not start.
    """
    data = data_directory()
    with ExitStack() as ends:
        start_web = partial(
            processes.start, lambda directory: _web_command(data, directory, cache_seconds, http_port), "the web server"
        )
        names, web = _start(ends, [partial(_start_names, dns_port), start_web])
        ends.pop_all()
    return OneServer(ADDRESS, web.ready["port"], zone.Zone(names.directory / ZONE_FILE), names, web)


def two_tiers(
    web: int = 2, connections: int | None = None, http_port: int = 0, dns_port: int = 0,
    restart_after_s: float = RESTART_AFTER_S, private: bool = True,
) -> TwoTiers:
    """Start a database server with the data set, so many web processes that ask it, and the name server.

    The database takes so many connections at once, and each web process holds one: unless it is said how many, there
    are enough for all. A process that ends by itself is
    started again after `restart_after_s`. Unless `private`, the reader's own database server serves, where one is named
    (see `mysite.engines`), and a database is made on it. There is no page cache: each web process would have its own,
    and show for a while what another one has changed.

    ValueError for fewer than one web process or connection; FileNotFoundError if the data set is not there;
    engines.AbsentError where the database cannot be had; RuntimeError or TimeoutError if a server does not start.
    """
    if connections is None:
        connections = max(CONNECTIONS, web + SPARE)
    if web < 1 or connections < 1:
        raise ValueError(f"a tier needs one process and one connection at least, not {web} and {connections}")
    data = data_directory()
    with ExitStack() as ends:
        listener = ends.enter_context(bind(http_port))
        listener.listen(WAITING)
        database = engines.open(
            "postgresql", connections=connections, restart_after_s=restart_after_s, private=private, least=web
        )
        ends.callback(database.stop)
        store = relational.open_store(database.url)
        relational.load(store, data)
        store.dispose()
        descriptor = listener.fileno()
        command = [sys.executable, "-m", "mysite.web", "--descriptor", str(descriptor), "--cache-seconds", "0"]
        command += ["--shared"] if web > 1 else []
        manner = Manner(
            restart_after_s=restart_after_s,
            environment={STORE_VARIABLE: database.url.render_as_string(hide_password=False)},
            descriptors=(descriptor,),
        )
        start_webs = [
            partial(processes.start, lambda directory: command, f"web process {number}", manner=manner)
            for number in range(1, web + 1)
        ]
        names, *webs = _start(ends, [partial(_start_names, dns_port), *start_webs])
        ends.pop_all()
    port = listener.getsockname()[1]
    site = TwoTiers(ADDRESS, port, zone.Zone(names.directory / ZONE_FILE), names, tuple(webs), database, listener)
    weakref.finalize(site, listener.close)
    return site


def _start(ends: ExitStack, starts: Sequence[Callable[[], OwnedProcess]]) -> list[OwnedProcess]:
    """Start servers at the same time, which end with `ends`. If one does not start, none of them is left."""
    threads = ThreadPoolExecutor(min(len(starts), AT_ONCE))
    futures = [threads.submit(start) for start in starts]
    try:
        servers = [future.result() for future in futures]
    except BaseException:
        for future in futures:  # the thread that starts it ends it, however often this one is interrupted
            if not future.cancel():
                future.add_done_callback(_end)
        raise
    finally:
        threads.shutdown()
    for server in servers:
        ends.callback(server.stop)
    return servers


def _end(server: "Future[OwnedProcess]") -> None:
    """End the server of a start that is over; of one that has failed there is none."""
    if not server.exception():
        server.result().stop()


def _stop(stops: Sequence[Callable[[], None]]) -> None:
    """Call all at the same time, and return when the last one has returned. The first exception of one."""
    with ThreadPoolExecutor(len(stops)) as threads:
        try:
            futures = [threads.submit(stop) for stop in stops]
        except RuntimeError:  # the interpreter ends, and starts no thread any more
            for stop in stops:
                stop()
            return
    for future in futures:
        future.result()


def _start_names(port: int) -> OwnedProcess:
    return processes.start(lambda directory: _names_command(directory, port), "the name server")


def data_directory() -> Path:
    """The directory of the data set: $MYSITE_DATA, else data/mysite beside the package in the checkout.

    FileNotFoundError if it is not there.
    """
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


def parts(site: OneServer | TwoTiers) -> list[Part]:
    """The parts that run, by the operating system; of those within one web process also by /health.

    Of two tiers a process that has ended is no part, until it has been started again.
    """
    if isinstance(site, OneServer):
        within = application_parts(site.web, has_cache=bool(health(site)["cache"]))
        return [*within, process_part("name server", "name", site.names)]
    webs = [
        partial(process_part, f"web process {number}", "web", web) for number, web in enumerate(site.webs, start=1)
    ]
    names = partial(process_part, "name server", "name", site.names)
    return running_parts([*webs, partial(database_part, site.database), names])


def health(site: Site) -> dict[str, Any]:
    """The JSON object that the web application answers to GET /health.

    ConnectionError, or another OSError, if it does not say that it is well.
    """
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
