"""data/generate.py, and that what is committed in data/mysite is what it makes."""

import csv
import hashlib
import json
import re
import runpy
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
MYSITE = DATA / "mysite"
LARGEST = 2_000_000  # bytes of the data set, all files


@pytest.fixture(scope="module")
def tables():
    """The rows of each CSV as dicts, and the profiles."""
    rows = {}
    for path in MYSITE.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.stem] = list(csv.DictReader(file))
    lines = (MYSITE / "profiles.jsonl").read_text("utf-8").splitlines()
    return rows | {"profiles": [json.loads(line) for line in lines]}


def run(*arguments):
    """Run the generator with these arguments."""
    return subprocess.run([sys.executable, DATA / "generate.py", *arguments], capture_output=True, text=True)


def test_regenerating_gives_the_same_bytes(tmp_path):
    command = run("--out", str(tmp_path))
    assert command.returncode == 0 and command.stdout.startswith("7 files, 7 written: "), command.stdout
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in MYSITE.iterdir()
    }


def test_check_passes_on_what_is_committed():
    check = run("--check")
    assert (check.returncode, check.stdout) == (0, "7 files, 0 differ: none\n")


def test_check_fails_on_a_changed_file_and_writes_nothing(tmp_path):
    run("--out", str(tmp_path))
    (tmp_path / "users.csv").write_text("id\n", "utf-8")
    check = run("--check", "--out", str(tmp_path))
    assert (check.returncode, check.stdout) == (1, "7 files, 1 differ: users.csv\n")
    assert (tmp_path / "users.csv").read_text("utf-8") == "id\n"
    assert run("--out", str(tmp_path)).stdout == "7 files, 1 written: users.csv\n"


def test_another_seed_gives_other_data():
    generate = runpy.run_path(str(DATA / "generate.py"))["generate"]
    assert all(one != other for one, other in zip(generate(1).values(), generate(2).values(), strict=True))


def test_sums():
    lines = (MYSITE / "SHA256SUMS").read_text("ascii").splitlines()
    assert sorted(line.split("  ")[1] for line in lines) == sorted(
        path.name for path in MYSITE.iterdir() if path.name != "SHA256SUMS"
    )
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((MYSITE / name).read_bytes()).hexdigest() == digest


def test_size():
    assert sum(path.stat().st_size for path in MYSITE.iterdir()) < LARGEST


def test_counts_of_the_readme(tables):
    rows = dict(re.findall(r"^\| `(\w+)\.(?:csv|jsonl)` \| ([\d,]+) \|", (DATA / "README.md").read_text("utf-8"), re.M))
    assert {name: int(count.replace(",", "")) for name, count in rows.items()} == {
        name: len(table) for name, table in tables.items()
    }


def test_columns_of_the_readme(tables):
    readme = (DATA / "README.md").read_text("utf-8")
    descriptions = dict(re.findall(r"^\| `(\w+)\.csv` \| [\d,]+ \| (.*) \|$", readme, re.M))
    for name, text in descriptions.items():
        columns = list(tables[name][0])
        assert [word for word in re.findall(r"`(\w+)`", text) if word in columns] == columns


def test_ids_run_from_one_and_handles_are_unique(tables):
    for name in ("users", "posts", "page_views"):
        assert [int(row["id"]) for row in tables[name]] == list(range(1, len(tables[name]) + 1))
    for column in ("handle", "name"):
        assert len({row[column] for row in tables["users"]}) == len(tables["users"])
    assert all(row["handle"] == row["name"].lower().replace(" ", "_") for row in tables["users"])


def test_every_reference_leads_to_a_user(tables):
    users = {row["id"] for row in tables["users"]}
    for name, column in [
        ("posts", "author_id"), ("follows", "follower_id"), ("follows", "followed_id"), ("sessions", "user_id"),
        ("page_views", "user_id"),
    ]:  # fmt: skip
        assert {row[column] for row in tables[name]} <= users
    assert {str(profile["user_id"]) for profile in tables["profiles"]} <= users
    assert {row["path"].removeprefix("/users/") for row in tables["page_views"]} <= users | {"/"}


def test_follows_are_pairs_of_two(tables):
    pairs = [(row["follower_id"], row["followed_id"]) for row in tables["follows"]]
    assert len(set(pairs)) == len(pairs)
    assert all(follower != followed for follower, followed in pairs)


def test_times_are_in_order_and_in_their_range(tables):
    for name, column, first, last in [
        ("posts", "posted_at", "2025-01-01T00:00", "2025-12-31T23:59"),
        ("sessions", "started_at", "2025-12-25T00:00", "2025-12-31T23:59"),
        ("page_views", "viewed_at", "2025-12-25T00:00", "2025-12-31T23:59"),
    ]:
        times = [row[column] for row in tables[name]]
        assert times == sorted(times) and first <= times[0] and times[-1] <= last
        assert all(datetime.fromisoformat(time).isoformat(timespec="minutes") == time for time in times)
    assert [row["joined"] for row in tables["users"]] == sorted(row["joined"] for row in tables["users"])


def test_few_have_much(tables):
    followers = [0] * (len(tables["users"]) + 1)
    for row in tables["follows"]:
        followers[int(row["followed_id"])] += 1
    top = sorted(followers, reverse=True)[:10]
    assert top[0] > 40 * sum(followers) / len(tables["users"])
    assert sum(top) > len(tables["follows"]) / 5


def test_every_fiftieth_post_is_delicate(tables):
    delicate = [row for row in tables["posts"] if re.search(r"[<&\"%]|[^\x00-\x7f]|It's", row["text"])]
    assert [int(row["id"]) for row in delicate] == list(range(50, 20_001, 50))
