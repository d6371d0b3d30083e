"""Each folded solution, run, passes the checker of its exercise; and each exercise calls one."""

import re

from book.authoring import anatomy


def solutions(notebook):
    """The Python of the folded solutions, in order."""
    sources = [cell.source for cell in anatomy.tagged(notebook, "solution")]
    return [re.search(r"```python\n(.*?)```", source, re.DOTALL)[1] for source in sources]


def checked(source):
    """The name of the checker that a cell calls last, of a module that is imported as check or check_TOPIC."""
    return re.findall(r"\bcheck\w*\.(\w+)\(", source)[-1]


def test_solutions_pass_their_own_checkers(chapter_path, notebook):
    exercises = anatomy.tagged(notebook, "exercise")
    for exercise, solution in zip(exercises, solutions(notebook), strict=True):
        assert checked(exercise.source) == checked(solution)
        names = {}
        exec(next(cell.source for cell in notebook.cells if cell.id == "imports"), names)
        *body, call = solution.strip().splitlines()
        exec("\n".join(body), names)
        verdict = eval(call, names)
        assert verdict.state == "right", f"{exercise.id}: {verdict.message}"


def test_every_exercise_has_a_checker_of_its_own(chapter_path, notebook):
    used = [checked(cell.source) for cell in anatomy.tagged(notebook, "exercise")]
    assert len(set(used)) == len(used)
