"""Progress shows itself, leaves nothing behind, and is silent where outputs are kept."""

import itertools
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from lab.instruments.progress import progress


def progress_of(items, clock, **settings):
    """The lines that a loop over the items shows, and the items that come through."""
    lines = []
    items_through = list(progress(items, "counting", clock=clock, show=lines.append, **settings))
    return lines, items_through


def every(seconds):
    """A clock that moves by so many seconds each time it is read."""
    moments = itertools.count()
    return lambda: next(moments) * seconds


def test_lines():
    lines = ["counting: 0 of 3", "counting: 1 of 3", "counting: 2 of 3", ""]
    assert progress_of("abc", every(1)) == (lines, ["a", "b", "c"])
    assert progress_of(iter("ab"), every(1)) == (["counting: 0", "counting: 1", ""], ["a", "b"])
    assert progress_of(iter("ab"), every(1), total=7)[0] == ["counting: 0 of 7", "counting: 1 of 7", ""]
    assert progress_of("", every(1)) == ([], [])


def test_what_is_over_soon_shows_nothing():
    assert progress_of(range(4), every(0.1)) == ([], [0, 1, 2, 3])


def test_the_first_line_comes_after_half_a_second_and_the_next_a_tenth_later():
    assert progress_of(range(8), every(0.0625))[0] == ["counting: 7 of 8", ""]
    lines = ["counting: 7 of 12", "counting: 9 of 12", "counting: 11 of 12", ""]
    assert progress_of(range(12), every(0.0625))[0] == lines


def test_the_line_goes_when_the_loop_is_left():
    lines = []
    with pytest.raises(KeyError):
        for _ in progress("ab", "counting", clock=every(1), show=lines.append):
            raise KeyError
    assert lines[-1] == ""


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


def cell_in_a_kernel():
    """The outputs that the cell keeps at its end, and the texts that it displays until then, in their order."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    displays = []

    class Client(NotebookClient):
        def process_message(self, message, cell, cell_index):
            if message["msg_type"] in ("display_data", "update_display_data"):
                displays.append(message["content"]["data"].get("text/plain"))
            return super().process_message(message, cell, cell_index)

    Client(notebook, kernel_name="python3").execute()
    return [output.data for output in notebook.cells[0].outputs], displays


def test_a_cell_keeps_an_empty_output_only(monkeypatch):
    monkeypatch.delenv("LAB_RUN")
    outputs, displays = cell_in_a_kernel()
    assert displays == ["counting: 0 of 2", "counting: 1 of 2", None]
    assert outputs == [{}, {"text/plain": "['a', 'b']"}]


def test_a_cell_that_is_kept_has_no_progress():
    assert cell_in_a_kernel() == ([{"text/plain": "['a', 'b']"}], [])
