"""The site on two tiers: which processes there are, and what happens when one of them dies."""

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from lab.architecture.topology_graph import graph, of_two_tiers
from mysite import topology
from mysite.engines import postgresql
from mysite.parts import Part
from mysite.processes import OwnedProcess
from tests.mysite.open_to_all import directory_for_all
from tests.mysite.shared_server import superuser_connection
from tests.mysite.watching import wait_until, waiting_for_a_lock

RESTART_AFTER_S = 2.5  # so long that even a busy machine finds it gone


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """A directory for the temporary files of all these tests."""
    with directory_for_all() as directory:
        yield directory


@pytest.fixture(scope="module")
def site(temporary: Path) -> Iterator[topology.TwoTiers]:
    with topology.two_tiers(web=2, connections=6, restart_after_s=RESTART_AFTER_S) as running:
        yield running
    assert [server.running() for server in running.servers().values()] == [False] * 4


@pytest.fixture
def client(site: topology.TwoTiers) -> Iterator[httpx.Client]:
    """A client with its own connection; at the end both tiers are well again."""
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}", trust_env=False, timeout=10) as connected:
        yield connected
    wait_until(lambda: all(server.running() for server in site.servers().values()))
    wait_until(lambda: httpx.get(f"http://127.0.0.1:{site.port}/health", trust_env=False).status_code == 200)


def names(site: topology.TwoTiers) -> list[str]:
    """The names of the parts that run."""
    return [part.name for part in topology.parts(site)]


def connected_webs(site: topology.TwoTiers) -> list[str]:
    """The names of the web processes that have a connection to a database that runs."""
    parts = topology.parts(site)
    ports = {part.port for part in parts if part.kind == "data"}
    return [part.name for part in parts if part.kind == "web" and ports & set(part.connected_to)]


def ask_every_process(site: topology.TwoTiers) -> None:
    """Hold connections open and ask on them, until each web process has asked the database."""
    webs = [f"web process {number}" for number in range(1, len(site.webs) + 1)]
    with contextlib.ExitStack() as clients:
        def are_connected() -> bool:
            client = clients.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{site.port}", trust_env=False))
            client.get("/posts/3")
            return connected_webs(site) == webs

        wait_until(are_connected)


def test_each_tier_has_processes_of_its_own(site: topology.TwoTiers) -> None:
    """Right after the start: each web process has opened its connection before it says that it is ready."""
    assert connected_webs(site) == ["web process 1", "web process 2"]
    servers = site.servers()
    assert list(servers) == ["web process 1", "web process 2", "the database server", "the name server"]
    ids = [server.pid for server in servers.values()]
    assert len(set(ids)) == 4
    assert all(psutil.pid_exists(process_id) for process_id in ids)
    assert site.database.process
    assert listening(site.database.process) == [("127.0.0.1", site.database.url.port)]


def listening(server: OwnedProcess) -> list[tuple[str, int]]:
    """The addresses at which a process listens."""
    return [end.laddr for end in psutil.Process(server.pid).net_connections() if end.status == psutil.CONN_LISTEN]


def test_the_web_processes_share_one_socket(site: topology.TwoTiers) -> None:
    assert [listening(web) for web in site.webs] == [[("127.0.0.1", site.port)]] * 2


def test_the_pages_are_those_of_one_server(site: topology.TwoTiers, client: httpx.Client) -> None:
    accept = {"Accept": "application/json"}
    with topology.one_server() as other, httpx.Client(base_url=other.url(host=other.address), trust_env=False) as one:
        for path in ("/", "/users/4", "/people?page=2", "/posts/50", "/popular/2025-03"):
            for headers in (accept, {}):
                assert client.get(path, headers=headers).text == one.get(path, headers=headers).text
        on_two, on_one = (asker.get("/about", headers=accept).json() for asker in (client, one))
    assert (on_two["product"], on_one["product"]) == ("PostgreSQL", "SQLite")
    assert on_two["tables"] == on_one["tables"]


