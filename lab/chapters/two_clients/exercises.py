"""Checkers of the exercises on two clients. Each takes the reader's answer and returns a Verdict."""

import random
from collections.abc import Callable

from lab.widgets import checking
from lab.widgets.checking import Outcome, Verdict
from mysite.web.negotiation import HTML, JSON, best_media_type, media_ranges

# Exercise 2: a page and the three files that it names, over one connection; the name is known
RTT_MS = 50
REQUESTS = 4
CONNECTIONS = 1

# Exercise 3
IN_A_ROW = 10

# Exercise 4: what the hidden requests are made from
SEED = 2
FIELDS = ("accept", "accept-encoding", "cookie")
# of one length, alike but for a capital letter, empty, and None: the request has no such field
VALUES = ("one value", "One value", "two texts", "", None)
HIDDEN_INPUTS = 60


def accept(answer: object) -> Verdict:
    """Exercise 1: an Accept field that gets JSON where there are both, and HTML where there is nothing else."""
    return checking.text_by_rule(
        answer,
        lambda field: _can_be_sent(field) and _media_types(field) == (JSON, HTML),
        _accept_hint,
        "where both are there JSON has more weight, and where only HTML is there it is still welcome.",
    )


def _media_types(field: str) -> tuple[str | None, str | None]:
    """Return what the site sends for that Accept field where there are HTML and JSON, and where HTML is alone."""
    return best_media_type(field, (HTML, JSON)), best_media_type(field, (HTML,))


def _can_be_sent(field: str) -> bool:
    """Whether it is one line of ASCII: what else stands in a field, programs refuse to send."""
    return field.isascii() and field.isprintable()


def _accept_hint(field: str) -> str:
    if not _can_be_sent(field):
        return "A field is one line of plain letters, digits and signs: take out line breaks and special spaces."
    if field.lower().lstrip().startswith("accept:"):
        return "Leave out the word Accept and its colon: only what stands behind them is asked for."
    unreadable = [part.strip() for part in field.split(",") if not media_ranges(part)]
    if unreadable:
        return (
            f"{unreadable[0]!r} cannot be read as a type with a weight, such as text/html;q=0.5, so it is passed over."
        )
    both, alone = _media_types(field)
    if both is None:
        return "It welcomes neither of the two, so the answer is 406."
    if both == HTML and alone == HTML:
        return "Where both are there it gets HTML. Give HTML less weight than JSON: a q below 1 behind it."
    return "It gets JSON where both are there, and 406 where only HTML is: welcome HTML too, with less weight."


def waiting(answer: object) -> Verdict:
    """Exercise 2: how many milliseconds of a visit are round trips."""
    praise = f"one round trip for the connection and one for each of {REQUESTS} requests, {RTT_MS} ms each."
    return checking.number(answer, (CONNECTIONS + REQUESTS) * RTT_MS, 1e-6, _waiting_hint, praise)


def _waiting_hint(milliseconds: float) -> str:
    return {
        REQUESTS * RTT_MS: "The connection has to be made first, and that is a round trip too.",
        RTT_MS: "That is one round trip. How many are there, one after the other?",
        (1 + CONNECTIONS + REQUESTS) * RTT_MS: "The client knows the address already: nothing is spent on the name.",
        2 * REQUESTS * RTT_MS: "That would be a new connection for each request. One carries them all.",
        (CONNECTIONS + REQUESTS) * RTT_MS / 2: "A round trip is there and back: the whole RTT, not half of it.",
        (CONNECTIONS + REQUESTS) * RTT_MS / 1000: "These are seconds. Milliseconds are asked for.",
    }.get(milliseconds, "Count the round trips, one after the other: the connection, then each request.")


def saved(answer: object) -> Verdict:
    """Exercise 3: how many round trips one kept connection saves over ten requests."""
    praise = "one connection is made in place of ten. The requests themselves take as many round trips as before."
    return checking.number(answer, IN_A_ROW - 1, 1e-6, _saved_hint, praise)


def _saved_hint(trips: float) -> str:
    hints: dict[float, str] = {
        IN_A_ROW: "The first connection has to be made in any case.",
        IN_A_ROW + 1: "That is how many there are with one connection. How many fewer is it than without?",
        2 * IN_A_ROW - 1: "Count both ways from the connections on, then take one from the other.",
        2 * IN_A_ROW: "That is how many there are without. How many fewer are there with one connection?",
    }
    return hints.get(trips, "Without: one for each connection and one for each request. With: one for one connection.")


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


def unchanged(answer: object) -> Verdict:
    """Exercise 5: the status that says: you have it already."""
    praise = "the head says that the phone's copy still holds, and no body follows."
    return checking.number(answer, 304, 1e-6, _unchanged_hint, praise)


def _unchanged_hint(status: float) -> str:
    hints: dict[float, str] = {
        200: "200 comes with the whole body. The phone has that already, and says so with If-None-Match.",
        204: "204 says that there is nothing to send. Here there is something, and the phone has it.",
        406: "406 would say that the phone welcomes none of what there is.",
    }
    return hints.get(status, "It is one of the three hundreds: see what the site answers to the entity tag.")
