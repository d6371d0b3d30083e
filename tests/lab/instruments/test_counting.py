"""What is counted, against what must come out."""

import contextlib
import http.server
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpcore
import pytest
import sqlalchemy

from lab.instruments import counting
from lab.instruments.counting import CountingBackend, Traffic, is_name, opcodes, statements, system_name_lookups
from mysite.names.resolver import NameNotFound, StubResolver
from tests.lab.instruments.conftest import web_server


@pytest.fixture(scope="module")
def database():
    """1,000 users and 1,000 posts, ten of each author."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, city TEXT);"
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER, body TEXT);"
        "CREATE INDEX posts_author ON posts (author);"
    )
    numbers = range(1, 1001)
    connection.executemany("INSERT INTO users VALUES (?, ?, ?)", ((n, f"n{n}", f"c{n % 10}") for n in numbers))
    connection.executemany("INSERT INTO posts VALUES (?, ?, ?)", ((n, n % 100, "b") for n in numbers))
    connection.commit()
    yield connection
    connection.close()


# Counted alike by SQLite 3.40.1, 3.51.1 and 3.54.1, each statement prepared before.
STABLE = {
    "SELECT 1": 5,
    "SELECT name FROM users WHERE 0": 5,
    "SELECT name FROM users WHERE id = 7": 9,
    "SELECT name FROM users WHERE id = 7000": 7,
    "SELECT count(*) FROM users": 9,
    "SELECT max(id) FROM users": 14,
    "SELECT id FROM posts WHERE author = 7": 47,
    "SELECT body FROM posts WHERE author = 7": 58,
    "SELECT id FROM posts ORDER BY id DESC LIMIT 10": 47,
    "SELECT name FROM users WHERE city = 'nowhere'": 3007,
    "SELECT count(*) FROM users WHERE city = 'nowhere'": 3011,
}


@pytest.mark.parametrize(("sql", "count"), STABLE.items())
def test_opcodes(database, sql, count):
    database.execute(sql).fetchall()
    for _ in range(2):
        with opcodes(database) as counted:
            database.execute(sql).fetchall()
        assert counted.count == count


def test_opcodes_add_up_and_end_with_the_context(database):
    database.execute("SELECT 1").fetchall()
    with opcodes(database) as counted:
        assert counted.count == 0
        for _ in range(3):
            database.execute("SELECT 1").fetchall()
    database.execute("SELECT 1").fetchall()
    assert counted.count == 15


def test_a_failed_statement_ends_the_count_too(database):
    with pytest.raises(sqlite3.OperationalError), opcodes(database) as counted:
        database.execute("SELECT nothing")
    before = counted.count
    database.execute("SELECT count(*) FROM users").fetchall()
    assert counted.count == before


def test_statements_of_a_connection():
    connection = sqlite3.connect(":memory:")
    with statements(connection) as counted:
        connection.execute("CREATE TABLE numbers (n)")
        connection.execute("INSERT INTO numbers VALUES (?)", (7,))
        connection.commit()
        connection.execute("SELECT n FROM numbers WHERE n = ?", (7,)).fetchall()
    connection.execute("SELECT 1").fetchall()
    connection.close()
    assert [text.strip() for text in counted.texts] == [
        "CREATE TABLE numbers (n)",
        "BEGIN",
        "INSERT INTO numbers VALUES (7)",
        "COMMIT",
        "SELECT n FROM numbers WHERE n = 7",
    ]
    assert counted.count == 5


def test_statements_of_an_engine():
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.begin() as connection, statements(engine) as counted:
        connection.execute(sqlalchemy.text("CREATE TABLE numbers (n)"))
        connection.execute(sqlalchemy.text("INSERT INTO numbers VALUES (:n)"), {"n": 7})
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("SELECT 1"))
    engine.dispose()
    assert counted.texts == ["CREATE TABLE numbers (n)", "INSERT INTO numbers VALUES (?)"]
    assert counted.count == 2


def test_statements_of_something_else():
    with pytest.raises(TypeError, match="on an SQLAlchemy engine or a sqlite3 connection, not on str"), statements(""):
        pass


class Hello(http.server.BaseHTTPRequestHandler):
    """Answers 5 bytes, and keeps the connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

    def log_message(self, *anything):
        pass


@pytest.fixture(scope="module")
def web_port():
    with web_server(Hello) as port:
        yield port


