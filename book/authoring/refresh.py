"""make refresh: execute the cover and the chapters and store their outputs; run twice, the second changes nothing.

    python -m book.authoring.refresh [--check] [NOTEBOOK ...]

With --check nothing is written, and the exit code is 1 where something would have been. It is 1 too where a cell fails:
then the other notebooks are executed nevertheless. Two are executed at a time.
"""

import argparse
import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from book.authoring import environment, in_jupyter, scripts, side_by_side, stored
from book.site.widgets import WIDGET_STATE

# The same blanking that conftest.py gives to nbval: what stands between the marks of a time
TIME = re.compile("\u27e8[^\u27e9\n]*\u27e9")
# How a cell names a recorded run, whose times are the same each time and have to be those of the run that is stored
OF_A_RECORDED_RUN = re.compile(r"\.recorded\b|\bruns\.load\(")
CELL_TIMEOUT_S = 150


def execute(notebook: NotebookNode, folder: Path, kernels: dict[str, str] | None = None) -> None:
    """Run every cell, in a kernel of its own, from the notebook's folder.

    `kernels` is the kernel's environment, None for this process's. CellExecutionError where a cell fails.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_S,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # each kernel would warn of an unencrypted connection, on loopback
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=dict(os.environ) if kernels is None else kernels)


def normalise(notebook: NotebookNode) -> None:
    """Take out of the metadata what differs from machine to machine, and put widget states in a fixed order."""
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": in_jupyter.LANGUAGE,
    }
    widgets = notebook.metadata.get("widgets", {}).get(WIDGET_STATE)
    if widgets and widgets["state"]:
        state = {model: widgets["state"][model] for model in sorted(widgets["state"])}
        metadata["widgets"] = {WIDGET_STATE: {**widgets, "state": state}}
    notebook.metadata = nbformat.from_dict(metadata)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                # the full traceback names files of this machine
                output.traceback = [f"{output.ename}: {output.evalue}"]


def without_times(outputs: list[NotebookNode]) -> str:
    """Outputs as one comparable text, in which every time reads the same."""
    return TIME.sub("\u27e8\u27e9", json.dumps(outputs, sort_keys=True, ensure_ascii=False))


def keep_stored_times(notebook: NotebookNode, before: NotebookNode) -> None:
    """Where a cell's new outputs differ from the stored ones in times that it measures alone, keep the stored ones."""
    old_cells = {cell.id: cell for cell in before.cells if cell.cell_type == "code"}
    for cell in notebook.cells:
        old = old_cells.get(cell.id)
        if cell.cell_type != "code" or old is None or old.source != cell.source:
            continue
        measures = not OF_A_RECORDED_RUN.search(cell.source)
        if measures and without_times(old.outputs) == without_times(cell.outputs):
            cell.outputs = old.outputs


def refresh(path: Path, *, check: bool = False) -> bool:
    """Execute one notebook and store it; True where its text changed (with `check`: would have)."""
    notebook, before = (nbformat.read(path, as_version=4) for _ in range(2))
    execute(notebook, path.parent)
    normalise(notebook)
    keep_stored_times(notebook, before)
    return stored.renew(path, notebook, check=check)


def main() -> int:
    """The command line. Of several notebooks each has a process of its own, that runs this with its name alone."""
    parser = argparse.ArgumentParser(
        prog="python -m book.authoring.refresh",
        description="Execute the cover and the chapters and store their outputs.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something would change")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    arguments = parser.parse_args()
    paths = arguments.notebooks or environment.notebooks()
    if len(paths) > 1:
        options = ["--check"] if arguments.check else []
        return side_by_side.run([sys.executable, "-m", "book.authoring.refresh", *options, str(path)] for path in paths)
    (path,) = paths
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what is open is closed
    for prepare in (in_jupyter, scripts):
        prepare.main([*["--check"] * arguments.check, str(path)])
    start = time.monotonic()
    with environment.recorded():
        try:
            differs = refresh(path.resolve(), check=arguments.check)
        except CellExecutionError as error:
            print(f"{path.name}: a cell has failed, no output is stored\n{error}")
            return 1
    print(f"{path.name}: {'changed' if differs else 'unchanged'}, {time.monotonic() - start:.1f} s")
    return int(arguments.check and differs)


if __name__ == "__main__":
    sys.exit(main())
