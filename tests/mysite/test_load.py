"""The load generator, against a server of known work."""

from itertools import pairwise
from pathlib import Path

import pytest

from lab.service.running import JOBS, service
from mysite import load_generator, load_report
from mysite.load import FAILED, GAVE_UP, Load, Request, Result, put_on


@pytest.fixture(scope="module")
def server():
    with service(servers=2, mean_ms=2, variability=0) as server:
        yield server


def test_open_loop_sends_every_request_when_it_is_due(server):
    schedule = [0, 0, 10_000, 200_000, 200_001]
    result = put_on(Load(server.port, JOBS, schedule_us=schedule))
    assert sorted(request.customer for request in result.requests) == [0, 1, 2, 3, 4]
    requests = result.answered()
    assert [request.due_us - requests[0].due_us for request in requests] == schedule
    assert all(request.due_us <= request.sent_us <= request.over_us for request in requests)
    assert {request.status for request in requests} == {200}
    assert 0 < result.cpu_share < 5
    numbers = [number for number, *_ in server.records().work]
    assert sorted(numbers[-5:]) == [0, 1, 2, 3, 4]


def test_latency_counts_from_when_it_was_due():
    assert Request(customer=1, attempt=0, due_us=100, sent_us=900, over_us=1000, status=200).latency_us == 900


def test_closed_loop_has_never_more_than_its_users_inside():
    with service(servers=1, mean_ms=5, variability=0) as server:
        result = put_on(Load(server.port, JOBS, users=3, seconds=0.4))
        inside = [number for _, number in server.records().samples]
        numbers = [number for number, *_ in server.records().work]
    assert max(inside) <= 3
    assert len(result.requests) > 10
    assert {request.customer for request in result.requests} == {0, 1, 2}
    assert sorted(numbers) == sorted(set(numbers)), "each request has a number of its own"
    for user in range(3):
        own = [request for request in result.requests if request.customer == user]
        own.sort(key=lambda request: request.sent_us)
        assert all(before.over_us <= after.sent_us for before, after in pairwise(own))


def test_users_who_think_ask_less(server):
    result = put_on(Load(server.port, JOBS, users=1, seconds=0.4, think_s=0.1))
    assert 1 <= len(result.requests) <= 5, "0.4 s hold four thoughts of 0.1 s, and without them some hundred requests"


def test_a_client_gives_up_and_asks_once_more():
    with service(servers=1, mean_ms=300, variability=0) as server:
        result = put_on(Load(server.port, JOBS, schedule_us=[0], patience_s=0.05, attempts=2))
        assert [(request.attempt, request.status) for request in result.requests] == [(0, GAVE_UP), (1, GAVE_UP)]
        first, second = result.requests
        assert first.over_us <= second.due_us
        assert result.answered() == []


def test_a_client_that_was_refused_asks_again_later():
    with service(servers=1, places=0, mean_ms=150, variability=0) as server:
        result = put_on(Load(server.port, JOBS, schedule_us=[0, 20_000], attempts=2, retry_after_s=0.3))
        assert sorted((request.customer, request.attempt, request.status) for request in result.requests) == [
            (0, 0, 200), (1, 0, 503), (1, 1, 200),
        ]  # fmt: skip
        assert sorted(number for number, *_ in server.records().work) == [0, 3], "a second attempt has its own number"


def test_other_addresses_can_be_asked(server):
    assert [request.status for request in put_on(Load(server.port, "/nothing", schedule_us=[0])).requests] == [404]


def test_a_server_that_is_gone():
    with service(servers=1) as server:
        port = server.port
    assert [request.status for request in put_on(Load(port, JOBS, schedule_us=[0])).requests] == [FAILED]


def test_a_load_that_takes_too_long_is_ended(server):
    with pytest.raises(TimeoutError, match="the load generator is not ready in time"):
        put_on(Load(server.port, JOBS, schedule_us=[60_000_000]), timeout_s=1)


@pytest.mark.parametrize("cpu_share, late_us, verdict", [(0.5, 900, False), (0.9, 900, True), (0.5, 9000, True)])
def test_a_generator_that_was_the_bottleneck_is_known(cpu_share, late_us, verdict):
    requests = [Request(n, 0, 1000 * n, 1000 * n + late_us, 1000 * n + 10_000, 200) for n in range(100)]
    result = Result(requests, cpu_share)
    assert result.late_us == late_us
    assert result.was_bottleneck is verdict


def test_second_attempts_say_nothing_of_lateness():
    first, again = Request(0, 0, 0, 9000, 9500, 503), Request(0, 1, 20_000, 20_000, 21_000, 200)
    assert Result([first, again], 0.1).late_us == 9000


def test_answers_within_some_seconds():
    requests = [Request(n, 0, 1_000_000 * n, 0, 1_000_000 * n + 500_000, 503 if n == 1 else 200) for n in range(4)]
    result = Result(requests, 0.1)
    assert [request.customer for request in result.answered_within(2.6)] == [0, 2]
    assert [request.customer for request in result.answered_within(2.4)] == [0]


def test_one_late_request_in_a_hundred_is_no_verdict():
    requests = [Request(n, 0, 0, 900_000 if n == 7 else 5, 1_000_000, 200) for n in range(100)]
    assert Result(requests, 0.1).late_us == 5


def test_the_generator_is_small():
    """What a load generator does must be plain to see: this one can be read at a sitting."""
    assert len(Path(load_generator.__file__).read_text().splitlines()) < 150


def test_requests_at_a_rate_that_is_hardly_any_end_in_time(server):
    for rate, seconds in ((0.001, 0.2), (1e-9, 1e-6), (20, 0.2)):
        lines = load_report.report(server.port, "/inside", 1, rate, seconds).splitlines()
        assert lines[0] == f"answers: {max(1, round(rate * seconds))} 200"


def test_users_ask_once_however_short_the_time(server):
    assert load_report.report(server.port, "/inside", 3, None, 1e-9).startswith("answers: 3 200\n")
