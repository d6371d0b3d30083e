"""A stall, measured in small. No time is asserted, but that nobody is answered by a server that stands still."""

from lab.chapters.measuring.stall import RATE, SCHEDULE, WAITING, Stalls, responses_ms, stall
from lab.instruments.runs import load


def test_a_stall_is_met_by_many_on_a_schedule_and_once_by_who_waits():
    run = stall(after_s=0.5, for_s=0.4, seconds=1.5)
    assert list(run.series) == [SCHEDULE, WAITING]
    assert len(run.series[SCHEDULE]) == 150, "each that was due was sent and answered"
    met = {}
    for kind, values in run.series.items():
        sent_us, (start, end) = run.payload.sent_us[kind], run.payload.stalls_us[kind]
        assert len(sent_us) == len(values) and sent_us[0] == 0 and list(sent_us) == sorted(sent_us)
        assert end - start >= 400_000
        within = [(moment, seconds) for moment, seconds in zip(sent_us, values, strict=True)
                  if start + 20_000 < moment < end]  # fmt: skip
        # who was sent into the stall cannot be answered before its end
        assert all(moment + seconds * 1e6 > end - 5_000 for moment, seconds in within)
        met[kind] = len(within)
    assert met[SCHEDULE] >= 35 and met[WAITING] <= 1
    assert min(run.payload.held_us.values()) > 2_000


def test_the_recorded_run_is_of_what_would_be_measured_today():
    recorded = load(Stalls)
    assert recorded.payload.rate == RATE
    assert all(len(responses_ms(recorded, kind)) == len(values) for kind, values in recorded.series.items())
