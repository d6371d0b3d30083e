"""Real servers on loopback for what counts and times requests: our own name server, and the standard library's web."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mysite.names import zone

LOOPBACK = "127.0.0.1"


@contextmanager
def web_server(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve requests by this handler, each connection in a thread of its own; yield the port."""
    server = http.server.ThreadingHTTPServer((LOOPBACK, 0), handler)
    server.daemon_threads = True
    server.block_on_close = False  # a handler that never answers is not waited for
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def name_server(tmp_path_factory) -> Iterator[tuple[str, int]]:
    """The address of our own name server: 127.0.0.1 for the names of the zone, and empty.mysite.com without one."""
    path = tmp_path_factory.mktemp("names") / "zone"
    zone.create(path, LOOPBACK).set_address("below.empty.mysite.com", LOOPBACK)
    command = [sys.executable, "-m", "mysite.names.server", "--zone", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield LOOPBACK, json.loads(process.stdout.readline())["port"]
        process.terminate()
