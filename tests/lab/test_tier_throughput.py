"""The real tiers under load: what is counted, not how much."""

from lab import tier_throughput
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_a_run():
    run = tier_throughput.tier_throughput(webs=(1,), users=2, seconds=0.3)
    assert run.detail["webs"] == [0, 1]
    assert len(run.series["answered"]) == 2 and min(run.series["answered"]) > 0
    assert len(run.detail["cores"]) == 2 and min(run.detail["cores"]) > 0
