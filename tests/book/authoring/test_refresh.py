"""book/authoring/refresh.py"""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.authoring import environment
from book.authoring.refresh import WIDGET_STATE, keep_stored_times, normalise, refresh, without_times


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
    for new, source, kept in [(other_time, "x", True), (other_time + "!", "x", False), (other_time, "y", False)]:
        fresh = one(new, source)
        keep_stored_times(fresh, one("\u27e81 s\u27e9"))
        assert (fresh.cells[0].outputs[0].text == "\u27e81 s\u27e9") == kept


@pytest.mark.parametrize("source", ["show(trips.recorded)", 'table(runs.load("05-pool"))'])
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
