"""The workflows in .github/: checked as far as that goes without the forge that runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
for_all_workflows = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def workflow(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text("utf8"))


def jobs(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return content["jobs"]


def against_schema(path: Path) -> subprocess.CompletedProcess[str]:
    """Run check-jsonschema on a workflow; GitHub's schema is inside, so that nothing is asked of a network."""
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)],
        text=True, capture_output=True, check=False,
    )


def test_there_are_two() -> None:
    assert [path.name for path in WORKFLOWS] == ["check.yml", "publish.yml"]


@pytest.mark.whole
@for_all_workflows
def test_fits_the_schema(path: Path) -> None:
    check = against_schema(path)
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.whole
@pytest.mark.parametrize(("right", "wrong"), [("runs-on:", "run-on:"), ("contents: read", "contents: reads")])
def test_the_schema_finds_faults(right: str, wrong: str, tmp_path: Path) -> None:
    broken = tmp_path / "check.yml"
    broken.write_text((ROOT / ".github/workflows/check.yml").read_text("utf8").replace(right, wrong), "utf8")
    assert against_schema(broken).returncode == 1


def test_check_runs_what_a_reader_can_run() -> None:
    """.ci/run, as it stands, on the oldest and the newest Python; nothing of it is written a second time."""
    check = jobs(workflow("check.yml"))["check"]
    commands = [step["run"] for step in check["steps"] if "run" in step]
    assert ".ci/run" in commands and os.access(ROOT / ".ci" / "run", os.X_OK)
    assert not [line for line in commands if re.search(r"\b(make|pytest|pip|jupyter-book|ruff|mypy)\b", line)]
    assert [arm["python"] for arm in check["strategy"]["matrix"]["include"]] == ["3.11", "3.14"]
    assert {"pull_request", "push", "workflow_call"} == set(workflow("check.yml")[True])  # YAML 1.1 reads `on` as true


def test_only_what_passed_is_published() -> None:
    """The pages come from the job that ran .ci/run, behind it, and publishing waits for all of it."""
    steps = jobs(workflow("check.yml"))["check"]["steps"]
    uploads = [number for number, step in enumerate(steps) if "upload-pages-artifact" in step.get("uses", "")]
    assert len(uploads) == 1 and uploads[0] > [step.get("run") for step in steps].index(".ci/run")
    assert steps[uploads[0]]["with"]["path"] == "_build/html"
    publishing = workflow("publish.yml")
    assert jobs(publishing)["check"]["uses"] == "./.github/workflows/check.yml"
    assert jobs(publishing)["check"]["with"] == {"pages": True}
    for job in jobs(publishing).values():
        if any("deploy-pages" in step["uses"] for step in job.get("steps", [])):
            assert job["needs"] == "check" and "if" not in job
    assert publishing[True]["push"] == {"branches": ["main"]}


def test_only_publishing_may_write() -> None:
    permissions = {
        (path.name, name): content.get("permissions")
        for path in WORKFLOWS
        for name, content in [("", workflow(path.name)), *jobs(workflow(path.name)).items()]
    }
    assert permissions == {
        ("check.yml", ""): {"contents": "read"}, ("check.yml", "check"): None,
        ("publish.yml", ""): {}, ("publish.yml", "check"): {"contents": "read"},
        ("publish.yml", "publish"): {"pages": "write", "id-token": "write"},
    }  # fmt: skip


@for_all_workflows
def test_actions_are_pinned(path: Path) -> None:
    """To a commit, which nobody can move, with its version beside it; only GitHub's own."""
    actions = re.findall(r"uses: (.*)", path.read_text("utf8"))
    pin = re.compile(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/workflows/check\.yml")
    assert actions and [action for action in actions if not pin.fullmatch(action)] == []


@for_all_workflows
def test_every_step_says_what_it_protects(path: Path) -> None:
    """In a comment above it."""
    lines = path.read_text("utf8").splitlines()
    first = [number for number, line in enumerate(lines) if re.match(r" {6}- ", line)]
    assert first and [lines[number] for number in first if not lines[number - 1].startswith("      # ")] == []
