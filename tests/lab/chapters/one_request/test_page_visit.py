"""What `make record` measures, here with few repeats: the shape of the runs, and that the real servers answered."""

import pytest

from lab.chapters.between_tiers import connecting, connection_pool, n_plus_one
from lab.chapters.measuring import latencies, loops
from lab.chapters.one_request import page_visit
from lab.chapters.one_request.page_visit import MEASUREMENTS, counted, load_time, loads, median_visit, page_visit
from lab.chapters.tiers import emulated_boxes, tier_throughput
from lab.chapters.when_full import full_server
from lab.instruments import runs
from lab.instruments.counting import Traffic
from lab.instruments.visit import Step, Visit
from lab.site import cpu_demands
from mysite.topology import one_server


def a_visit(seconds):
    steps = (Step("wait /", "wait", "/", 0.0, seconds),)
    return Visit("api.mysite.com", "/", 200, 1, (), 1, Traffic(1, 1, 1), steps)


def test_the_registry():
    assert dict(MEASUREMENTS) == {
        "01-page-visit": page_visit, "02-load-time": load_time,
        "03-waiting": full_server.waiting, "03-overload": full_server.overload, "03-site": full_server.site_filling,
        "03-users": full_server.site_with_users, "04-latencies": latencies.latencies,
        "04-closed-loop": loops.closed_loop, "04-stall": loops.stall, "05-boxes": emulated_boxes.boxes,
        "05-connecting": connecting.connecting_to_a_new_server,
        "05-demands": cpu_demands.demands, "05-pool": connection_pool.pool, "05-throughput": tier_throughput.tier_throughput,
        "05-trips": n_plus_one.trips_to_a_new_server,
    }  # fmt: skip
    assert (page_visit.VISITS, page_visit.REPEATS) == (21, 7)
    assert (page_visit.RTTS_MS, page_visit.PATH) == ((0, 10, 20, 40, 80), "/users/4")


@pytest.mark.parametrize(
    ("name", "key", "today"),
    [
        ("02-load-time", "rtts_ms", page_visit.RTTS_MS), ("03-overload", "loads", full_server.OVERLOADS),
        ("03-overload", "places", full_server.PLACES), ("03-overload", "seconds", full_server.OVERLOAD_SECONDS),
        ("03-site", "rates", full_server.RATES), ("03-users", "users", full_server.USERS),
        ("04-closed-loop", "users", loops.USERS), ("04-stall", "rate", loops.RATE),
        ("05-boxes", "users", emulated_boxes.USERS), ("05-boxes", "web_ms", emulated_boxes.WEB_MS),
        ("05-boxes", "data_ms", emulated_boxes.DATA_MS),
        ("05-demands", "requests", cpu_demands.REQUESTS), ("05-pool", "connections", connection_pool.CONNECTIONS),
        ("05-throughput", "webs", (0, *tier_throughput.WEBS)), ("05-throughput", "users", tier_throughput.USERS),
        ("05-trips", "rtts_ms", n_plus_one.RTTS_MS),
    ],
)  # fmt: skip
def test_the_recorded_runs_are_of_what_would_be_measured_today(name, key, today):
    recorded = runs.load(name).detail[key]
    assert recorded == (list(today) if isinstance(today, tuple) else today)


def test_the_site_has_one_speed_in_all_recorded_runs():
    """Its one core is full at the same rate, whether that was asked at random, by users, or follows from CPU time."""
    by_demand = 1 / cpu_demands.medians(runs.load("05-demands"))["one server"]
    at_random = max(runs.load("03-site").series["answered"])
    by_users = max(runs.load("03-users").series["answered"])
    beside_two_tiers = runs.load("05-throughput").series["answered"][0]
    for rate in (at_random, by_users, beside_two_tiers):
        assert rate == pytest.approx(by_demand, rel=0.15)


def test_the_median_visit():
    assert median_visit([a_visit(seconds) for seconds in (3, 1, 2)]) == a_visit(2)
    assert median_visit([a_visit(seconds) for seconds in (3, 4, 1, 2)]) == a_visit(2)


