"""Progress shows itself, leaves nothing behind, and is silent where outputs are kept."""

import itertools
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from lab.instruments.progress import progress


def lines(items, clock, **settings):
    """What was shown, and what came through."""
    shown = []
    given = list(progress(items, "counting", clock=clock, show=shown.append, **settings))
    return shown, given


def every(seconds):
    """A clock that moves by so many seconds each time it is read."""
    moments = itertools.count()
    return lambda: next(moments) * seconds


def test_lines():
    assert lines("abc", every(1)) == (["counting: 0 of 3", "counting: 1 of 3", "counting: 2 of 3", ""], list("abc"))
    assert lines(iter("ab"), every(1)) == (["counting: 0", "counting: 1", ""], ["a", "b"])
    assert lines(iter("ab"), every(1), total=7)[0] == ["counting: 0 of 7", "counting: 1 of 7", ""]
    assert lines("", every(1)) == ([], [])


def test_what_is_over_soon_shows_nothing():
    assert lines(range(4), every(0.1)) == ([], [0, 1, 2, 3])


def test_the_first_line_comes_after_half_a_second_and_the_next_a_tenth_later():
    assert lines(range(8), every(0.0625))[0] == ["counting: 7 of 8", ""]
    assert lines(range(12), every(0.0625))[0] == ["counting: 7 of 12", "counting: 9 of 12", "counting: 11 of 12", ""]


def test_the_line_goes_when_the_loop_is_left():
    shown = []
    with pytest.raises(KeyError):
        for _ in progress("ab", "counting", clock=every(1), show=shown.append):
            raise KeyError
    assert shown[-1] == ""


def test_silent_where_outputs_are_kept(capsys):
    assert list(progress("ab", "counting", clock=every(1))) == ["a", "b"]
    assert capsys.readouterr() == ("", "")


SCRIPT = """
import itertools, sys
from lab.instruments.progress import progress
sys.stderr.isatty = lambda: {terminal}
moments = itertools.count()
print(list(progress("ab", "counting", clock=lambda: next(moments))))
"""


@pytest.mark.parametrize(
    ("terminal", "written"),
    [(True, "\r\x1b[2Kcounting: 0 of 2\r\x1b[2Kcounting: 1 of 2\r\x1b[2K"), (False, "")],
)
def test_a_terminal_and_a_pipe(terminal, written):
    environment = {name: value for name, value in os.environ.items() if name != "LAB_RUN"}
    command = [sys.executable, "-c", SCRIPT.format(terminal=terminal)]
    run = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert run.stdout.decode() == "['a', 'b']\n"
    assert run.stderr.decode() == written


CELL = """
import itertools
from lab.instruments.progress import progress
moments = itertools.count()
list(progress("ab", "counting", clock=lambda: next(moments)))
"""


def outputs_in_a_kernel():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    seen = []

    class Client(NotebookClient):
        def process_message(self, message, cell, cell_index):
            if message["msg_type"] in ("display_data", "update_display_data"):
                seen.append(message["content"]["data"].get("text/plain"))
            return super().process_message(message, cell, cell_index)

    Client(notebook, kernel_name="python3").execute()
    return [output.data for output in notebook.cells[0].outputs], seen


def test_a_cell_keeps_an_empty_output_only(monkeypatch):
    monkeypatch.delenv("LAB_RUN")
    kept, seen = outputs_in_a_kernel()
    assert seen == ["counting: 0 of 2", "counting: 1 of 2", None]
    assert kept == [{}, {"text/plain": "['a', 'b']"}]


def test_a_cell_that_is_kept_has_no_progress():
    kept, seen = outputs_in_a_kernel()
    assert (kept, seen) == ([{"text/plain": "['a', 'b']"}], [])
