"""The real tiers under load: what is counted, not how much."""

import re
from functools import partial

from lab.chapters.tiers import tier_throughput
from lab.chapters.tiers.tier_throughput import ANSWERED, DATA_CPU, WEB_CPU, TierThroughput
from lab.instruments import runs
from lab.instruments.cores import free_cores
from lab.instruments.runs import Run
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_a_run(monkeypatch):
    monkeypatch.setattr(tier_throughput, "free_cores", partial(free_cores, seconds=0.05))  # nothing is said of them
    run = tier_throughput.tier_throughput(webs=(1,), users=2, seconds=0.3, turns=1)
    assert (run.payload.webs, run.payload.users) == ([0, 1], 2)
    assert [len(values) for values in run.series.values()] == [2, 2, 2]
    assert min(run.series[ANSWERED]) > 0
    assert run.series[DATA_CPU][0] == 0  # on one server all is done by the web process
    assert len(run.payload.cores) == 2 and min(run.payload.cores) > 0


def test_the_table_says_how_many_cores_were_busy():
    series = {ANSWERED: [400.0, 500.0, 9.0], WEB_CPU: [0.002, 0.002, 0.002], DATA_CPU: [0.0, 0.001, 0.001]}
    payload = TierThroughput(webs=[0, 2, 3], users=8, cores=(2.0, 2.0), bottlenecks=[3])
    table = tier_throughput.table(Run("made up", {ANSWERED: "/s", WEB_CPU: "s", DATA_CPU: "s"}, series, payload))
    one, two = [line for line in repr(table).splitlines() if "⟨" in line]
    assert one.startswith("one server") and re.findall("⟨(.*?)⟩", one) == ["400 /s", "2.00 ms"] and one.endswith("0.8")
    assert two.startswith("two tiers, 2 web") and re.findall("⟨(.*?)⟩", two) == ["500 /s", "2.00 ms", "1.00 ms"]
    assert two.endswith("1.5")
    assert "too late: two tiers, 3 web." in table.caption


def test_no_run_kept_more_cores_busy_than_there_were():
    run = runs.load(TierThroughput)
    # the system counts the processor's time in hundredths
    assert max(tier_throughput.cores_busy(run)) <= int(run.machine.cores) * 1.02
