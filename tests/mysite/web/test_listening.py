"""Sockets on loopback, as the web server takes them."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mysite.topology import data_directory
from mysite.web import listening

LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
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
        listening.inherited(os.dup(idle.fileno()))


def test_one_that_listens_is_taken_as_it_is() -> None:
    with listening.bind(0) as first:
        first.listen()
        with listening.inherited(os.dup(first.fileno())) as again:
            assert again.getsockname() == first.getsockname()


def test_a_process_that_can_open_no_more_files_takes_connections_again_later(tmp_path: Path) -> None:
    """Its limit of open files is reached by idle connections; when they are gone, it answers as before."""
    with listening.bind(0) as shared:
        shared.listen()
        told = ["--descriptor", str(shared.fileno()), "--data", str(data_directory()), "--directory", str(tmp_path)]
        with subprocess.Popen(
            [sys.executable, "-c", LIMITED, *told],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[shared.fileno()],
        ) as process:  # fmt: skip
            assert process.stdout and process.stderr
            try:
                port = json.loads(process.stdout.readline())["port"]
                idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
                time.sleep(0.5)
                for each in idle:
                    each.close()
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/about", headers={"Host": "localhost"})
                assert connection.getresponse().status == 200
                connection.close()
                process.terminate()
                assert process.wait(10) == 0
            finally:
                process.kill()
            assert process.stderr.read() == b""
