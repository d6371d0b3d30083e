"""The root conftest.py: each hole of plain nbval is reproduced, and seen to be closed."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[1]
# the eight bytes by which display(..., raw=True) is let through as a PNG
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


def code(source: str, *outputs, tags: tuple[str, ...] = (), run: bool = True) -> nbformat.NotebookNode:
    """A code cell as it would be stored."""
    cell = new_code_cell(source, outputs=list(outputs), execution_count=1 if run else None)
    cell.metadata["tags"] = list(tags)
    return cell


def printed(text: str) -> nbformat.NotebookNode:
    """The output of print(text)."""
    return new_output("stream", name="stdout", text=text + "\n")


def strictly(folder: Path, *cells, arguments: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """Run strict pytest in a folder that holds a copy of the root's conftest.py and one notebook of these cells."""
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text("utf-8"), "utf-8")
    notebook = new_notebook(cells=list(cells), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, folder / "one.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-q", *arguments, "one.ipynb"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "temporary")}
    (folder / "temporary").mkdir()
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_cell_without_a_stored_run_is_refused(tmp_path):
    result = strictly(tmp_path, code("print(1)", run=False))
    assert result.returncode == 4
    assert "Cell 0 was stored without a run" in result.stderr


def test_cell_that_should_raise_and_stores_no_error_is_refused(tmp_path):
    result = strictly(tmp_path, code("print(1)", printed("1"), tags=("raises-exception",)))
    assert result.returncode == 4
    assert "could not fail" in result.stderr


def test_more_than_five_percent_ignored_are_refused(tmp_path):
    compared = [code("1;") for _ in range(19)]
    ignored = [code("1;", tags=("nbval-ignore-output",)) for _ in range(2)]
    result = strictly(tmp_path, *compared, *ignored)
    assert result.returncode == 4
    assert "2 of 21 cells are not compared" in result.stderr


def test_lax_is_refused(tmp_path):
    result = strictly(tmp_path, code("print(1)", printed("1")), arguments=("--nbval-lax",))
    assert result.returncode == 4
    assert "1 of 1 cells are not compared" in result.stderr


@pytest.mark.parametrize("rows, passes", [(3, True), (4, False)])
def test_only_what_stands_between_the_marks_is_blanked(tmp_path, rows, passes):
    stored = printed(f"took \u27e81.2 ms\u27e9, {rows} rows")
    result = strictly(tmp_path, code("print('took \u27e87 s\u27e9, 3 rows')", stored))
    assert (result.returncode == 0) == passes, result.stdout


@pytest.mark.parametrize("stored, passes", [(PICTURE, True), (PICTURE[::-1], False)])
def test_png_is_compared(tmp_path, stored, passes):
    source = f"from IPython.display import display\ndisplay({{'image/png': '{PICTURE}'}}, raw=True)"
    result = strictly(tmp_path, code(source, new_output("display_data", data={"image/png": stored})))
    assert (result.returncode == 0) == passes, result.stdout


def test_switch_is_on_and_directories_are_ours_and_gone_afterwards(tmp_path):
    source = "import os\nprint(os.environ['LAB_RUN'])\nprint(os.path.isdir(os.environ['MPLCONFIGDIR']))"
    result = strictly(tmp_path, code(source, printed("recorded\nTrue")))
    assert result.returncode == 0, result.stdout
    assert not list((tmp_path / "temporary").glob("scale-from-zero-*"))


def test_nothing_is_written_beside_the_notebook(tmp_path):
    strictly(tmp_path, code("print(1)", printed("1")))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["conftest.py", "one.ipynb", "temporary"]
