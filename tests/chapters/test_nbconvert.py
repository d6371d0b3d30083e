"""A chapter that is converted by Jupyter's own command: a script is Python, a page has a widget's words."""

import html
import os
import subprocess
import sys
import tomllib

import nbformat
import pytest

from book.authoring.environment import ROOT, notebooks

CHAPTER = notebooks()[1]
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.mark.whole
def test_a_chapter_is_converted(tmp_path):
    """Both in one process; the configuration is read where it lies, as it is where the book is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    (folder,) = [source for source, target in shipped.items() if target == "etc/jupyter"]
    script = (
        "import sys\nfrom nbconvert.nbconvertapp import NbConvertApp\nfor goal in ('script', 'html'):\n"
        "    NbConvertApp.clear_instance()\n    NbConvertApp.launch_instance(['--to', goal, *sys.argv[1:]])\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, "--log-level=ERROR", "--output-dir", tmp_path, CHAPTER], cwd=ROOT, check=True,
        env={**os.environ, "JUPYTER_CONFIG_PATH": str(ROOT / folder)},
    )  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{CHAPTER.stem}.html", f"{CHAPTER.stem}.py"]
    page = html.unescape((tmp_path / f"{CHAPTER.stem}.html").read_text("utf-8"))
    cells = nbformat.read(CHAPTER, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    widgets = [output.data["text/plain"] for output in outputs if WIDGET_VIEW in output.get("data", {})]
    assert len(widgets) >= 5
    assert [words for words in widgets if words.splitlines()[0] not in page] == []
    assert f'<script type="{WIDGET_VIEW}">' not in page