def test_a_killed_database_is_no_part_and_is_answered_503_until_it_is_back(
    site: topology.TwoTiers, client: httpx.Client
) -> None:
    assert client.get("/posts/3").status_code == 200
    assert site.database.process
    starts, dead = site.database.process.starts, site.database.process.pid
    webs = [web.pid for web in site.webs]
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: "PostgreSQL" not in names(site))
    refusals, end = {}, time.monotonic() + 5
    while len(refusals) < 2 and time.monotonic() < end:  # a child of the killed process may answer for a moment
        for path in ("/posts/3", "/health"):
            answer = client.get(path, headers={"Accept": "application/json"})
            if answer.status_code != 200:
                refusals[path] = answer
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in refusals.values()] == [(503, "1")] * 2
    assert refusals["/posts/3"].json()["detail"].startswith("The store does not answer. It says: ")
    wait_until(lambda: "PostgreSQL" in names(site))
    # it is there again, and nobody has a connection to it before the next request
    assert connected_webs(site) == []
    assert dead not in [part.process_id for part in topology.parts(site)]
    wait_until(lambda: client.get("/posts/3").status_code == 200)
    assert site.database.process.starts == starts + 1
    assert [web.pid for web in site.webs] == webs  # they have not been started again
    ask_every_process(site)


def test_a_killed_web_process_is_a_part_again_under_its_name_and_the_other_one_answers(
    site: topology.TwoTiers, client: httpx.Client
) -> None:
    ask_every_process(site)
    first, second = (web.starts for web in site.webs)
    dead = site.webs[0].pid
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: "web process 1" not in names(site))
    assert "web process 2" in names(site)
    for _ in range(20):
        with httpx.Client(base_url=client.base_url, trust_env=False) as newcomer:
            assert newcomer.get("/posts/3").status_code == 200
    wait_until(lambda: connected_webs(site) == ["web process 1", "web process 2"])
    assert [web.starts for web in site.webs] == [first + 1, second]
    web = topology.parts(site)[0]
    assert (web.name, web.process_id) == ("web process 1", site.webs[0].pid)
    assert web.process_id != dead


def test_with_the_whole_web_tier_killed_every_row_is_safe_and_requests_wait(
    site: topology.TwoTiers, client: httpx.Client
) -> None:
    session = client.post("/users", json={"handle": f"killer{time.monotonic_ns() % 10**9}", "name": "Ada"}).json()
    token = {"Authorization": f"Bearer {session['token']}"}
    post = client.post("/posts", json={"text": "before"}, headers=token).json()
    for web in site.webs:
        os.kill(web.pid, signal.SIGKILL)
    # the listening socket outlives them: the request waits for the process that is started again
    with httpx.Client(base_url=client.base_url, trust_env=False, timeout=20) as newcomer:
        answer = newcomer.get(f"/posts/{post['id']}", headers={"Accept": "application/json"})
    assert answer.json()["post"] == post


def test_the_parts_are_the_processes_that_run(site: topology.TwoTiers, client: httpx.Client) -> None:
    ask_every_process(site)
    first, second, data, name = topology.parts(site)
    assert site.database.process
    assert [(part.name, part.kind, part.process_id) for part in (first, second, data, name)] == [
        ("web process 1", "web", site.webs[0].pid),
        ("web process 2", "web", site.webs[1].pid),
        ("PostgreSQL", "data", site.database.process.pid),
        ("name server", "name", site.names.pid),
    ]
    assert {(web.listens_on, web.port) for web in (first, second)} == {(("tcp 127.0.0.1",), site.port)}
    assert (data.listens_on, data.port) == (("tcp 127.0.0.1",), site.database.url.port)
    assert (name.listens_on, name.port) == (("tcp 127.0.0.1", "udp 127.0.0.1"), site.names.ready["port"])
    assert [part.connected_to for part in (first, second, data, name)] == [(data.port,), (data.port,), (), ()]
    assert all(part.open_files == () and (part.memory_bytes or 0) > 5e6 for part in (first, second, data, name))


def test_the_graph_is_the_same_whatever_the_processes_are_called(site: topology.TwoTiers, client: httpx.Client) -> None:
    ask_every_process(site)
    architecture = graph(site)
    webs = [Part(f"web process {number}", "web", 1, (), 80, (), 1, (5,)) for number in (1, 2)]
    database, name_server = Part("PostgreSQL", "data", 1, (), 5, (), 1), Part("name server", "name", 1, (), 53, (), 1)
    expected = of_two_tiers([*webs, database, name_server], "127.0.0.1")
    assert list(architecture.nodes(data=True)) == list(expected.nodes(data=True))
    assert list(architecture.edges(data=True)) == list(expected.edges(data=True))


