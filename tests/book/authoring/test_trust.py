"""make lab trusts what equals the commit, and nothing else; JupyterLab starts for root too."""

import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook, new_output

from book.authoring import jupyter_lab, trust


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A book of a cover and a chapter, in a folder whose name is a pattern; Jupyter's own folder lies beside it."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    root = tmp_path / "a [1]"
    (root / "chapters").mkdir(parents=True)
    (root / "_toc.yml").write_text("root: index\nchapters:\n- file: chapters/01-one\n")
    for page in ("index", "chapters/01-one", "chapters/own"):
        output = new_output("display_data", {"text/html": f"<svg>{page}</svg>"})
        nbformat.write(new_notebook(cells=[new_code_cell("1", outputs=[output])]), root / f"{page}.ipynb")
    return root


def commit(root: Path) -> None:
    """Commit what the contents list."""
    who = ["-c", "user.name=N", "-c", "user.email=n@example.org"]
    for words in (["init"], ["add", "index.ipynb", "chapters/01-one.ipynb"], [*who, "commit", "-m", "All"]):
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def trusted(root: Path) -> list[str]:
    """The notebooks of the book that Jupyter trusts."""
    with NotebookNotary() as notary:
        return [path.stem for path in sorted(root.rglob("*.ipynb"))
                if notary.check_signature(nbformat.read(path, as_version=4))]  # fmt: skip


def test_what_equals_the_commit_is_trusted(root, capsys):
    commit(root)
    assert trusted(root) == []
    assert trust.main(root) == 0
    assert trusted(root) == ["01-one", "index"]
    assert capsys.readouterr().out == ""


def test_a_changed_notebook_is_not_trusted(root, capsys):
    commit(root)
    path = root / "chapters" / "01-one.ipynb"
    path.write_text(path.read_text().replace("<svg>", "<svg onload='steal()'>"))
    # however git is told that nothing has changed
    subprocess.run(["git", "update-index", "--assume-unchanged", "chapters/01-one.ipynb"], cwd=root, check=True)
    assert trust.main(root) == 0
    assert trusted(root) == ["index"]
    assert "not trusted before you run it: chapters/01-one.ipynb" in capsys.readouterr().out


def test_without_git_nothing_is_trusted(root, capsys):
    assert trust.main(root) == 0
    assert "No notebook is trusted yet" in capsys.readouterr().out
    subprocess.run(["git", "init"], cwd=root.parent, check=True, capture_output=True)
    assert trust.main(root) == 0
    assert "a part of another repository" in capsys.readouterr().out
    assert trusted(root) == []


def test_the_whole_book_is_served_and_the_cover_opened_for_root_too():
    assert jupyter_lab.command(root_user=True)[1:] == [
        "-m", "jupyterlab", f"--ServerApp.root_dir={jupyter_lab.ROOT}", "--allow-root",
        str(jupyter_lab.ROOT / "index.ipynb"),
    ]
    assert "--allow-root" not in jupyter_lab.command(root_user=False)
