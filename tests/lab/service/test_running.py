"""The server of known work, over real HTTP."""

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpcore
import psutil
import pytest

from lab.models.traces import service_times
from lab.service import server
from lab.service.running import service


@pytest.fixture(scope="module")
def running():
    with service(servers=2, places=1, mean_ms=5, variability=4, seed=3) as started:
        yield started


def status(running, path, method="GET"):
    return httpcore.request(method, f"http://127.0.0.1:{running.port}{path}").status


def test_work_is_held_as_long_as_its_draw_says(running):
    longest = sorted(range(200), key=service_times(5000, 4, server.DRAWS, 3).__getitem__)[-3:]
    for number in longest:
        assert running.ask(f"/jobs/{number}") == {"done": number}
    work = running.records().work[-3:]
    assert [number for number, *_ in work] == longest
    seeded_us = service_times(5000, 4, server.DRAWS, 3)
    for number, arrival, start, end in work:
        assert arrival <= start <= end
        assert end - start > seeded_us[number] - 4000  # what a sleep is late by is taken off before


def test_draws_are_counted_round(running):
    assert running.ask(f"/jobs/{server.DRAWS}") == {"done": server.DRAWS}


def test_who_finds_all_taken_gets_503_and_when_to_ask_again(running):
    with ThreadPoolExecutor(4) as clients:
        holders = [clients.submit(running.ask, "/hold") for _ in range(3)]
        while running.ask("/inside")["inside"] < 3:
            time.sleep(0.01)
        refusal = httpcore.request("GET", f"http://127.0.0.1:{running.port}/jobs/5")
        assert refusal.status == 503
        assert (b"Retry-After", b"1") in [(name.title(), value) for name, value in refusal.headers]
        assert b"all places are taken" in refusal.content
        assert status(running, "/hold") == 503
        with pytest.raises(ConnectionError, match="GET /jobs/6 is answered with 503"):
            running.ask("/jobs/6")
        assert [number for number, _ in running.records().refused] == [5, 6]
        running.ask("/release", "POST")
        assert [holder.result() for holder in holders] == [{"released": True}] * 3
    assert running.ask("/inside") == {"inside": 0}


def test_samples_are_taken_while_nobody_asks(running):
    before = len(running.records().samples)
    time.sleep(0.3)
    samples = running.records().samples
    assert len(samples) - before > 5
    assert samples == sorted(samples)


def test_what_is_no_address(running):
    assert status(running, "/nothing") == 404
    assert status(running, "/release") == 405


def test_a_stall_stops_the_whole_process():
    with service(servers=1, mean_ms=1, variability=0) as running:
        running.ask("/jobs/0")
        with running.stalled(after_s=0, for_s=0.5) as moments:
            time.sleep(0.1)
            assert psutil.Process(running.process.pid).status() == psutil.STATUS_STOPPED
            before = time.monotonic()
            running.ask("/jobs/1")
            assert time.monotonic() - before > 0.2
        assert psutil.Process(running.process.pid).status() != psutil.STATUS_STOPPED
        assert moments[1] - moments[0] >= 500_000


def test_a_stall_waits_for_the_first_request_and_does_not_come_without_one():
    with service(servers=1, mean_ms=1, variability=0) as running:
        with running.stalled(after_s=0, for_s=5) as moments:
            time.sleep(0.2)
        assert moments == []


def test_it_ends_though_requests_wait():
    with service(servers=1) as running, ThreadPoolExecutor(2) as clients:
        waiting = [clients.submit(httpcore.request, "GET", f"http://127.0.0.1:{running.port}/hold") for _ in range(2)]
        while running.ask("/inside")["inside"] < 2:
            time.sleep(0.01)
        running.stop()
        for request in waiting:
            assert request.exception() or request.result().status == 500
    assert not psutil.pid_exists(running.process.pid)


def test_it_listens_on_loopback_alone(running):
    sockets = psutil.Process(running.process.pid).net_connections("tcp")
    assert {socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


def test_a_port_in_use_is_said():
    with socket.create_server(("127.0.0.1", 0)) as other:
        command = [sys.executable, "-m", "lab.service", "--servers=1", f"--port={other.getsockname()[1]}"]
        attempt = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert attempt.returncode != 0
    assert attempt.stderr.startswith("the service cannot start: ") and "in use" in attempt.stderr


@pytest.mark.parametrize(
    "settings, complaint",
    [
        ({"servers": 1, "variability": -1}, "variability must be a finite number"),
        ({"servers": 1, "mean_ms": float("inf")}, "mean service time .* must be a finite number"),
        ({"servers": 0}, "1 server or more"),
    ],
)
def test_bad_settings_are_refused(settings, complaint):
    with pytest.raises(RuntimeError, match=f"the service cannot start: .*{complaint}"):
        service(**settings)
