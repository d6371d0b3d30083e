"""One connection seen from both of its ends: the operating system says which process holds the other end."""

import contextlib

import httpcore
import psutil

from lab.instruments.counting import CountingBackend
from lab.instruments.visit import Site
from mysite.names.resolver import StubResolver


def holder_of_the_other_end(site: Site, host: str = "api.mysite.com", resolver: StubResolver | None = None) -> int:
    """Send a request to the site by its name, and return the id of the process at the other end of the connection.

    Whoever stood between the two, a proxy or a forwarder, would hold it instead of the web server. Only processes
    of this user are seen; LookupError where none of them holds it.
    """
    backend = CountingBackend(site.resolver() if resolver is None else resolver)
    with (
        httpcore.ConnectionPool(network_backend=backend, max_connections=1) as pool,
        pool.stream("GET", f"http://{host}:{site.port}/health") as response,
    ):
        own_end = response.extensions["network_stream"].get_extra_info("socket")
        ours, theirs = own_end.getsockname(), own_end.getpeername()
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                connections = process.net_connections("tcp")
                if any((connection.laddr, connection.raddr) == (theirs, ours) for connection in connections):
                    return process.pid
    raise LookupError(f"No process of this user holds the other end of the connection to {host}.")
