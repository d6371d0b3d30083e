"""A clone has the bytes of the commit, where git is told to write Windows' line ends too."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = (".ci/run", "data/mysite/SHA256SUMS", "data/mysite/users.csv", "index.ipynb", "Makefile",
           "data/runs/two_clients/page_in_a_browser.png")  # fmt: skip


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=N", "-c", "user.email=n@example.org"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_a_clone_for_windows_has_the_same_bytes(tmp_path):
    source = tmp_path / "source"
    for name in (".gitattributes", *SAMPLES):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    git(source, "init")
    git(source, "add", ".")
    git(source, "commit", "-m", "All")
    git(tmp_path, "-c", "core.autocrlf=true", "clone", "source", "clone")
    assert [name for name in SAMPLES if (tmp_path / "clone" / name).read_bytes() != (ROOT / name).read_bytes()] == []
