"""lab/explorers/cover.py"""

import pytest

from lab.explorers.cover import MOST_DOTS, SENTENCES, USERS, cores, graph, one_server_explorer


@pytest.fixture
def explorer():
    """One core that a thousand users fill."""
    made = one_server_explorer(0.01, 0.1, "measured somewhere")
    yield made
    made.close()


def test_users_run_from_one_to_a_million_in_rounded_steps():
    assert (USERS[0], USERS[-1], len(USERS)) == (1, 1_000_000, 47)
    assert {10, 100, 1000, 10_000, 100_000} <= set(USERS)
    assert all(float(f"{users:.2g}") == users for users in USERS)


@pytest.mark.parametrize(
    "users, utilisation, needed, sentence",
    [(100, 0.1, 1, 0), (750, 0.75, 1, 0), (1000, 1.0, 1, 2), (1300, 1.0, 2, 2), (1_000_000, 1.0, 1000, 2)],
)
def test_table(explorer, users, utilisation, needed, sentence):
    """What is asked beyond a full core is no level: it is cores."""
    row = explorer.at(users=users)
    assert row["utilisation"] == pytest.approx(utilisation)
    assert row["cores"] == needed
    assert row["requests"] == pytest.approx(users * 0.1)
    assert row["sentence"] == sentence
    # by M/M/1: the work of 10 ms over the share of time that is free
    assert row["response"] == (pytest.approx(10 / (1 - utilisation), rel=1e-3) if utilisation < 1 else None)


def test_sentence_between_nine_tenths_and_full():
    nearly = one_server_explorer(0.0095, 0.1, "")
    assert nearly.at(users=1000)["sentence"] == 1
    assert "nearly full" in SENTENCES[1] and "is full" in SENTENCES[2] and "has room" in SENTENCES[0]
    nearly.close()


def test_cores_are_rounded_up_to_what_is_needed():
    assert [cores(asked) for asked in (0.001, 1, 1 + 1e-12, 1.001, 227.5)] == [1, 1, 1, 2, 228]


def test_dots_are_the_users_or_each_stands_for_several(explorer):
    for users in USERS:
        row = explorer.at(users=users)
        assert row["dots"] * row["users_per_dot"] == pytest.approx(users)
        assert row["dots"] == (users if users <= MOST_DOTS else MOST_DOTS)


def test_picture_moves_the_users_and_the_one_process(explorer):
    for drawing in explorer.spec["drawings"].values():
        assert {item["kind"]: item["output"] for item in drawing["moving"]} == {
            "text": "users_per_dot", "dots": "dots", "level": "utilisation",
        }  # fmt: skip
        assert "5,000 per dot" not in drawing["svg"]
    assert explorer.spec["note"] == "measured somewhere"
    assert explorer.spec["sentences"] == list(SENTENCES)
    assert explorer.value == {"users": 1000}


def test_graph_has_one_server_with_three_parts():
    drawn = graph()
    inside = [node for node, group in drawn.nodes(data="group") if group == "one server, one process"]
    assert inside == ["web", "cache", "data"]
    assert [(a, b, kind, step) for a, b, (kind, step) in
            ((a, b, (d["kind"], d["step"])) for a, b, d in drawn.edges(data=True))] == [
        ("users", "names", "lookup", 1), ("users", "web", "request", 2),
        ("web", "data", "query", 3),
    ]  # fmt: skip
    # it was off when the CPU time was measured, so no arrow leads to it
    assert drawn.nodes["cache"]["note"] == "off here"
    labels = [label for _, label in drawn.nodes(data="label")]
    assert labels == ["users", "DNS", "web application", "page cache", "database"]
