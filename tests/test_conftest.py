"""The root conftest.py: each hole of plain nbval is reproduced, and seen to be closed."""

import base64
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytestmark = pytest.mark.whole
ROOT = Path(__file__).resolve().parents[1]
# the eight bytes by which display(..., raw=True) is let through as a PNG
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


def code_cell(source: str, *outputs, tags: tuple[str, ...] = (), run: bool = True) -> nbformat.NotebookNode:
    """Return a code cell as it would be stored."""
    cell = new_code_cell(source, outputs=list(outputs), execution_count=1 if run else None)
    cell.metadata["tags"] = list(tags)
    return cell


def output_of_print(text: str) -> nbformat.NotebookNode:
    """Return the output of print(text)."""
    return new_output("stream", name="stdout", text=text + "\n")


def run_strictly(
    folder: Path, *cells, arguments: tuple[str, ...] = (), variables: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess:
    """Run strict pytest in a folder that holds a copy of the root's conftest.py and one notebook of these cells."""
    (folder / "_toc.yml").write_text("root: one\nchapters:\n- file: chapters/two\n", "utf-8")
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text("utf-8"), "utf-8")
    notebook = new_notebook(cells=list(cells), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, folder / "one.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "-q", *arguments]
    command += ["one.ipynb"] * bool(cells)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "temporary"), **variables}
    (folder / "temporary").mkdir(exist_ok=True)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def complaints(result: subprocess.CompletedProcess) -> str:
    """Return what a refused run says."""
    assert result.returncode == 4, result.stdout
    return result.stderr


def test_cells_that_could_not_fail_are_refused(tmp_path):
    ignored = [code_cell("1;", tags=("nbval-ignore-output",)) for _ in range(2)]
    text = complaints(run_strictly(
        tmp_path,
        code_cell("print(1)", run=False),
        code_cell("print(1)", output_of_print("1"), tags=("raises-exception",)),
        *ignored,
        *(code_cell("1;") for _ in range(17)),
    ))  # fmt: skip
    assert "Cell 0 was stored without a run" in text
    assert "Cell 1 is tagged raises-exception and stores none, so it could not fail" in text
    assert "2 of 21 cells are not compared" in text


def test_lax_is_refused(tmp_path):
    result = run_strictly(tmp_path, code_cell("print(1)", output_of_print("1")), arguments=("--nbval-lax",))
    assert "1 of 1 cells are not compared" in complaints(result)


SHOW = f"from IPython.display import display\ndisplay({{'image/png': '{PICTURE}'}}, raw=True)"
SWITCH = "import os\nprint(os.environ['LAB_RUN'])\nprint(os.path.isdir(os.environ['MPLCONFIGDIR']))"
TIME = "print('took \u27e87 s\u27e9, 3 rows')"
# what a cell does, what it stores, and whether strict pytest lets it pass
COMPARED = {
    "another time between the marks": (TIME, output_of_print("took \u27e81.2 ms\u27e9, 3 rows"), True),
    "another count beside them": (TIME, output_of_print("took \u27e81.2 ms\u27e9, 4 rows"), False),
    "the same picture": (SHOW, new_output("display_data", data={"image/png": PICTURE}), True),
    "another picture": (SHOW, new_output("display_data", data={"image/png": PICTURE[::-1]}), False),
    "the switch is on, and the directories are ours": (SWITCH, output_of_print("recorded\nTrue"), True),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of a run of strict pytest over the cells of COMPARED; `report` in it is what pytest printed."""
    folder = tmp_path_factory.mktemp("strict")
    cells = [code_cell(source, stored) for source, stored, _ in COMPARED.values()]
    (folder / "report").write_text(run_strictly(folder, *cells, arguments=("-rA",)).stdout, "utf-8")
    return folder


@pytest.mark.parametrize("name", COMPARED)
def test_what_a_cell_stores_is_compared(folder, name):
    outcome = "PASSED" if COMPARED[name][2] else "FAILED"
    report = (folder / "report").read_text("utf-8")
    assert f"{outcome} one.ipynb::Cell {list(COMPARED).index(name)}" in report, report


def test_nothing_is_left_and_nothing_written_beside_the_notebook(folder):
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["_toc.yml", "conftest.py", "one.ipynb", "report", "temporary"]
    assert not list((folder / "temporary").glob("scale-from-zero-*"))


FOREIGN_KERNEL = '{"argv": ["false"], "display_name": "Another program", "language": "python"}'


def test_a_chapter_runs_in_our_kernel_in_one_process_and_a_reader_s_notebook_is_left_out(tmp_path):
    """Beside a scratch notebook that was never run, over two workers, and under a foreign kernel of the same name."""
    (tmp_path / "chapters").mkdir()
    scratch = new_notebook(cells=[code_cell("print(1)", run=False)])
    nbformat.write(scratch, tmp_path / "chapters" / "scratch.ipynb")
    kernel = tmp_path / "foreign" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(FOREIGN_KERNEL)
    cells = [code_cell("import sys\nn = 1"), code_cell("n += 1"), code_cell("print(n)", output_of_print("2")),
             code_cell("print(sys.executable)", output_of_print(sys.executable))]  # fmt: skip
    result = run_strictly(
        tmp_path, *cells, arguments=("-v", "-n", "2", "chapters"), variables={"JUPYTER_PATH": str(tmp_path / "foreign")}
    )
    assert "4 passed" in result.stdout, result.stdout + result.stderr
    assert "not tested, as _toc.yml does not list it: chapters/scratch.ipynb" in result.stdout
    # what is named is tested, and the advice rewrites nothing
    named = run_strictly(tmp_path, arguments=("chapters/scratch.ipynb",))
    assert "Cell 0 was stored without a run, so there is nothing to compare: run it and save it" in complaints(named)
