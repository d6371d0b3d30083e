"""Why a request cannot be answered: shown as a page in a browser, as problem details to a program (RFC 9457)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mysite.web.statuses import phrase

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field of a body, in words that say what to do."""

    field: str
    message: str


@dataclass(frozen=True)
class ProblemDetails:
    """The JSON of a problem. `type` is about:blank: the status says what kind it is."""

    type: str
    title: str
    status: int
    detail: str
    errors: Sequence[FieldProblem]


@dataclass(eq=False)
class Problem(Exception):
    """A request that is refused: the status, a sentence, and what is wrong field by field.

    `form` is the template that shows the form again, with `entries`, the text that was typed into each field: nothing
    that a user wrote is lost.
    """

    status: int
    detail: str
    errors: Sequence[FieldProblem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    entries: Mapping[str, str] = field(default_factory=dict)

    def details(self) -> ProblemDetails:
        """The problem as the model of its JSON."""
        return ProblemDetails("about:blank", phrase(self.status), self.status, self.detail, list(self.errors))

    def messages(self) -> dict[str, str]:
        """The message for each field that has one."""
        return {error.field: error.message for error in self.errors}

    def values(self) -> dict[str, Any]:
        """The values by which a template shows the problem."""
        return {"status": self.status, "sentence": self.detail, "errors": self.messages(), "entries": self.entries}
