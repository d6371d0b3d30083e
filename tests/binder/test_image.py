"""What repo2docker would build of binder/: read from the Dockerfile that it prints, with no Docker and no network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dockerfile() -> str:
    program = Path(sys.executable).with_name("jupyter-repo2docker")
    command = subprocess.run(
        [str(program), "--no-build", "--debug", "."], cwd=ROOT, text=True, capture_output=True, check=False,
        # a Docker that is here is not asked either
        env=os.environ | {"DOCKER_HOST": "unix:///nowhere"},
    )
    output = command.stdout + command.stderr
    assert command.returncode == 0, output
    return output


def test_image_has_the_python_of_runtime_txt(dockerfile: str) -> None:
    """One that repo2docker has an environment for (3.14 is the newest); without the file it would be an older one."""
    assert (ROOT / "binder" / "runtime.txt").read_text("utf8") == "python-3.13\n"
    assert "Building conda environment for python=3.13\n" in dockerfile
    assert "environment-2epy-2d3-2e13-2d" in dockerfile


def test_image_installs_binders_requirements_in_the_checkout(dockerfile: str) -> None:
    """From the root, and after the whole checkout is there: `-e .` needs both."""
    lines = dockerfile.splitlines()
    installs = [line for line in lines if "/bin/pip install" in line]
    assert installs == ['RUN ${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "binder/requirements.txt"']
    before = lines[: lines.index(installs[0])]
    assert [line for line in before if line.startswith("WORKDIR")] == ["WORKDIR ${REPO_DIR}"]
    assert any(line.endswith(" src/ ${REPO_DIR}/") for line in before)


def test_image_trusts_the_notebooks(dockerfile: str) -> None:
    """So that a reader's first sight is a figure, not the words in its place."""
    post_build = ROOT / "binder" / "postBuild"
    assert os.access(post_build, os.X_OK)
    assert "jupyter trust index.ipynb chapters/*.ipynb" in post_build.read_text("utf8")
    assert "RUN ./binder/postBuild" in dockerfile.splitlines()
