"""make book: what it shows of a build, and how it words a complaint."""

import sys

import pytest

from book.authoring import build


def test_a_complaint_leads_to_the_cell() -> None:
    line = f"{build.ROOT}/chapters/one.ipynb:30004: WARNING: term not in glossary: 'x'"
    assert build.in_cells(line) == "chapters/one.ipynb, cell 3, line 4: WARNING: term not in glossary: 'x'"
    assert build.in_cells("book/glossary.md:12: WARNING: no") == "book/glossary.md:12: WARNING: no"


def test_steps_and_complaints_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    script = (
        "import sys\n"
        "print('\\x1b[1mreading sources... \\x1b[0m[ 50%] \\x1b[35mbook/claims\\x1b[0m')\n"
        "print('\\x1b[1mwriting output... \\x1b[0m[100%] \\x1b[35mindex\\x1b[0m')\n"
        "print('a.ipynb:20001: WARNING: bad', file=sys.stderr)\n"
        "sys.exit(3)\n"
    )
    code, complaints, last = build.run([sys.executable, "-c", script])
    assert (code, complaints) == (3, ["a.ipynb, cell 2, line 1: WARNING: bad"])
    assert last == ["a.ipynb:20001: WARNING: bad"]
    assert capsys.readouterr().out == "  Writing 100 %  index\n"


def test_a_failed_build_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(build, "run", lambda command: (1, [], ["the last line"]))
    assert build.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "the last line", "The book was not built: what is listed above has to be mended first.",
    ]
