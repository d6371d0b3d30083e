"""Recorded runs of several chapters, held against each other and against what is measured today."""

import pytest

from lab.chapters.between_tiers import connection_pool, n_plus_one
from lab.chapters.tiers import emulated_boxes, tier_throughput
from lab.chapters.when_full import user_load
from lab.instruments import runs
from lab.instruments.cpu import BOTH
from lab.site import cpu_demands, filling


@pytest.mark.parametrize(
    ("payload_type", "field", "today"),
    [
        (emulated_boxes.Boxes, "users", emulated_boxes.USERS),
        (emulated_boxes.Boxes, "web_ms", emulated_boxes.WEB_MS),
        (emulated_boxes.Boxes, "data_ms", emulated_boxes.DATA_MS),
        (connection_pool.Pool, "connections", connection_pool.CONNECTIONS),
        (tier_throughput.TierThroughput, "webs", (0, *tier_throughput.WEBS)),
        (tier_throughput.TierThroughput, "users", tier_throughput.USERS),
        (n_plus_one.Trips, "rtts_ms", n_plus_one.RTTS_MS),
    ],
)
def test_runs_of_the_tiers_are_of_what_would_be_measured_today(payload_type, field, today):
    recorded = getattr(runs.load(payload_type).payload, field)
    assert (tuple(recorded) if isinstance(recorded, list) else recorded) == today


def test_the_site_has_one_speed_in_all_recorded_runs():
    """Its one core is full at the same rate, whether that was asked at random, by users, or follows from CPU time."""
    by_demand = 1 / cpu_demands.medians(runs.load(cpu_demands.CpuDemands))[BOTH]
    at_random = max(runs.load(filling.SiteFilling).series[filling.ANSWERED])
    by_users = max(runs.load(user_load.UserLoad).series[user_load.ANSWERED])
    beside_two_tiers = runs.load(tier_throughput.TierThroughput).series[tier_throughput.ANSWERED][0]
    for rate in (at_random, by_users, beside_two_tiers):
        assert rate == pytest.approx(by_demand, rel=0.15)
