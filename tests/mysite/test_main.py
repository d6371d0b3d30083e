"""`python -m mysite`, as a reader runs it."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.message
import dns.query
import psutil
import pytest

from mysite import topology
from mysite.__main__ import parser
from tests.mysite.watching import environment_in, started_in, wait_until

SERVE = [sys.executable, "-m", "mysite", "serve"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return environment_in(tmp_path)


@contextmanager
def serving(environment: dict[str, str], *options: str) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """The command when it is ready, with its two ports."""
    with subprocess.Popen(
        [*SERVE, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        try:
            page, names = process.stdout.readline(), process.stdout.readline()
            http_port, dns_port = int(page.rpartition(":")[2]), int(names.rpartition(":")[2])
            assert page == f"http://127.0.0.1:{http_port}\n"
            assert names == f"dns 127.0.0.1:{dns_port}\n"
            yield process, http_port, dns_port
        finally:
            process.kill()


def processes_of(environment: dict[str, str]) -> list[int]:
    """The processes of a test that run."""
    return started_in(Path(environment["TMPDIR"]))


def nothing_is_left(environment: dict[str, str], *ports: int) -> bool:
    """No process of the test, no file in its directory, and nobody on its ports."""
    if processes_of(environment) or list(Path(environment["TMPDIR"]).iterdir()):
        return False
    for port in ports:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(socket.AF_INET, kind) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, kind == socket.SOCK_STREAM)
                trial.bind(("127.0.0.1", port))
    return True


def home(port: int, host: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/", headers={"Host": host})
    answer = connection.getresponse()
    assert answer.status == 200
    text = answer.read().decode()
    connection.close()
    return text


def address_of(name: str, port: int) -> str:
    reply = dns.query.udp(dns.message.make_query(name, "A"), "127.0.0.1", 5, port)
    return reply.answer[0].to_text()


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as ends:
        sockets = [ends.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [server.getsockname()[1] for server in sockets]


def test_it_serves_on_the_ports_that_it_is_told_until_it_is_told_to_end(environment: dict[str, str]) -> None:
    for_http, for_dns = free_ports(2)
    # again right after: the port is not kept from it by connections of before; and a second Ctrl-C does not disturb
    for number, signals in ((signal.SIGTERM, 1), (signal.SIGINT, 20)):
        with serving(environment, "--http-port", str(for_http), "--dns-port", str(for_dns)) as (process, *ports):
            assert ports == [for_http, for_dns]
            assert "<html" in home(for_http, f"127.0.0.1:{for_http}")
            assert "<html" in home(for_http, f"localhost:{for_http}")
            assert "<html" in home(for_http, "localhost")
            assert address_of("api.mysite.com", for_dns) == "api.mysite.com. 300 IN A 127.0.0.1"
            assert address_of("www.mysite.com", for_dns) == "www.mysite.com. 300 IN A 127.0.0.1"
            assert len(processes_of(environment)) == 5  # itself, two guards, two servers
            for _ in range(signals):
                process.send_signal(number)
                time.sleep(0.01)
            assert process.wait(10) == 0
            assert nothing_is_left(environment, *ports)  # at once
            assert process.stdout and process.stdout.read() == ""
            assert process.stderr and process.stderr.read() == (
                f"Ctrl-C ends it. A question to try: dig @127.0.0.1 -p {for_dns} api.mysite.com\n"
            )


def test_it_is_killed(environment: dict[str, str]) -> None:
    with serving(environment) as (process, http_port, dns_port):
        process.kill()
        process.wait()
        wait_until(lambda: nothing_is_left(environment, http_port, dns_port))


def test_it_serves_in_a_python_that_leaves_out_docstrings_and_assertions(environment: dict[str, str]) -> None:
    with serving(environment | {"PYTHONOPTIMIZE": "2"}) as (_, http_port, dns_port):
        assert "<html" in home(http_port, "localhost")
        assert address_of("api.mysite.com", dns_port) == "api.mysite.com. 300 IN A 127.0.0.1"


def test_it_ends_while_it_starts(environment: dict[str, str]) -> None:
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        wait_until(lambda: len(processes_of(environment)) > 2)  # itself, a guard, a server
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == 0
        assert nothing_is_left(environment)


@pytest.mark.parametrize("which", ["mysite.web", "mysite.names.server"])
def test_a_server_that_ends_by_itself_ends_the_other(environment: dict[str, str], which: str) -> None:
    with serving(environment) as (process, http_port, dns_port):
        children = psutil.Process(process.pid).children(recursive=True)
        (server,) = (child for child in children if which in child.cmdline())
        server.kill()
        assert process.wait(10) == 1
        assert nothing_is_left(environment, http_port, dns_port)
        assert process.stderr and process.stderr.read().splitlines()[1:] == [
            "python -m mysite: one of the servers has ended by itself, so the others were stopped too"
        ]


def refusal(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """The exit code and the message on standard error of a command that is refused, and leaves nothing."""
    command = subprocess.run(
        [sys.executable, "-m", "mysite", *arguments], capture_output=True, text=True, env=environment, timeout=20
    )
    assert command.stdout == ""
    assert "Traceback" not in command.stderr
    assert nothing_is_left(environment)
    return command.returncode, command.stderr


@pytest.mark.parametrize(
    ("option", "kind"),
    [("--http-port", socket.SOCK_STREAM), ("--dns-port", socket.SOCK_STREAM), ("--dns-port", socket.SOCK_DGRAM)],
)
def test_a_port_in_use(environment: dict[str, str], option: str, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            other.listen()
        port = other.getsockname()[1]
        assert refusal(environment, "serve", option, str(port)) == (
            1,
            f"python -m mysite: {option} {port}: port {port} of 127.0.0.1 is in use. Stop what listens there, give"
            " another port, or leave the option out: then a free one is taken.\n",
        )


@pytest.mark.parametrize("port", ["99999", "65536", "-1", "http", "²", "80.0", ""])
@pytest.mark.parametrize("option", ["--http-port", "--dns-port"])
def test_what_is_no_port(option: str, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parser().parse_args(["serve", f"{option}={port}"])
    assert end.value.code == 2
    assert capsys.readouterr().err.endswith(
        f"serve: error: argument {option}: {port!r} is not a port: give 0 to 65535, 0 for any that is free\n"
    )


def test_other_wrong_arguments(environment: dict[str, str]) -> None:
    code, message = refusal(environment)
    assert (code, message.splitlines()[-1]) == (
        2,
        "python -m mysite: error: the following arguments are required: COMMAND",
    )
    assert refusal(environment, "surf")[0] == 2
    assert refusal(environment, "serve", "now")[0] == 2
    code, message = refusal(environment, "serve", "--http-port", "7001", "--dns-port", "7001")
    assert code == 2
    assert message.endswith("are the same: both servers listen on TCP, so give two ports\n")
    code, message = refusal(environment, "serve", "--web", "2")
    assert code == 2
    assert message.endswith("give --tiers 2 with it\n")


def test_without_the_data(environment: dict[str, str], tmp_path: Path) -> None:
    code, message = refusal(environment | {"MYSITE_DATA": str(tmp_path / "absent")}, "serve")
    assert code == 1
    assert message.startswith(f"python -m mysite: there is no data set at {tmp_path / 'absent'}: ")
    assert message.count("\n") == 1


LOAD = [sys.executable, "-m", "mysite", "load"]


def test_two_tiers_are_served_and_a_killed_process_is_named_again(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o711)  # PostgreSQL's user enters it
        environment = environment_in(Path(directory))
        with serving(environment, "--tiers", "2", "--web", "1") as (process, http_port, dns_port):
            assert process.stdout
            process_ids = dict(process.stdout.readline().strip().split(": process ") for _ in range(3))
            assert list(process_ids) == ["web process 1", "the database server", "the name server"]
            assert "<html" in home(http_port, f"127.0.0.1:{http_port}")
            os.kill(int(process_ids["the database server"]), signal.SIGKILL)
            name, _, number = process.stdout.readline().strip().partition(": process ")
            assert name == "the database server"
            assert number != process_ids[name]
            process.send_signal(signal.SIGINT)
            assert process.wait(15) == 0
            assert nothing_is_left(environment, http_port, dns_port)


@pytest.fixture(scope="module")
def site() -> Iterator[topology.OneServer]:
    with topology.one_server() as running:
        yield running


@pytest.mark.parametrize("options", [["--users", "2"], ["--rate", "20"]])
def test_a_load_is_put_on_and_its_percentiles_are_printed(site: topology.OneServer, options: list[str]) -> None:
    command = [*LOAD, site.url("/posts/3", host=site.address), *options, "--seconds", "0.5"]
    load = subprocess.run(command, capture_output=True, text=True)
    assert (load.returncode, load.stderr) == (0, "")
    answers, throughput, times, *_ = load.stdout.splitlines()
    assert re.fullmatch(r"answers: [\d,]+ 200", answers)
    assert re.fullmatch(r"[\d,.]+ answers of 200 a second", throughput)
    assert re.fullmatch(r"milliseconds: 50 % within [\d.,]+, 95 % within .+, 99 % within .+, 100 % .+", times)


@pytest.mark.parametrize("target", ["/people?page=zzz", "/%7B{x}{"])
def test_the_query_and_braces_are_asked_for_as_they_are(site: topology.OneServer, target: str) -> None:
    command = [*LOAD, site.url(target, host=site.address), "--users", "1", "--seconds", "0.2"]
    load = subprocess.run(command, capture_output=True, text=True)
    assert re.fullmatch(r"answers: [\d,]+ 404", load.stdout.splitlines()[0])


@pytest.mark.parametrize(
    ("path", "status"),
    [("/a b", 404), ("/ü", 404), ("/a%20b", 404), ("/people?page=2&q=ü x#top of it", 200), ("#x", 200)],
)
def test_what_cannot_stand_in_a_request_is_quoted(site: topology.OneServer, path: str, status: int) -> None:
    command = [*LOAD, f"http://localhost:{site.port}{path}", "--users", "1", "--seconds", "0.1"]
    load = subprocess.run(command, capture_output=True, text=True)
    assert re.fullmatch(rf"answers: [\d,]+ {status}", load.stdout.splitlines()[0])
    detail = r"[\d,]+ 404 Not Found: There is nothing at .+"
    assert bool(re.fullmatch(detail, load.stdout.splitlines()[1])) == (status == 404)


def test_an_address_where_nobody_answers() -> None:
    options = ["http://127.0.0.1:1/", "--users", "1", "--seconds", "0.1"]
    load = subprocess.run([*LOAD, *options], capture_output=True, text=True)
    why = "refused, as nobody listens at this port"
    assert re.fullmatch(rf"answers: ([\d,]+) without an answer\n\1 without an answer: {why}\n", load.stdout)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["load", "http://example.org:80/"], "is no address of this machine, such as http://127.0.0.1:8000/"),
        (["load", "127.0.0.1:80"], "is no address of this machine"),
        (["load", "http://127.0.0.1:99999/"], "is no address of this machine"),
        (["load", "http://[::1/"], "is no address of this machine"),
        (["load", "http://127.0.0.1:1/", "--users", "2", "--rate", "3"], "two kinds of load: give one of them"),
        (["load", "http://127.0.0.1:1/", "--users", "0"], "'0' is not a whole number from 1 to 1000"),
        (["load", "http://127.0.0.1:1/", "--rate", "-1"], "'-1' is not a number above 0"),
        (["load", "http://127.0.0.1:1/", "--seconds", "x"], "'x' is not a number above 0"),
        (["load", "http://127.0.0.1:1/", "--seconds", "1e300"], "'1e300' is longer than a day"),
        (["load", "http://127.0.0.1:1/", "--rate", "1e9"], "is more than 1,000,000 requests: give less of"),
        (["serve", "--tiers", "2", "--web", "101"], "'101' is not a whole number from 1 to 100"),
        (["serve", "--web", "2"], "give --tiers 2 with it"),
        (["serve", "--tiers", "3"], "'3' is not a whole number from 1 to 2"),
    ],
)
def test_what_cannot_be_done_is_named(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        arguments = parser().parse_args(options)
        arguments.run(arguments)
    assert end.value.code == 2
    assert message in capsys.readouterr().err
