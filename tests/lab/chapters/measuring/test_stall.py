"""What chapter 04 measures of loops, measured in small. No time is asserted."""

from lab.chapters.measuring import loops


def test_with_n_users_never_more_than_n_are_inside():
    run = loops.closed_loop((1, 3), seconds=0.5)
    assert run.detail["users"] == [1, 3]
    assert all(0 <= most <= users for users, most in zip(run.detail["users"], run.detail["most_inside"], strict=True))
    assert max(run.detail["most_inside"]) >= 1
    assert {name: len(values) for name, values in run.series.items()} == {"answered": 2, "mean response": 2}


def test_a_stall_is_met_by_many_on_a_schedule_and_once_by_who_waits():
    run = loops.stall(after_s=0.5, for_s=0.4, seconds=1.5)
    assert list(run.series) == [loops.SCHEDULE, loops.WAITING]
    assert len(run.series[loops.SCHEDULE]) == 150, "each that was due was sent and answered"
    for name, values in run.series.items():
        sent, (start, end) = run.detail["sent_us"][name], run.detail["stalls_us"][name]
        assert len(sent) == len(values) and sent[0] == 0 and sent == sorted(sent)
        assert end - start >= 400_000
        # who was sent into the stall cannot be answered before its end
        for moment, seconds in zip(sent, values, strict=True):
            if start + 20_000 < moment < end:
                assert moment + seconds * 1e6 > end - 5_000
    assert all(2_000 < held < 20_000 for held in run.detail["held_us"].values())
    inside = {
        name: sum(start + 20_000 < moment < end for moment in run.detail["sent_us"][name])
        for name, (start, end) in run.detail["stalls_us"].items()
    }
    assert inside[loops.SCHEDULE] >= 35
    assert inside[loops.WAITING] <= 1