REQUEST_BYTES = len("GET / HTTP/1.1\r\nHost: \r\n\r\n")
REPLY_BYTES = len("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


def test_traffic_to_an_address(web_port):
    backend = CountingBackend()
    assert backend.traffic == Traffic(sockets_opened=0, bytes_sent=0, bytes_received=0)
    with httpcore.ConnectionPool(network_backend=backend) as pool:
        for _ in range(2):
            assert pool.request("GET", f"http://127.0.0.1:{web_port}/").content == b"hello"
    request_bytes = REQUEST_BYTES + len(f"127.0.0.1:{web_port}")
    assert backend.traffic == Traffic(1, 2 * request_bytes, 2 * REPLY_BYTES)
    assert [(counted.address, counted.port) for counted in backend.sockets] == [("127.0.0.1", web_port)]
    assert backend.look_ups == []


def test_every_socket_is_counted(web_port):
    backend = CountingBackend()
    with httpcore.ConnectionPool(network_backend=backend) as pool:
        for _ in range(2):
            pool.request("GET", f"http://127.0.0.1:{web_port}/", headers={"Connection": "close"})
            pool.close()
    assert backend.traffic.sockets_opened == len(backend.sockets) == 2
    assert backend.traffic.bytes_received == 2 * REPLY_BYTES
    assert backend.sockets[0].bytes_received == REPLY_BYTES


def test_a_name_goes_to_our_resolver_and_nowhere_else(web_port, name_server):
    backend = CountingBackend(StubResolver(name_server))
    with system_name_lookups() as lookups, httpcore.ConnectionPool(network_backend=backend) as pool:
        for _ in range(2):
            assert pool.request("GET", f"http://api.mysite.com:{web_port}/").content == b"hello"
            pool.close()
    assert [(counted.address, counted.port) for counted in backend.sockets] == [("127.0.0.1", web_port)] * 2
    assert [look_up.answer.from_cache for look_up in backend.look_ups] == [False, True]
    assert hash(backend.look_ups[0])  # frozen
    assert all(0 < look_up.answer.seconds <= look_up.end_s - look_up.start_s for look_up in backend.look_ups)
    assert lookups.names == []


def test_a_name_without_an_address(web_port, name_server):
    backend = CountingBackend(StubResolver(name_server))
    with httpcore.ConnectionPool(network_backend=backend) as pool:
        with pytest.raises(NameNotFound):
            pool.request("GET", f"http://absent.mysite.com:{web_port}/")
        with pytest.raises(ValueError, match=r"^empty\.mysite\.com exists and has no address: set one in the zone"):
            pool.request("GET", f"http://empty.mysite.com:{web_port}/")
    assert backend.sockets == []


def test_a_name_without_a_resolver():
    expected = pytest.raises(ValueError, match=r"api\.mysite\.com is a name: give CountingBackend a resolver")
    with httpcore.ConnectionPool(network_backend=CountingBackend()) as pool, expected:
        pool.request("GET", "http://api.mysite.com/")


def test_the_stream_tells_of_its_socket(web_port):
    stream = CountingBackend().connect_tcp("127.0.0.1", web_port)
    assert stream.get_extra_info("server_addr") == ("127.0.0.1", web_port)
    stream.close()
    assert stream.get_extra_info("socket").fileno() == -1


@pytest.mark.parametrize("host", ["api.mysite.com", "localhost", b"api.mysite.com", bytearray(b"a"), "1.2.3"])
def test_names(host):
    assert is_name(host) is True


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", b"10.0.0.1", "fe80::1%eth0", None, "", b"", 80])
def test_what_is_no_name(host):
    assert is_name(host) is False


def ask_the_system():
    """Ask for names that the system's resolver need not send anywhere, in each way that Python has."""
    socket.getaddrinfo("127.0.0.1", 80)
    socket.getaddrinfo(None, 80)
    for ask in (lambda: socket.getaddrinfo(b"localhost", 80), lambda: socket.gethostbyname("localhost"),
                lambda: socket.gethostbyaddr("localhost")):  # fmt: skip
        with contextlib.suppress(OSError):
            ask()
    socket.gethostbyname("127.0.0.1")


def test_lookups_of_the_system_are_counted_while_attached():
    ask_the_system()
    with system_name_lookups() as outer:
        with system_name_lookups() as inner:
            ask_the_system()
        assert (inner.count, inner.names) == (3, ["localhost"] * 3)
        socket.gethostbyname("localhost")
    ask_the_system()
    assert (outer.count, inner.count) == (4, 3)
    assert counting._attached == []


def test_the_hook_is_installed_once(monkeypatch):
    with system_name_lookups():
        pass
    monkeypatch.setattr(sys, "addaudithook", lambda hook: pytest.fail("a second hook"))
    with system_name_lookups():
        pass


def test_lookups_of_a_whole_process(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "from lab.instruments.counting import record_name_lookups_from_environment as record\nrecord()\n"
    )
    script = "import socket; [socket.getaddrinfo(host, 80) for host in ('127.0.0.1', 'localhost', b'localhost')]"
    names = tmp_path / "names"
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(counting.__file__).parents[2]}"}
    recording = environment | {counting.LOOKUPS_FILE_VARIABLE: str(names)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], env=recording, check=True)
    assert names.read_text() == "localhost\n" * 4
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    assert names.read_text() == "localhost\n" * 4
    assert counting.LOOKUPS_FILE_VARIABLE == "LAB_NAME_LOOKUPS_FILE"
