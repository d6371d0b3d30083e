"""Each notebook also runs as a reader runs it, without LAB_RUN; and nobody asks the system's resolver for a name."""

import os
import subprocess
import sys

from lab.counting import LOOKUPS_FILE_VARIABLE

EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": sys.argv[2]}}).execute()
"""
# Python runs this in every process that starts with it on its path: kernel and servers
SITECUSTOMIZE = "from lab import counting\ncounting.record_name_lookups_from_environment()\n"


def watched(tmp_path, *command):
    """Run a command; give every name for which one of its processes asked the system's resolver."""
    (tmp_path / "sitecustomize.py").write_text(SITECUSTOMIZE, "utf-8")
    names = tmp_path / "names"
    names.touch()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), LOOKUPS_FILE_VARIABLE: str(names)}
    environment.pop("LAB_RUN", None)
    done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr[-3000:]
    return names.read_text("utf-8").split()


def test_runs_for_a_reader_and_asks_no_name(notebook_path, tmp_path):
    assert watched(tmp_path, "-c", EXECUTE, str(notebook_path), str(notebook_path.parent)) == []


def test_the_watch_sees_a_name(tmp_path):
    assert watched(tmp_path, "-c", "import socket; socket.getaddrinfo('localhost', 80)") == ["localhost"]
