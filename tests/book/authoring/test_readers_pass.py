"""book/authoring/readers_pass.py: that it sees a name and an error. The notebooks themselves are run by .ci/run."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from book.authoring.readers_pass import complaint, names_asked

pytestmark = pytest.mark.whole

ASKS = "import socket\nsocket.getaddrinfo('localhost', 80)"
ASKS_IN_A_PROCESS = (
    "import subprocess, sys\n"
    "_ = subprocess.run([sys.executable, '-c', \"import socket; socket.gethostbyname('localhost')\"], check=True)"
)


def notebook_of(folder, name, *sources):
    """A notebook of these cells, never run."""
    path = folder / name
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources]), path)
    return path


def test_nothing_is_wrong_with_a_notebook_that_asks_an_address_and_runs_as_a_readers(tmp_path):
    reader = "import os\nassert 'LAB_RUN' not in os.environ"
    assert complaint(notebook_of(tmp_path, "one.ipynb", reader, ASKS.replace("localhost", "127.0.0.1"))) is None


def test_the_watch_sees_a_name_that_the_kernel_or_its_process_asks_for(tmp_path):
    wrong = complaint(notebook_of(tmp_path, "one.ipynb", ASKS, ASKS_IN_A_PROCESS))
    assert wrong == "the system's resolver was asked for localhost localhost"


def test_where_no_process_was_watched_nothing_is_said_of_names(tmp_path):
    (tmp_path / "names").touch()
    with pytest.raises(RuntimeError, match="No process was watched"):
        names_asked(tmp_path)


def test_an_error_in_one_of_two_notebooks_is_reported(tmp_path):
    paths = [notebook_of(tmp_path, "wrong.ipynb", "1 / 0"), notebook_of(tmp_path, "right.ipynb", "print(1)")]
    command = [sys.executable, "-m", "book.authoring.readers_pass", *map(str, paths)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 1
    assert "wrong.ipynb: a cell has failed" in result.stdout and "ZeroDivisionError" in result.stdout
    assert "right.ipynb: every cell has run, names asked: none" in result.stdout
