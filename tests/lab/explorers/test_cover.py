"""lab/explorers/cover.py"""

import pytest

from lab.explorers.cover import SENTENCES, USERS, dots, graph, one_server_explorer


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
    "users, utilisation, sentence",
    [(100, 0.1, 0), (750, 0.75, 0), (1000, 1.0, 2), (1_000_000, 1000.0, 2)],
)
def test_table(explorer, users, utilisation, sentence):
    row = explorer.at(users=users)
    assert row["utilisation"] == pytest.approx(utilisation)
    assert row["requests"] == pytest.approx(users * 0.1)
    assert row["sentence"] == sentence


def test_sentence_between_nine_tenths_and_full():
    nearly = one_server_explorer(0.0095, 0.1, "")
    assert nearly.at(users=1000)["sentence"] == 1
    assert "nearly full" in SENTENCES[1] and "is full" in SENTENCES[2] and "has room" in SENTENCES[0]
    nearly.close()


def test_dots_grow_with_the_users():
    counts = [dots(users) for users in USERS]
    assert counts == sorted(counts) and (counts[0], counts[-1]) == (3, 240)


def test_picture_moves_the_users_and_the_one_process(explorer):
    for drawing in explorer.spec["drawings"].values():
        assert {item["kind"]: item["output"] for item in drawing["moving"]} == {"dots": "dots", "level": "utilisation"}
    assert explorer.spec["note"] == "measured somewhere"
    assert explorer.spec["sentences"] == list(SENTENCES)
    assert explorer.value == {"users": 1000}


def test_graph_has_one_server_with_three_parts():
    drawn = graph()
    assert [node for node, group in drawn.nodes(data="group") if group == "one server"] == ["web", "cache", "data"]
    assert [(a, b, kind, step) for a, b, (kind, step) in
            ((a, b, (d["kind"], d["step"])) for a, b, d in drawn.edges(data=True))] == [
        ("users", "names", "lookup", 1), ("users", "web", "request", 2),
        ("web", "cache", "query", 3), ("web", "data", "query", 4),
    ]  # fmt: skip
    labels = [label for _, label in drawn.nodes(data="label")]
    assert labels == ["users", "DNS", "web application", "page cache", "database"]