def test_a_database_that_ran_already_has_no_process_of_ours_and_all_else_ends(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All else ends also where the database cannot be let go, and where its server is gone before."""

    def refuse() -> None:
        raise OSError("it does not end")

    monkeypatch.setenv("MYSITE_ENGINES", "mine")
    with postgresql.start(postgresql.reference()) as server:
        with superuser_connection(server) as connection:
            connection.execute("alter role mysite createdb")
        url = server.url.set(drivername="postgresql")
        monkeypatch.setenv("MYSITE_POSTGRESQL_URL", url.render_as_string(hide_password=False))
        running = topology.two_tiers(web=1, private=False)
        (data,) = [part for part in topology.parts(running) if part.kind == "data"]
        assert (data.name, data.process_id, data.port) == ("PostgreSQL", None, server.url.port)
        assert connected_webs(running) == ["web process 1"]
        with pytest.raises(OSError, match="it does not end"):
            replace(running, database=replace(running.database, end=refuse)).stop()
        assert [server.running() for server in running.servers().values()] == [False, False]
        assert server.process and server.process.running()
    running.stop()


def test_what_was_changed_through_one_process_is_seen_through_the_other(site: topology.TwoTiers) -> None:
    clients = [httpx.Client(base_url=f"http://127.0.0.1:{site.port}", trust_env=False) for _ in range(6)]
    handle = f"h{time.monotonic_ns() % 10**9}"
    member = clients[0].post("/users", json={"handle": handle, "name": "Ada"}).json()["user"]
    assert {client.get(f"/users/{member['id']}", headers={"Accept": "application/json"}).json()["user"]["handle"]
            for client in clients} == {handle}  # fmt: skip
    for client in clients:
        client.close()


@pytest.mark.parametrize("web", [2, 300])
def test_there_is_a_connection_for_every_web_process(monkeypatch: pytest.MonkeyPatch, web: int) -> None:
    """Whatever the number of processes: nobody is refused since the database is asked for too few."""

    def open_engine(slot: str, connections: int, least: int, **options: object) -> None:
        assert slot == "postgresql" and connections > web == least
        raise InterruptedError

    monkeypatch.setattr(topology.engines, "open", open_engine)
    with pytest.raises(InterruptedError):
        topology.two_tiers(web)


def test_a_process_with_connections_lets_the_one_without_go_first(site: topology.TwoTiers) -> None:
    full, idle = (psutil.Process(web.pid) for web in site.webs)

    def ask() -> socket.socket:
        client = socket.create_connection(("127.0.0.1", site.port))
        client.sendall(b"GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(15) == b"HTTP/1.1 200 OK"
        return client

    def connections(process: psutil.Process) -> int:
        return sum(
            end.laddr.port == site.port and end.status == psutil.CONN_ESTABLISHED
            for end in process.net_connections("tcp")
        )

    with contextlib.ExitStack() as clients:
        idle.suspend()
        for _ in range(5):
            clients.enter_context(ask())
        idle.resume()
        assert (connections(full), connections(idle)) == (5, 0)
        most = 0
        for _ in range(3):  # a busy machine may wake the other one too late, though not each time
            of_the_idle = 0
            for _ in range(20):
                with ask():
                    of_the_idle += connections(idle)
                wait_until(lambda: connections(idle) == 0)
            most = max(most, of_the_idle)
            if most >= 17:
                break
    assert most >= 17  # of 20; where nobody lets others go first it is 5 to 14 of them


def test_the_same_sign_up_in_both_processes_at_once_is_a_conflict_for_one(site: topology.TwoTiers) -> None:
    """Held back by a lock until both have looked, so that both find the handle free."""
    url = site.database.url
    statuses: list[int] = []

    def sign_up() -> None:
        body = {"handle": f"same{url.port}", "name": "Ada"}
        statuses.append(
            httpx.post(f"http://127.0.0.1:{site.port}/users", json=body, trust_env=False, timeout=20).status_code
        )

    with psycopg.connect(**postgresql.credentials(url)) as connection:
        connection.execute("lock table users in share row exclusive mode")
        both = [threading.Thread(target=sign_up) for _ in range(2)]
        with psycopg.connect(**postgresql.credentials(url), autocommit=True) as watcher:

            def are_waiting(number: int) -> bool:
                return waiting_for_a_lock(watcher) == number

            for number, thread in enumerate(both, start=1):  # a process that waits already leaves the next to the other
                thread.start()
                wait_until(partial(are_waiting, number))
    for thread in both:
        thread.join(20)
    assert sorted(statuses) == [201, 409]


@pytest.mark.parametrize(("web", "connections"), [(0, 5), (1, 0), (-1, 5)])
def test_a_tier_of_nothing_is_refused(web: int, connections: int) -> None:
    with pytest.raises(ValueError, match="a tier needs one process and one connection at least"):
        topology.two_tiers(web=web, connections=connections)
