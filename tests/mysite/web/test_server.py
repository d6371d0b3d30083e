"""The web server as a process: its command line, its ready line, and how it ends."""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from mysite import topology
from mysite.stores import relational
from mysite.web import server
from mysite.web.connections import BoundedConnection
from tests.mysite.watching import wait_until

DATA = topology.data_directory()


def command(directory: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "mysite.web", "--data", str(DATA), "--directory", str(directory), *more]


@contextmanager
def running(directory: Path, *more: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A web server and its port; what it wrote to standard error must be nothing."""
    with subprocess.Popen(
        command(directory, *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    ) as process:
        assert process.stdout and process.stderr
        try:
            ready = json.loads(process.stdout.readline())
            assert ready.keys() == {"port", "process_id"}
            assert ready["process_id"] == process.pid
            yield process, ready["port"]
        finally:
            process.kill()
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""


def status(port: int, path: str = "/about", host: str = "localhost", **fields: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Host": host, **fields})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path) as (process, port):
        sockets = psutil.Process(process.pid).net_connections
        assert [tuple(end.laddr) for end in sockets() if end.status == psutil.CONN_LISTEN] == [("127.0.0.1", port)]
        idle = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        idle.request("GET", "/", headers={"Host": "localhost"})
        assert idle.getresponse().read()
        with socket.create_connection(("127.0.0.1", port)) as half:
            half.sendall(b"GET / HTTP/1.1\r\n")
            wait_until(lambda: [end.status for end in sockets()].count(psutil.CONN_ESTABLISHED) == 2)
            process.send_signal(number)
            assert process.wait(3) == 0  # though one connection is idle and one request is not complete
        idle.close()


def test_a_signal_while_it_starts(tmp_path: Path) -> None:
    with subprocess.Popen(command(tmp_path), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: (tmp_path / "mysite.sqlite").exists())
        process.terminate()
        assert process.wait(5) == 0
        assert process.stderr and process.stderr.read() == b""


def test_the_port_that_it_is_told_also_right_after_another_server(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    with running(tmp_path / "first") as (process, port):
        assert status(port, Connection="close") == 200  # the server closes first: its port then rests a minute
        process.terminate()
        process.wait(5)
    with running(tmp_path / "second", "--port", str(port)) as (_, again):
        assert again == port
        assert status(again) == 200


def health(port: int) -> dict[str, Any]:
    """What the server says of itself."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/health", headers={"Host": "localhost"})
    account: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return account


def test_whether_pages_are_kept_and_which_names_are_added(tmp_path: Path) -> None:
    with running(tmp_path, "--cache-seconds", "0", MYSITE_HOSTS="proxy.example") as (_, port):
        assert status(port, host="proxy.example") == 200
        assert status(port, host="other.example") == 421
        assert status(port, host="localhost.:1") == 200
        assert health(port)["cache"] is None


def test_a_page_is_kept_for_the_seconds_that_it_is_told(tmp_path: Path) -> None:
    """The cache says how often it could answer: of three requests, the second, within the time, and not the third."""
    with running(tmp_path, "--cache-seconds", "2") as (_, port):
        assert [status(port), status(port)] == [200, 200]
        wait_until(lambda: status(port) == 200 and health(port)["cache"]["misses"] == 2, seconds=30)


def refusal(*arguments: str, **environment: str) -> str:
    """The message of a server that does not start."""
    start = subprocess.run(
        [sys.executable, "-m", "mysite.web", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=20,
    )
    assert start.returncode == 1
    assert start.stdout == ""
    assert start.stderr.startswith("the web application cannot start: ")
    assert start.stderr.count("\n") == 1
    return start.stderr


def test_what_it_cannot_start_with(tmp_path: Path) -> None:
    data, directory = ["--data", str(DATA)], ["--directory", str(tmp_path)]
    assert "65535" in refusal(*data, *directory, "--port", "65536")
    assert "MYSITE_HOSTS names 'a b'" in refusal(*data, *directory, MYSITE_HOSTS="a b")
    assert list(tmp_path.iterdir()) == []
    assert "mysite.sqlite" in refusal(*data, "--directory", str(tmp_path / "absent"))


def test_the_database_file_is_new(tmp_path: Path) -> None:
    path = tmp_path / "mysite.sqlite"
    with pytest.raises(FileNotFoundError, match=r"users\.csv"):
        server.filled_store(path, tmp_path)
    with pytest.raises(FileExistsError, match=r"mysite\.sqlite"):
        server.filled_store(path, DATA)
    path.unlink()
    store = server.filled_store(path, DATA)
    with store.connect() as connection:
        assert relational.number_of_users(connection) == 1000
    store.dispose()


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = server.parser().parse_args(["--data", "a", "--directory", "b"])
    assert arguments == argparse.Namespace(
        data=Path("a"), directory=Path("b"), port=0, descriptor=None, shared=False, cache_seconds=30
    )
    arguments = server.parser().parse_args(["--data", "a", "--directory", "b", "--port", "80", "--cache-seconds", "0"])
    assert (arguments.port, arguments.cache_seconds) == (80, 0)
    for seconds in ("-1", "-0.1", "nan", "inf", "soon"):
        with pytest.raises(SystemExit):
            server.parser().parse_args(["--data", "a", "--directory", "b", f"--cache-seconds={seconds}"])
        assert f"argument --cache-seconds: invalid seconds value: '{seconds}'" in capsys.readouterr().err
    assert " ".join(server.parser().format_help().split()).startswith("usage: python -m mysite.web [-h] [--data DATA]")
    text = " ".join(server.parser().format_help().split("\n\n", 1)[1].split())
    assert text == (
        "The web server: the application in a process of its own, on a database file of its own or a database server."
        " options: -h, --help show this help message and exit"
        " --data DATA the data set, read at the start"
        " --directory DIRECTORY where the database file is made"
        " --port PORT 0, the default, takes a free one"
        " --descriptor DESCRIPTOR of a listening socket, in place of a port"
        " --shared other processes take connections from that socket too"
        " --cache-seconds CACHE_SECONDS how long a finished page is kept: 30; with 0 none is"
    )


def test_how_uvicorn_runs_it() -> None:
    configuration = server.configuration(server.application)  # type: ignore[arg-type]
    assert configuration.app is server.application
    assert (configuration.http, configuration.ws, configuration.lifespan) == (BoundedConnection, "none", "off")
    assert configuration.log_level == "warning"
    assert configuration.backlog == 2048


def test_where_the_data_lives_is_a_matter_of_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(server.STORE_VARIABLE, raising=False)
    with pytest.raises(ValueError, match=r"give --data and --directory .* or set MYSITE_STORE"):
        server.configured_store(topology.data_directory(), None)
    monkeypatch.setenv(server.STORE_VARIABLE, "nowhere with a secret")
    with pytest.raises(ValueError, match="MYSITE_STORE is no address of a database") as refused:
        server.configured_store(None, None)
    assert "secret" not in str(refused.value)
    monkeypatch.setenv(server.STORE_VARIABLE, "postgresql+psycopg://ada:word@127.0.0.1:1/mysite")
    assert server.configured_store(None, None).url.port == 1
