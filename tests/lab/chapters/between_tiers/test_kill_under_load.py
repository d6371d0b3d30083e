"""A kill under write load, on real tiers: what is the same on every run."""

import dataclasses

import pytest

from lab.chapters.between_tiers import kill_under_load
from lab.chapters.between_tiers.kill_under_load import DATABASE, WEB, Outcome, outcome_of_kill
from mysite.topology import two_tiers
from tests.mysite.open_to_all import temporary  # noqa: F401 (a place that PostgreSQL's user can enter)


def test_a_killed_database_and_a_killed_web_process():
    with two_tiers(web=2, restart_after_s=0.2) as site:
        assert outcome_of_kill(site, DATABASE) == Outcome(
            frozenset({"201", "503"}), lost=0, web_restarts=0, data_restarts=1
        )
        assert outcome_of_kill(site, WEB) == Outcome(frozenset({"201"}), lost=0, web_restarts=1, data_restarts=0)
        elsewhere = dataclasses.replace(site, database=dataclasses.replace(site.database, process=None))
        with pytest.raises(ValueError, match="not ours to kill"):
            outcome_of_kill(elsewhere, DATABASE)


def test_a_server_that_does_not_come_back_ends_the_proof(monkeypatch):
    monkeypatch.setattr(kill_under_load, "PATIENCE_S", 0.05)
    with pytest.raises(TimeoutError, match=r"it is not back after 0\.05 s"):
        kill_under_load.wait_until(lambda: False, "it is not back")
