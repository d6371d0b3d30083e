"""What a problem says, in each of its shapes."""

import json

import pytest

from mysite.web import problems, representations
from mysite.web.problems import FieldProblem, Problem, ProblemDetails


def test_a_problem_as_details() -> None:
    errors = [FieldProblem("name", "It is missing.")]
    assert Problem(422, "name: It is missing.", errors).details() == ProblemDetails(
        "about:blank", "Unprocessable Content", 422, "name: It is missing.", errors
    )
    details = json.loads(representations.as_json(Problem(404, 'There is nothing at /"<é>.').details()))
    assert details == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": 'There is nothing at /"<é>.',
        "errors": [],
    }
    assert problems.PROBLEM_JSON == "application/problem+json"


@pytest.mark.parametrize(
    ("status", "title"),
    [(400, "Bad Request"), (401, "Unauthorized"), (403, "Forbidden"), (405, "Method Not Allowed"),
     (406, "Not Acceptable"), (409, "Conflict"), (415, "Unsupported Media Type"), (503, "Service Unavailable")],
)  # fmt: skip
def test_the_title_is_the_statuss_own(status: int, title: str) -> None:
    assert Problem(status, "").details().title == title


def test_a_problem_for_a_template() -> None:
    problem = Problem(
        422, "Both.", [FieldProblem("handle", "Longer."), FieldProblem("name", "Shorter.")], entries={"handle": "x"}
    )
    assert problem.messages() == {"handle": "Longer.", "name": "Shorter."}
    assert problem.values() == {
        "status": 422,
        "sentence": "Both.",
        "errors": {"handle": "Longer.", "name": "Shorter."},
        "entries": {"handle": "x"},
    }


def test_a_problem_alone() -> None:
    problem = Problem(404, "Nothing.")
    assert (problem.errors, problem.headers, problem.form, problem.entries) == ((), {}, None, {})
    assert problem != Problem(404, "Nothing.")  # it is raised and caught, not compared
    with pytest.raises(Problem):
        raise problem
    assert Problem(404, "").headers is not problem.headers