def test_page_visit(monkeypatch):
    visits = []
    visit = page_visit.visit
    monkeypatch.setattr(measurements, "visit", lambda site: visits.append(visit(site)) or visits[-1])
    run = page_visit(visits=3)
    assert len(visits) == 4  # one to warm up
    assert (run.name, run.units) == ("01-page-visit", dict.fromkeys(run.series, "s"))
    assert run.what == "3 visits of the home page, each with a new resolver and a new connection, page cache off"
    shown = Visit.from_json(run.detail["visit"])
    assert list(run.series) == ["total", *(step.label for step in shown.steps)]
    assert run.series["total"] == [each.seconds for each in visits[1:]]
    assert shown == median_visit(visits[1:])
    for position, step in enumerate(shown.steps):
        taken = [each.steps[position].end_s - each.steps[position].start_s for each in visits[1:]]
        assert run.series[step.label] == taken
    assert (shown.status, shown.questions, shown.traffic.sockets_opened) == (200, 1, 1)
    assert {each.steps[3].note for each in visits} == {shown.steps[3].note}  # all ask the database alike


def test_load_time(monkeypatch):
    """Each length in its turn, a first turn without a delay dropped; times of the turn, counts of the first."""
    turns = []
    monkeypatch.setattr(measurements, "RTTS_MS", (0, 4))
    watched = lambda site: turns.append((site.nominal_rtt_s, loads(site))) or turns[-1][1]  # noqa: E731
    monkeypatch.setattr(measurements, "loads", watched)
    run = load_time(repeats=2)
    assert [rtt_s for rtt_s, _ in turns] == [0, 0, 0.004, 0, 0.004]
    names = ["page, one connection", "page, a connection each", "phone, JSON"]
    assert list(run.series) == [f"{what} at {ms} ms" for what in ("round trip", *names) for ms in (0, 4)]
    assert (run.name, run.units) == ("02-load-time", dict.fromkeys(run.series, "s"))
    assert run.what == "2 loads of /users/4, each with a new resolver and new connections, page cache off"
    for name in names:
        for ms, places in ((0, (1, 3)), (4, (2, 4))):
            assert run.series[f"{name} at {ms} ms"] == [turns[place][1][name].seconds for place in places]
    assert run.detail["rtts_ms"] == [0, 4]
    assert run.detail["rtts_s"] == [sum(run.series[f"round trip at {ms} ms"]) / 2 for ms in (0, 4)]
    assert all(seconds >= 0.003 for seconds in run.series["round trip at 4 ms"])
    assert [(each["name"], each["questions"], each["connections"], each["requests"], each["round_trips"])
            for each in run.detail["loads"]] == [
        ("page, one connection", 1, 1, 4, 6), ("page, a connection each", 1, 4, 4, 9), ("phone, JSON", 1, 1, 1, 3),
    ]  # fmt: skip
    one, each, phone = ((load["bytes_sent"], load["bytes_received"]) for load in run.detail["loads"])
    assert one == each
    assert phone < one


def test_a_load_that_differs_from_the_first_is_no_repeat(monkeypatch):
    monkeypatch.setattr(measurements, "RTTS_MS", (0,))
    counts = iter(range(9))
    monkeypatch.setattr(measurements, "counted", lambda done: {"requests": next(counts)})
    said = r"^page, one connection at 0 ms is no repeat: \{'requests': 0\}, before \{'requests': 1\}\.$"
    with pytest.raises(ValueError, match=said):
        load_time(repeats=1)


def test_what_is_counted_of_a_load():
    visited = Visit("api.mysite.com", "/", 200, 1, ("/a", "/b"), 1, Traffic(2, 30, 40), ())
    assert counted(visited) == {
        "questions": 1, "connections": 2, "requests": 3, "round_trips": 6, "bytes_sent": 30, "bytes_received": 40,
    }  # fmt: skip


def test_a_page_that_fails_is_not_loaded(monkeypatch):
    monkeypatch.setattr(measurements, "PATH", "/nothing")
    with one_server() as site, pytest.raises(ValueError, match="page, one connection: /nothing is answered with 404"):
        loads(site)
