import dataclasses
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lab.architecture.topology_graph import graph
from mysite import topology
from mysite.clock import MovableClock
from mysite.names.resolver import questions_answered
from tests.mysite.open_to_all import directory_for_all
from tests.mysite.watching import environment_in, started_in, wait_until


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """A directory for the temporary files of all these tests."""
    with directory_for_all() as directory:
        yield directory


@pytest.fixture(scope="module")
def site(temporary: Path) -> Iterator[topology.OneServer]:
    with topology.one_server() as running:
        yield running
    assert not running.web.running()
    assert not running.names.running()
    assert not running.web.directory.exists()
    assert not running.names.directory.exists()


def get(address: str, port: int, host: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(address, port, timeout=5)
    connection.request("GET", "/", headers={"Host": host, "Connection": "close"})
    return connection.getresponse()


def test_the_address_in_the_answer_is_where_the_web_server_really_listens(site: topology.OneServer) -> None:
    answer = site.resolver().resolve("api.mysite.com")
    assert answer.ttl_s == 300
    (address,) = answer.addresses
    sockets = psutil.Process(site.web.pid).net_connections("tcp")
    assert [tuple(end.laddr) for end in sockets if end.status == psutil.CONN_LISTEN] == [(address, site.port)]
    assert get(address, site.port, "api.mysite.com").status == 200
    assert site.address == address


def test_every_resolver_starts_with_nothing(site: topology.OneServer) -> None:
    clock = MovableClock()
    first = site.resolver(clock, ids=iter([7]))
    assert first.resolve("www.mysite.com").question[:2] == b"\x00\x07"
    clock.move(299)
    assert first.resolve("www.mysite.com").from_cache
    clock.move(1)
    assert not site.resolver(clock).resolve("www.mysite.com").from_cache


def test_the_zone_is_the_one_that_is_served(site: topology.OneServer) -> None:
    site.zone.set_address("shop.mysite.com", "127.0.0.9")
    assert site.resolver().resolve("shop.mysite.com").addresses == ("127.0.0.9",)


def test_urls(site: topology.OneServer) -> None:
    assert site.url() == f"http://api.mysite.com:{site.port}/"
    assert site.url("/users/1", host="www.mysite.com") == f"http://www.mysite.com:{site.port}/users/1"


def test_the_parts(site: topology.OneServer) -> None:
    get(site.address, site.port, "api.mysite.com").read()
    web, data, cache, name = topology.parts(site)
    assert (web.name, web.kind, web.process_id) == ("web application", "web", site.web.pid)
    assert (web.listens_on, web.port) == (("tcp 127.0.0.1",), site.port)
    assert (data.name, data.kind, data.process_id) == ("SQLite", "data", site.web.pid)
    assert (data.listens_on, data.port) == ((), None)
    assert data.open_files
    assert set(data.open_files) <= set(web.open_files)
    assert not {"stdout", "server.log"} & set(web.open_files)
    header = (site.web.directory / data.open_files[0]).read_bytes()[:16]
    assert header == b"SQLite format 3\0"
    assert (cache.name, cache.kind, cache.process_id) == ("page cache", "cache", site.web.pid)
    assert (cache.listens_on, cache.port, cache.open_files) == ((), None, ())
    assert (name.name, name.kind, name.process_id) == ("name server", "name", site.names.pid)
    assert (name.listens_on, name.port) == (("tcp 127.0.0.1", "udp 127.0.0.1"), site.names.ready["port"])
    assert name.open_files == ()
    assert 5e6 < name.memory_bytes < 5e8
    assert 5e6 < web.memory_bytes == data.memory_bytes == cache.memory_bytes < 5e8


def test_the_graph(site: topology.OneServer) -> None:
    architecture = graph(site)
    keys = ("kind", "label", "note", "group")
    nodes = {node: tuple(values[key] for key in keys) for node, values in architecture.nodes(data=True)}
    assert nodes == {
        "browser": ("browser", "browser", "", ""),
        "phone": ("phone", "phone", "", ""),
        "web": ("web", "web application", "", "one server"),
        "data": ("data", "SQLite", "", "one server"),
        "cache": ("cache", "page cache", "", "one server"),
        "name_server": ("name_server", "name server", "a third party's", ""),
    }
    edges = sorted(
        (edge["step"], source, target, edge["kind"], edge["label"])
        for source, target, edge in architecture.edges(data=True)
    )
    assert edges == [
        (1, "browser", "name_server", "lookup", "api.mysite.com?"),
        (1, "phone", "name_server", "lookup", "api.mysite.com?"),
        (2, "name_server", "browser", "reply", "127.0.0.1"),
        (2, "name_server", "phone", "reply", "127.0.0.1"),
        (3, "browser", "web", "request", "GET /"),
        (3, "phone", "web", "request", "GET /"),
        (4, "web", "cache", "query", ""),
        (5, "web", "data", "query", ""),
    ]


def test_a_site_that_is_not_well(site: topology.OneServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ill:

        def answer() -> None:
            connection, _ = ill.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nfull")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ConnectionError, match=r"^GET /health is answered with 503: b'full'$"):
            topology.health(dataclasses.replace(site, port=ill.getsockname()[1]))
        thread.join()


def test_two_at_once_and_stopping_one(site: topology.OneServer) -> None:
    other = topology.one_server()
    assert {other.port, other.names.ready["port"]}.isdisjoint({site.port, site.names.ready["port"]})
    other.stop()
    other.stop()
    assert not other.names.running()
    assert get(site.address, site.port, "api.mysite.com").status == 200
    site.resolver().resolve("api.mysite.com")
    assert questions_answered((site.address, site.names.ready["port"])) > 0


def test_without_its_data_no_server_is_left(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(temporary.iterdir())
    absent = tmp_path / "absent"
    monkeypatch.setenv("MYSITE_DATA", str(absent))
    with pytest.raises(FileNotFoundError) as caught:
        topology.one_server()
    assert str(caught.value) == (
        f"there is no data set at {absent}: work in a checkout of the book, or set MYSITE_DATA to its"
        " directory data/mysite"
    )
    monkeypatch.setenv("MYSITE_DATA", str(tmp_path))
    with pytest.raises(RuntimeError, match="the web server ended before it was ready"):
        topology.one_server()
    assert set(temporary.iterdir()) == before


def test_where_the_data_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MYSITE_DATA", raising=False)
    assert topology.data_directory() == Path(topology.__file__).resolve().parents[1] / "data" / "mysite"
    monkeypatch.setenv("MYSITE_DATA", str(tmp_path))
    assert topology.data_directory() == tmp_path


# SIGINT as in a terminal: of a shell's background jobs it is ignored, and Python leaves it so
STARTING = """
import psutil, signal, sys
from mysite import topology
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    topology.one_server()
except KeyboardInterrupt:
    print(len(psutil.Process().children()), flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("interrupts", [1, 2])
def test_who_is_interrupted_while_servers_start_has_none(tmp_path: Path, interrupts: int) -> None:
    """Also who presses again since it takes a moment: then they end a little later."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment_in(tmp_path),
    ) as program:  # fmt: skip
        assert program.stdout and program.stdin
        wait_until(lambda: len(started_in(tmp_path)) > 3)  # itself, two guards, a server
        for number in range(interrupts):
            time.sleep(0.1 * number)
            program.send_signal(signal.SIGINT)
        children = program.stdout.readline()
        assert children == "0\n" or interrupts > 1
        wait_until(lambda: len(started_in(tmp_path)) <= 1)
    assert list(tmp_path.iterdir()) == []


def test_a_site_can_be_stopped_when_the_interpreter_ends(tmp_path: Path) -> None:
    code = "import atexit\nfrom mysite import topology\natexit.register(topology.one_server().stop)\n"
    end = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment_in(tmp_path), timeout=30)
    assert (end.returncode, end.stdout, end.stderr) == (0, b"", b"")
    assert list(tmp_path.iterdir()) == []


# a notebook's kernel in small
KERNEL = (
    "import json, time\n"
    "from mysite import topology\n"
    "site = topology.one_server()\n"
    "print(json.dumps([site.port, site.names.ready['port']]), flush=True)\n"
    "time.sleep(60)\n"
)


# test_main kills the process alone, while its group lives
@pytest.mark.parametrize("how", ["kill the group", "kill while it starts"])
def test_a_killed_kernel_leaves_neither_process_nor_port_nor_directory(tmp_path: Path, how: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KERNEL],
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=environment_in(tmp_path),
    ) as kernel:
        assert kernel.stdout
        ports = []
        if how == "kill while it starts":
            wait_until(lambda: len(started_in(tmp_path)) > 2)  # itself, a guard, a server
        else:
            ports = json.loads(kernel.stdout.readline())
            assert len(started_in(tmp_path)) == 5  # itself, two guards, two servers
            assert len(list(tmp_path.iterdir())) == 2
        os.killpg(kernel.pid, signal.SIGKILL) if how == "kill the group" else kernel.kill()
        kernel.wait()
        wait_until(lambda: started_in(tmp_path) == [] and list(tmp_path.iterdir()) == [])
        for port in ports:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), 5)
