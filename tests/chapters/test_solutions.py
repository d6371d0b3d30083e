"""Each folded solution, run, passes the checker of its exercise; and no two exercises call the same checker."""

import re

import nbformat

from book.authoring import anatomy, environment
from tests.lab.chapters.checkers import CHECKERS


def solutions(notebook):
    """Return the Python of the folded solutions, in order."""
    sources = [cell.source for cell in anatomy.cells_with_tag(notebook, "solution")]
    return [re.search(r"```python\n(.*?)```", source, re.DOTALL)[1] for source in sources]


def checker_name(source):
    """Return the name of the checker that a cell calls last, of a module that is imported as check or check_TOPIC."""
    return re.findall(r"\bcheck\w*\.(\w+)\(", source)[-1]


def test_solutions_pass_their_own_checkers(chapter_path, notebook):
    exercises = anatomy.cells_with_tag(notebook, "exercise")
    for exercise, solution in zip(exercises, solutions(notebook), strict=True):
        assert checker_name(exercise.source) == checker_name(solution)
        names = {}
        exec(next(cell.source for cell in notebook.cells if cell.id == "imports"), names)
        *body, call = solution.strip().splitlines()
        exec("\n".join(body), names)
        verdict = eval(call, names)
        assert verdict.state == "right", f"{exercise.id}: {verdict.message}"


def test_the_tests_of_checkers_know_all_that_notebooks_call():
    called = {name for path in environment.notebooks() for cell in nbformat.read(path, as_version=4).cells
              if "exercise" in cell.metadata.get("tags", []) for name in [checker_name(cell.source)]}  # fmt: skip
    assert called and called <= {name.partition(".")[2] for name in CHECKERS}


def test_every_exercise_has_a_checker_of_its_own(chapter_path, notebook):
    checkers = [checker_name(cell.source) for cell in anatomy.cells_with_tag(notebook, "exercise")]
    assert len(set(checkers)) == len(checkers)
