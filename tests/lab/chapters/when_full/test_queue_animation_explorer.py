"""lab/chapters/when_full/queue_animation_explorer.py: who is where at each moment is what the replay says."""

import json

import pytest

from lab.chapters.when_full.queue_animation_explorer import (
    CUSTOMERS,
    FROM_MS,
    LOADS,
    SERVERS,
    STEP_MS,
    STEPS,
    model,
    queue_animation,
    replay_at,
    servers_of,
)
from lab.chapters.when_full.queue_scene_view import PLACES, WAITING

MOMENTS = range(0, STEP_MS * STEPS, STEP_MS)


@pytest.fixture(scope="module")
def explorer():
    widget = queue_animation()
    yield widget
    widget.close()


@pytest.mark.parametrize("load", LOADS)
def test_the_counts_are_those_of_the_replay(load):
    steps = replay_at(load).in_system()
    for moment in MOMENTS:
        now = (FROM_MS + moment) * 1000
        outputs = model(moment, load)
        assert outputs["inside"] == max((step for step in steps if step[0] <= now), default=(0, 0))[1]
        assert outputs["busy"] == min(outputs["inside"], SERVERS)
        assert outputs["waiting"] == outputs["inside"] - outputs["busy"]


@pytest.mark.parametrize("load", LOADS)
def test_everybody_has_a_place_of_their_own(load):
    for moment in MOMENTS:
        outputs = model(moment, load)
        places = [place for _, place in outputs["customers"] if place != PLACES["exit"]]
        assert len(places) == len(set(places)) == outputs["inside"]
        waiting = sorted(place for place in places if place >= SERVERS)
        assert waiting == list(range(SERVERS, SERVERS + len(waiting))), "the queue has no gap"
        assert len(waiting) <= WAITING, "nobody waits where no place is drawn"


@pytest.mark.parametrize("load", LOADS)
def test_who_waits_moves_forward_and_stays_with_one_server(load):
    before = {}
    for moment in MOMENTS:
        now = dict(model(moment, load)["customers"])
        for customer, place in now.items():
            if customer not in before or place == PLACES["exit"]:
                continue
            last = before[customer]
            assert place == last if last < SERVERS else place <= last
        before = now


@pytest.mark.parametrize("load", LOADS)
def test_no_server_has_two_customers_at_once(load):
    queue, servers = replay_at(load), servers_of(load)
    assert len(servers) == CUSTOMERS
    last = dict.fromkeys(range(SERVERS), 0)
    for start, departure, server in zip(queue.starts, queue.departures, servers, strict=True):
        assert last[server] <= start
        last[server] = departure


def test_the_queue_comes_and_goes(explorer):
    table = json.loads(explorer.table)
    longest = [max(table["waiting"][place :: len(LOADS)]) for place in range(len(LOADS))]
    assert longest == sorted(longest) and longest[0] <= 3 < 9 < longest[-1]
    assert min(table["waiting"][len(LOADS) - 1 :: len(LOADS)]) == 0
    assert explorer.spec["played"] == "moment_ms"
    assert explorer.value == {"moment_ms": 0, "load": 0.8}
