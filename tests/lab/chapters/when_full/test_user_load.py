"""Users who ask the site again and again, measured in small. No time is asserted."""

from lab.chapters.when_full.user_load import ANSWERED, USERS, UserLoad, throughput, user_load
from lab.instruments.runs import load


def test_users_ask_again_and_again():
    run = user_load((1, 2), seconds=0.3)
    assert run.payload.users == (1, 2)
    assert throughput(run) == list(zip((1, 2), run.series[ANSWERED], strict=True))
    assert min(run.series[ANSWERED]) > 1


def test_the_recorded_run_is_of_what_would_be_measured_today():
    assert load(UserLoad).payload.users == USERS
