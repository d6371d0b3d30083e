"""Each folded solution, run, passes the checker of its exercise; and no two exercises ask for the same."""

import re

import nbformat
import pytest

from book.authoring import anatomy, environment
from lab.widgets.answer import Answer
from tests.lab.chapters.checkers import CHECKERS
from tests.lab.widgets.judging import verdicts


def solutions(notebook):
    """Return the Python of the folded solutions, in order."""
    sources = [cell.source for cell in anatomy.cells_with_tag(notebook, "solution")]
    return [re.search(r"```python\n(.*?)```", source, re.DOTALL)[1] for source in sources]


def asked_for(source):
    """Return what a cell asks for last: a checker, as "name_bytes", or an answer, as "one_request/ttl"."""
    calls = re.findall(r"\bcheck\w*\.(\w+)\(|\banswer_to\(\"(\w+)\", \"(\w+)\"", source)
    checker, topic, name = calls[-1]
    return checker or f"{topic}/{name}"


def solved(notebook, solution):
    """Run a solution and return what its last line gives: a Verdict, or an Answer with the solution in its field."""
    names = {}
    exec(next(cell.source for cell in notebook.cells if cell.id == "imports"), names)
    *body, call = solution.strip().splitlines()
    exec("\n".join(body), names)
    return eval(call, names)


def with_solutions(notebook):
    """The exercises that have a folded solution: all but the open ones."""
    return [cell for cell in anatomy.cells_with_tag(notebook, "exercise") if "open" not in cell.metadata.tags]


@pytest.mark.browser
def test_solutions_pass_their_own_checkers(chapter_path, notebook, browser):
    answers = {}
    for exercise, solution in zip(with_solutions(notebook), solutions(notebook), strict=True):
        assert asked_for(exercise.source) == asked_for(solution)
        result = solved(notebook, solution)
        if isinstance(result, Answer):
            answers[exercise.id] = (result.spec, result.typed)
            result.close()
        else:
            assert result.state == "right", f"{exercise.id}: {result.message}"
    judged = dict(zip(answers, verdicts(browser, answers.values()), strict=True))
    assert {cell: verdict for cell, verdict in judged.items() if verdict["state"] != "right"} == {}


def test_the_tests_of_checkers_know_all_that_notebooks_call():
    called = {name for path in environment.notebooks() for cell in with_solutions(nbformat.read(path, as_version=4))
              if "/" not in (name := asked_for(cell.source))}  # fmt: skip
    assert called and called <= {name.partition(".")[2] for name in CHECKERS}


def test_every_exercise_has_a_checker_of_its_own(chapter_path, notebook):
    checkers = [asked_for(cell.source) for cell in with_solutions(notebook)]
    assert len(set(checkers)) == len(checkers)
