"""The real tiers under load: what is counted, not how much."""

import re
from types import SimpleNamespace

from lab.chapters.tiers import tier_throughput
from lab.instruments import runs
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_a_run():
    run = tier_throughput.tier_throughput(webs=(1,), users=2, seconds=0.3, turns=1)
    assert run.detail["webs"] == [0, 1]
    assert [len(values) for values in run.series.values()] == [2, 2, 2]
    assert min(run.series["answered"]) > 0
    assert run.series["data"][0] == 0  # on one server all is done by the web process
    assert len(run.detail["cores"]) == 2 and min(run.detail["cores"]) > 0


def test_the_table_says_how_many_cores_were_busy():
    series = {"answered": [400.0, 500.0, 9.0], "web": [0.002, 0.002, 0.002], "data": [0.0, 0.001, 0.001]}
    run = SimpleNamespace(series=series, detail={"webs": [0, 2, 3], "bottlenecks": [3]})
    one, two = [line for line in repr(tier_throughput.table(run)).splitlines() if "⟨" in line]
    assert one.startswith("one server") and re.findall("⟨(.*?)⟩", one) == ["400 /s", "2.00 ms"] and one.endswith("0.8")
    assert two.startswith("two tiers, 2 web") and re.findall("⟨(.*?)⟩", two) == ["500 /s", "2.00 ms", "1.00 ms"]
    assert two.endswith("1.5")
    assert "too late: two tiers, 3 web." in tier_throughput.table(run).caption


def test_no_run_kept_more_cores_busy_than_there_were():
    run = runs.load("05-throughput")
    busy = [rate * (web_s + data_s) for rate, web_s, data_s in zip(*run.series.values(), strict=True)]
    assert max(busy) <= int(run.machine.cores) * 1.02  # the system counts the processor's time in hundredths
