"""Checkers of the exercises on two clients. Each takes the reader's answer and returns a Verdict."""

import random
from collections.abc import Callable

from lab.widgets import checking
from lab.widgets.checking import Outcome, Verdict

# Exercise 4: what the hidden requests are made from
SEED = 2
FIELDS = ("accept", "accept-encoding", "cookie")
# of one length, alike but for a capital letter, empty, and None: the request has no such field
VALUES = ("one value", "One value", "two texts", "", None)
HIDDEN_INPUTS = 60


def may_answer(answer: object) -> Verdict:
    """Exercise 4: whether the answer to a first request may be given to a second, by what Vary names.

    The function takes the names in Vary (small letters) and the fields of both requests as dicts of the same.
    """
    return checking.function(
        answer,
        _pairs_of_requests(),
        _may_answer,
        lambda returned: returned if isinstance(returned, bool) else None,
        "True or False",
        _may_hint,
        f"your function was tried on {len(_pairs_of_requests())} pairs of requests, some with a field that one of them"
        " lacks.",
    )


Fields = dict[str, str]


def _may_answer(vary: list[str], first: Fields, second: Fields) -> bool:
    return "*" not in vary and all(first.get(name) == second.get(name) for name in vary)


def _pairs_of_requests() -> list[tuple[list[str], Fields, Fields]]:
    """Return names in Vary and the fields of two requests, many times.

    The chapter's own two clients, a field that is absent in one, the star, and hidden ones.
    """
    draw = random.Random(SEED)
    browser, phone = {"accept": "text/html"}, {"accept": "application/json"}
    pairs: list[tuple[list[str], Fields, Fields]] = [
        (["accept"], browser, phone), (["cookie"], browser, {**browser, "cookie": "session=a"}), (["*"], phone, phone),
        (["accept", "*"], phone, phone), (["cookie"], browser, {**browser, "cookie": ""}),
    ]  # fmt: skip
    for _ in range(HIDDEN_INPUTS):
        vary = draw.sample(FIELDS, draw.randint(0, len(FIELDS)))
        first, second = (
            {name: value for name in FIELDS if (value := draw.choice(VALUES)) is not None} for _ in range(2)
        )
        pairs.append((vary, first, second))
    return pairs


def _may_hint(first: Outcome, outcomes: list[Outcome]) -> str:
    results = [outcome.returned for outcome in outcomes]

    def is_always(rule: Callable[[list[str], Fields, Fields], bool]) -> bool:
        return results == [rule(*outcome.arguments) for outcome in outcomes]

    if is_always(lambda vary, one, other: one == other):
        return "You compare all fields. Only those that Vary names decide."
    if "*" in first.arguments[0]:
        return "A * in Vary, wherever it stands, says that no stored answer may be given to another request."
    if is_always(lambda vary, one, other: "*" not in vary and _agree_where_both_speak(vary, one, other)):
        return "A field that one request has and the other has not is a difference too."
    return ""


def _agree_where_both_speak(vary: list[str], one: Fields, other: Fields) -> bool:
    return all(one[name] == other[name] for name in vary if name in one and name in other)
