"""The explorer of the cover: what is full at how many users, on one server and on two tiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.cover.splitting_explorer import (
    MOST_DOTS,
    ONE_SERVER,
    SENTENCES,
    TWO_TIERS,
    USERS,
    cores,
    picture_graph,
    sentence,
    splitting_explorer,
    steps,
)
from lab.chapters.cover.utilisation_model import users_that_fill
from lab.instruments import runs
from lab.instruments.cpu import BOTH, DATA, WEB
from lab.models.tiers import Tier, capacity
from lab.site.cpu_demands import CpuDemands, medians


@pytest.fixture
def explorer_of():
    """explorer_of(one_server_s, tiers_s, note) makes an explorer for a request of each user in ten seconds."""
    explorers = []

    def make(one_server_s, tiers_s, note=""):
        explorers.append(splitting_explorer(one_server_s, tiers_s, 0.1, note))
        return explorers[-1]

    yield make
    for explorer in explorers:
        explorer.close()


@pytest.fixture
def explorer(explorer_of):
    """One core that a thousand users fill; so two tiers that share the work evenly are filled by two thousand."""
    return explorer_of(0.01, (0.005, 0.005), "measured somewhere")


def test_users_run_from_one_to_a_million_in_rounded_steps():
    assert (USERS[0], USERS[-1], len(USERS)) == (1, 1_000_000, 47)
    assert {10, 100, 1000, 10_000, 100_000} <= set(USERS)
    assert all(float(f"{users:.2g}") == users for users in USERS)


@pytest.mark.parametrize(
    "users, utilisation, cores, sentence",
    [(100, 0.1, 1, 0), (750, 0.75, 1, 0), (1000, 1.0, 1, 2), (1300, 1.0, 2, 2), (1_000_000, 1.0, 1000, 2)],
)
def test_one_server(explorer, users, utilisation, cores, sentence):
    """What is asked beyond a full core is no level: it is cores. Both parts are one process, and have one level."""
    row = explorer.at(users=users, built=ONE_SERVER)
    assert row["process"] == row["fullest"] == pytest.approx(utilisation)
    assert row["web"] is row["data"] is None
    assert row["cores"] == cores
    assert row["requests"] == pytest.approx(users * 0.1)
    assert row["sentence"] == sentence
    # by M/M/1: the work of 10 ms over the share of time that is free
    assert row["response"] == (pytest.approx(10 / (1 - utilisation), rel=1e-3) if utilisation < 1 else None)


@pytest.mark.parametrize(
    "users, utilisation, cores, sentence",
    [(100, 0.05, 2, 3), (1000, 0.5, 2, 3), (1800, 0.9, 2, 3), (2400, 1.0, 4, 7), (1_000_000, 1.0, 1000, 7)],
)
def test_two_tiers_that_share_the_work_evenly(explorer, users, utilisation, cores, sentence):
    row = explorer.at(users=users, built=TWO_TIERS)
    assert row["web"] == row["data"] == row["fullest"] == pytest.approx(utilisation)
    assert row["process"] is None
    assert (row["cores"], row["sentence"]) == (cores, sentence)
    assert row["requests"] == pytest.approx(users * 0.1)
    # 5 ms of work in each tier, one after the other
    assert row["response"] == (pytest.approx(2 * 5 / (1 - utilisation), rel=1e-3) if utilisation < 1 else None)


def test_two_tiers_that_share_it_unevenly(explorer_of):
    uneven = explorer_of(0.01, (0.008, 0.002), "measured elsewhere")
    row = uneven.at(users=1000, built=TWO_TIERS)
    assert (row["web"], row["data"], row["fullest"]) == pytest.approx((0.8, 0.2, 0.8))
    assert row["response"] == pytest.approx(8 / 0.2 + 2 / 0.8, rel=1e-3)
    full = uneven.at(users=1300, built=TWO_TIERS)
    assert (full["web"], full["response"], full["cores"], full["sentence"]) == (1, None, 3, 6)
    assert full["data"] == pytest.approx(0.26)
    # one server does not know how its work is shared
    assert uneven.at(users=750, built=ONE_SERVER)["fullest"] == pytest.approx(0.75)
    assert uneven.spec["note"].endswith("measured elsewhere")


@pytest.mark.parametrize("share", [0.5, 0.2, 0.7])
def test_two_tiers_are_full_where_their_capacity_ends(explorer_of, share):
    explorer = explorer_of(0.01, (0.01 * (1 - share), 0.01 * share))
    most = capacity([Tier(0.01 * (1 - share)), Tier(0.01 * share)]) / 0.1
    grid = explorer.spec["controls"][0]["values"]
    with_response = [users for users in grid if explorer.at(users=users, built=TWO_TIERS)["response"] is not None]
    assert with_response == [users for users in grid if users < most * (1 - 1e-9)]


RECORDED = medians(runs.load(CpuDemands))
# one server, web tier and data tier: as recorded, and on a machine that is quicker
DEMANDS_S = [(RECORDED[BOTH], RECORDED[WEB], RECORDED[DATA]), (0.0018, 0.0015, 0.0010)]


@pytest.mark.parametrize("one_server_s, web_s, data_s", DEMANDS_S)
def test_what_splitting_buys_is_seen_at_two_steps(explorer_of, one_server_s, web_s, data_s):
    """There one server is full and two tiers are not; below there is room in both, above both are full."""
    explorer = explorer_of(one_server_s, (web_s, data_s))
    grid = explorer.spec["controls"][0]["values"]
    full = [tuple(explorer.at(users=users, built=built)["fullest"] >= 1 for built in (ONE_SERVER, TWO_TIERS))
            for users in grid]  # fmt: skip
    assert full == sorted(full), "the more users, the fuller"
    assert full.count((True, False)) >= 2 and full.count((False, True)) == 0
    assert full.count((False, False)) >= 2 and full.count((True, True)) >= 2


@given(st.floats(1e-4, 0.05), st.floats(1.05, 2))
def test_two_steps_lie_between_whatever_was_measured(one, gain):
    """Wherever two tiers can do at least five per cent more than one server."""
    ends = [users_that_fill(0.1, demand) for demand in (one, one / gain)]
    grid = steps(0.1, one, one / gain)
    assert len([users for users in grid if ends[0] <= users < ends[1]]) >= 2
    assert set(USERS) <= set(grid) and len(grid) <= len(USERS) + 2
    assert all(users == round(float(f"{users:.3g}")) for users in grid)


@pytest.mark.parametrize(
    "utilisations, place",
    [
        ([0.9], 0), ([0.91], 1), ([1.0], 2), ([0.9, 0.1], 3), ([0.9, 0.9], 3), ([0.91, 0.9], 4), ([0.2, 0.99], 4),
        ([0.91, 0.91], 5), ([1, 0.99], 6), ([0.1, 1.2], 6), ([1, 1.5], 7),
    ],
)  # fmt: skip
def test_which_sentence_is_said(utilisations, place):
    assert sentence(utilisations) == place
    state = {0: "has room", 1: "nearly full", 2: "is full", 3: "have room", 4: "is nearly full", 5: "are nearly full",
             6: "is full", 7: "are full"}  # fmt: skip
    assert state[place] in SENTENCES[place] and len(SENTENCES) == len(state)


def test_cores_are_rounded_up_to_what_is_needed():
    assert [cores(utilisation) for utilisation in (0.001, 1, 1 + 1e-12, 1.001, 227.5)] == [1, 1, 1, 2, 228]


def test_dots_are_the_users_or_each_stands_for_several(explorer):
    for users in USERS:
        row = explorer.at(users=users)
        assert row["dots"] * row["users_per_dot"] == pytest.approx(users)
        assert row["dots"] == (users if users <= MOST_DOTS else MOST_DOTS)


def test_picture_moves_the_users_the_two_levels_and_the_outlines(explorer):
    for drawing in explorer.spec["drawings"].values():
        assert [(part["kind"], part["output"]) for part in drawing["moving"]] == [
            ("level", "process"), ("path", "outlines"), *[("words", "outlines")] * 3,
            ("text", "users_per_dot"), ("dots", "dots"), ("level", "web"), ("level", "data"),
        ]  # fmt: skip
        assert "5,000 per dot" not in drawing["svg"]
    assert explorer.spec["note"] == "measured somewhere"
    assert explorer.spec["sentences"] == list(SENTENCES)
    assert explorer.value == {"users": 1000, "built": ONE_SERVER}


def test_outlines_are_those_of_what_is_chosen(explorer):
    for built, titles in ((ONE_SERVER, ["one server, one process"]), (TWO_TIERS, ["web tier", "data tier"])):
        assert explorer.at(built=built)["outlines"] == built
        for drawing in explorer.spec["drawings"].values():
            words = [part["words"][str(built)] for part in drawing["moving"] if part["kind"] == "words"]
            assert [title for lines in words for _, title in lines] == titles


def test_graph_has_two_tiers():
    graph = picture_graph()
    assert dict(graph.nodes(data="group")) == {"users": None, "names": None, "web": "web tier", "data": "data tier"}
    assert [(start, end, edge["kind"], edge["step"]) for start, end, edge in graph.edges(data=True)] == [
        ("users", "names", "lookup", 1), ("users", "web", "request", 2), ("web", "data", "query", 3),
    ]  # fmt: skip
    assert [label for _, label in graph.nodes(data="label")] == ["users", "DNS", "web application", "database"]
