"""Sockets on loopback, as the web server takes them."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from mysite.topology import data_directory
from mysite.web import listening

MOST_FILES = 60
LIMITED = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({MOST_FILES}, {MOST_FILES}))
from mysite.web.server import main
main()
"""


def test_a_port_that_is_taken() -> None:
    with listening.bind(0) as first, listening.bind(0) as second:
        first.listen()
        assert first.getsockname()[0] == "127.0.0.1"
        assert first.getsockname() != second.getsockname()
        with pytest.raises(OSError, match="in use"):
            listening.bind(first.getsockname()[1])


def test_a_descriptor_that_does_not_listen_is_refused() -> None:
    with socket.socket() as idle, pytest.raises(OSError, match="does not listen"):
        listening.inherited_socket(os.dup(idle.fileno()))


def test_one_that_listens_is_taken_as_it_is() -> None:
    with listening.bind(0) as first:
        first.listen()
        with listening.inherited_socket(os.dup(first.fileno())) as again:
            assert again.getsockname() == first.getsockname()


def test_a_process_that_can_open_no_more_files_takes_connections_again_later(tmp_path: Path) -> None:
    """Its limit of open files is reached by idle connections; when they are gone, it answers as before."""
    with listening.bind(0) as listener:
        listener.listen()
        options = ["--shared", "--descriptor", str(listener.fileno())]
        options += ["--data", str(data_directory()), "--directory", str(tmp_path)]
        with subprocess.Popen(
            [sys.executable, "-c", LIMITED, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[listener.fileno()],
        ) as process:  # fmt: skip
            assert process.stdout and process.stderr
            try:
                port = json.loads(process.stdout.readline())["port"]
                idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
                warning = process.stderr.readline()  # it has tried to take one more
                for client in idle:
                    client.close()
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/about", headers={"Host": "localhost"})
                assert connection.getresponse().status == 200
                connection.close()
                process.terminate()
                assert process.wait(10) == 0
            finally:
                process.kill()
            assert warning.startswith(b"WARNING:  no connection can be taken for a while: ")


class Counting(listening.SharingServer):
    """A server that counts how often it has let others go first."""

    waits = 0

    def _let_others_go_first(self, listener: socket.socket) -> None:
        self.waits += 1
        super()._let_others_go_first(listener)


async def hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


def test_who_comes_after_many_does_not_wait_for_each_of_them() -> None:
    with listening.bind(0) as listener, contextlib.ExitStack() as clients:
        listener.listen(listening.WAITING)
        address = listener.getsockname()
        idle = [clients.enter_context(socket.create_connection(address)) for _ in range(200)]
        last = clients.enter_context(socket.create_connection(address, timeout=10))
        last.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server = Counting(uvicorn.Config(hello, lifespan="off", log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            assert last.recv(15) == b"HTTP/1.1 200 OK"
        finally:
            server.should_exit = True
            for client in (*idle, last):
                client.close()
            thread.join(10)
    assert not thread.is_alive()
    assert server.waits <= 1 + 2 * listening.PATIENT  # the first is taken at once, and it was patient once or twice
