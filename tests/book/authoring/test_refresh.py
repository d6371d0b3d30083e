"""book/authoring/refresh.py"""

import os
import signal
import subprocess
import sys

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.authoring import environment
from book.authoring.refresh import WIDGET_STATE, keep_stored_times, normalise, refresh, without_times
from tests.mysite.watching import wait_until


@pytest.fixture
def notebook(tmp_path):
    """A notebook that prints a count, a time and an error; never run."""
    path = tmp_path / "one.ipynb"
    cells = [
        new_markdown_cell("# One"),
        new_code_cell("import time\nprint(f'3 rows in \u27e8{time.time_ns()} ns\u27e9')", id="rows"),
        new_code_cell("1 / 0", id="fails", metadata={"tags": ["raises-exception"]}),
    ]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_refresh_stores_outputs_and_a_second_run_changes_nothing(notebook):
    with environment.recorded():
        assert refresh(notebook)
        first = notebook.read_bytes()
        assert not refresh(notebook)
    assert notebook.read_bytes() == first
    stored = nbformat.read(notebook, as_version=4)
    assert [cell.get("execution_count") for cell in stored.cells] == [None, 1, 2]
    assert stored.cells[2].outputs[0].traceback == ["ZeroDivisionError: division by zero"]
    assert set(stored.metadata) == {"kernelspec", "language_info"}


def test_check_writes_nothing(notebook):
    before = notebook.read_bytes()
    with environment.recorded():
        assert refresh(notebook, check=True)
    assert notebook.read_bytes() == before


def test_times_are_blanked_and_counts_are_not():
    assert without_times(["\u27e81 ms\u27e9 3"]) == without_times(["\u27e82 s\u27e9 3"])
    assert without_times(["\u27e81 ms\u27e9 3"]) != without_times(["\u27e81 ms\u27e9 4"])


def test_stored_output_is_kept_only_where_times_alone_differ():
    def one(text, source="x"):
        cell = new_code_cell(source, id="a", outputs=[nbformat.v4.new_output("stream", text=text)])
        return new_notebook(cells=[cell])

    other_time = "\u27e82 s\u27e9"
    for new, source, keeps in [(other_time, "x", True), (other_time + "!", "x", False), (other_time, "y", False)]:
        fresh = one(new, source)
        keep_stored_times(fresh, one("\u27e81 s\u27e9"))
        assert (fresh.cells[0].outputs[0].text == "\u27e81 s\u27e9") == keeps


@pytest.mark.parametrize("source", ["show(trips.recorded)", 'table(runs.load(Pool))'])
def test_times_of_a_recorded_run_are_those_that_are_stored_now(source):
    """Else a page would go on showing those of the run before, and no comparison blanks out so little."""

    def one(time):
        output = nbformat.v4.new_output("stream", text=time)
        return new_notebook(cells=[new_code_cell(source, id="a", outputs=[output])])

    fresh = one("\u27e82 s\u27e9")
    keep_stored_times(fresh, one("\u27e81 s\u27e9"))
    assert fresh.cells[0].outputs[0].text == "\u27e82 s\u27e9"


def test_widget_states_are_put_in_order():
    state = {"version_major": 2, "state": {"b": {"n": 1}, "a": {"n": 2}}}
    fresh = new_notebook(metadata={"widgets": {WIDGET_STATE: state}, "other": 1})
    normalise(fresh)
    assert "other" not in fresh.metadata
    assert list(fresh.metadata.widgets[WIDGET_STATE]["state"]) == ["a", "b"]


@pytest.fixture
def command(tmp_path):
    """command(SOURCE, ...): the command that refreshes notebooks of one cell each."""

    def several(*sources):
        paths = [tmp_path / f"{number}.ipynb" for number in range(len(sources))]
        for path, source in zip(paths, sources, strict=True):
            nbformat.write(new_notebook(cells=[new_code_cell(source)]), path)
        return [sys.executable, "-m", "book.authoring.refresh", *map(str, paths)]

    return several


@pytest.mark.whole
def test_of_two_notebooks_one_that_fails_is_told_and_the_other_is_stored(command, tmp_path):
    refreshing = command("1 / 0", "1 + 1")
    result = subprocess.run(refreshing, capture_output=True, text=True, timeout=120)
    assert result.returncode == 1
    assert "0.ipynb: a cell has failed, no output is stored" in result.stdout and "ZeroDivisionError" in result.stdout
    assert "1.ipynb: changed" in result.stdout
    cells = [nbformat.read(tmp_path / name, as_version=4).cells[1] for name in ("0.ipynb", "1.ipynb")]
    assert [len(cell.outputs) for cell in cells] == [0, 1]


@pytest.mark.whole
def test_an_interrupt_leaves_neither_kernel_nor_directory(command, tmp_path):
    directory = tmp_path / "temporary"
    directory.mkdir()
    waits = "import os, pathlib, time\npathlib.Path(f'kernel-{os.getpid()}').touch()\ntime.sleep(600)"
    variables = {**os.environ, "TMPDIR": str(directory)}
    with subprocess.Popen(command(waits, waits), env=variables, start_new_session=True) as program:
        wait_until(lambda: len(list(tmp_path.glob("kernel-*"))) == 2, seconds=60)
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does it
        assert program.wait(60) == 130
    kernels = [int(path.name.removeprefix("kernel-")) for path in tmp_path.glob("kernel-*")]
    wait_until(lambda: not any(psutil.pid_exists(process_id) for process_id in kernels))
    assert list(directory.iterdir()) == []
