"""book/authoring/prove/mutants.py"""

import pytest

from book.authoring.prove import mutants

PYTHON = '''\
"""Docstring 1."""
LIMIT: "int" = 3


def small(x: int) -> bool:
    """Docstring 2."""
    if x in (1, 2):
        return True
    return x <= LIMIT
'''
NOTEBOOK = '''\
{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "a5",
   "metadata": {},
   "outputs": [
    {
     "data": {
      "text/html": [
       "<path d=\\"M1 2\\"/>a \u27e83 s\u27e9\\n"
      ],
      "text/plain": [
       "b"
      ]
     },
     "output_type": "display_data"
    }
   ],
   "source": [
    "print(9)"
   ]
  }
 ]
}
'''


def changes(of_file, kind):
    """Return (before, after) of the mutants of a kind."""
    return [(mutant.before, mutant.after) for mutant in of_file if mutant.kind == kind]


def test_of_python():
    of_module = list(mutants.of_python("a.py", PYTHON))
    assert sorted(changes(of_module, "literal")) == [("1", "2"), ("2", "3"), ("3", "4"), ("True", "False")]
    assert changes(of_module, "comparison") == [(" in ", " not in "), (" <= ", " < ")]
    assert sorted(changes(of_module, "line")) == [("return True", "pass"), ("return x <= LIMIT", "pass")]
    for mutant in of_module:
        assert mutant.change(PYTHON) != PYTHON
        compile(mutant.change(PYTHON), "a.py", "exec")
        assert PYTHON.splitlines()[mutant.line - 1].find(mutant.before.strip()) >= 0


def test_of_python_counts_columns_in_characters():
    (mutant,) = (m for m in mutants.of_python("a.py", "x = 'é', 5\n") if m.before == "5")
    assert mutant.change("x = 'é', 5\n") == "x = 'é', 6\n"


@pytest.mark.parametrize(
    "value, literal",
    [(True, "False"), (3, "4"), (1.0, "2.0"), ("ab", "'ba'"), ("aa", "'aamutant'"), ("", "'mutant'"), (b"", "b'\\x01'"),
     (None, None), (..., None)],
)  # fmt: skip
def test_changed_literal(value, literal):
    assert mutants.changed_literal(value) == literal


def test_of_rows_leaves_out_each_row_but_the_head():
    text = "id,n\n1,a\n2,b\n"
    assert [mutant.change(text) for mutant in mutants.of_rows("a.csv", text)] == ["id,n\n2,b\n", "id,n\n1,a\n"]


def test_of_recorded_changes_numbers_only():
    text = '{"a1": [0.25, 7],\n "b": 9\n}'
    assert [m.change(text) for m in mutants.of_recorded("r.json", text)] == [
        text.replace("0.25", "1.25"), text.replace("7", "8"), text.replace("9", "0"),
    ]  # fmt: skip


def test_of_notebook_changes_outputs_outside_the_marks():
    of_notebook = list(mutants.of_notebook("n.ipynb", NOTEBOOK))
    assert changes(of_notebook, "figure path") == [("1", "7"), ("2", "7")]
    assert [before for before, _ in changes(of_notebook, "stored output")] == list("pathdab")


def test_the_same_seed_draws_the_same_mutants_of_all_kinds_alike(tmp_path):
    for folder in ("mysite", "lab", "data/mysite", "data/runs/topic", "chapters"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "mysite" / "a.py").write_text(PYTHON, "utf-8")
    (tmp_path / "data" / "mysite" / "a.csv").write_text("id\n" + "".join(f"{n}\n" for n in range(9)), "utf-8")
    (tmp_path / "data" / "runs" / "topic" / "a.json").write_text("[1, 2, 3]\n", "utf-8")
    (tmp_path / "index.ipynb").write_text(NOTEBOOK, "utf-8")
    (tmp_path / "_toc.yml").write_text("root: index\nchapters: []\n", "utf-8")
    first = mutants.draw(tmp_path, "seed", 12)
    assert first == mutants.draw(tmp_path, "seed", 12)
    assert first != mutants.draw(tmp_path, "another", 12)
    assert {kind: sum(m.kind == kind for m in first) for kind in mutants.KINDS} == dict.fromkeys(mutants.KINDS, 2)
