"""Checkers of the exercises on one request. Each takes the reader's answer and returns a Verdict."""

import itertools
import random
import string
from collections.abc import Callable

from lab.chapters.one_request import hit_ratio_model
from lab.widgets import checking
from lab.widgets.checking import Outcome, Verdict

# Exercises 4 and 5: what the hidden inputs are made from
SEED = 1
HIDDEN_INPUTS = 20
LONGEST_LABEL = 63  # bytes: RFC 1035, section 2.3.4


def name_bytes(answer: object) -> Verdict:
    """Exercise 4: a function from a name, such as "api.mysite.com", to its bytes in a DNS message."""
    return checking.function(
        answer,
        [("api.mysite.com",), *((name,) for name in _names())],
        encoded,
        lambda returned: bytes(returned) if type(returned) in (bytes, bytearray) else None,
        "bytes, such as b'\\x03api'",
        _name_hint,
        f"your function was tried on {1 + HIDDEN_INPUTS} names. A label has at most {LONGEST_LABEL} bytes, so one byte "
        "is enough for its length.",
    )


def encoded(name: str) -> bytes:
    """Return the name as RFC 1035, section 3.1, writes it: each label behind its length, and a zero."""
    return _labels(name, lambda label: bytes([len(label)])) + b"\0"


def _labels(name: str, length: Callable[[str], bytes]) -> bytes:
    return b"".join(length(label) + label.encode() for label in name.split("."))


def _names() -> list[str]:
    """Return hidden names of one to three labels, which keeps them below the 255 bytes that a name may have."""
    draw = random.Random(SEED)
    letters = string.ascii_letters + string.digits + "-"
    return [
        ".".join("".join(draw.choices(letters, k=draw.randint(1, LONGEST_LABEL))) for _ in range(draw.randint(1, 3)))
        for _ in range(HIDDEN_INPUTS)
    ]


def _name_hint(first: Outcome, outcomes: list[Outcome]) -> str:
    (name,) = first.arguments
    encoding = bytes(first.returned)
    stem = encoding.removesuffix(b"\0")
    if encoding + b"\0" == first.expected:
        return "The zero at the end is missing: without it nobody knows where the name ends."
    if encoding == first.expected[:-1] + b"0":
        return "It ends in the character 0. The byte zero is b'\\0'."
    if b"." in encoding:
        return "The dots are still there. In a message there are none: each label stands behind its length instead."
    if stem == name.replace(".", "").encode():
        return "The lengths are missing: in front of each label stands one byte that says how long it is."
    if stem.removesuffix(b"0") == _labels(name, lambda label: str(len(label)).encode()):
        return "The lengths are written as characters. One byte holds the number itself: bytes([3]), which is b'\\x03'."
    if stem == _labels(name, lambda label: bytes(len(label))).removesuffix(b"\0"):
        return "bytes(3) is three zeros. bytes([3]) is one byte that holds a three."
    return ""


def replay(answer: object) -> Verdict:
    """Exercise 5: a function from arrivals (seconds, in order) and a TTL (seconds) to the number of hits."""
    return checking.function(
        answer,
        _traces(),
        hit_ratio_model.replay,  # it takes milliseconds, and counts the same in any unit
        checking.as_number,
        "a number of hits",
        _replay_hint,
        f"your function was tried on {2 + HIDDEN_INPUTS} lists of arrivals, and counts what the book's replay counts.",
    )


def _traces() -> list[tuple[list[int], int]]:
    """Return pairs of arrivals and TTL, in seconds: none, the chapter's even ones, and hidden ones.

    Many of the hidden arrivals lie a whole TTL apart.
    """
    draw = random.Random(SEED)
    traces: list[tuple[list[int], int]] = [([], 300), ([0, 300, 600, 900], 300)]
    for _ in range(HIDDEN_INPUTS):
        ttl_s = draw.randrange(20, 300, 20)
        now, arrivals = draw.randrange(1000), []  # a trace that began at 0 would not show who takes 0 for a copy
        for _ in range(draw.randint(5, 12)):
            arrivals.append(now)
            now += draw.choice((0, ttl_s // 4, ttl_s // 2, ttl_s, draw.randrange(2 * ttl_s)))
        traces.append((arrivals, ttl_s))
    return traces


def _replay_hint(first: Outcome, outcomes: list[Outcome]) -> str:
    results = [checking.as_number(outcome.returned) for outcome in outcomes]

    def is_always(count: Callable[[list[int], int], int]) -> bool:
        return results == [count(*outcome.arguments) for outcome in outcomes]

    if is_always(lambda arrivals, ttl_s: len(arrivals) - hit_ratio_model.replay(arrivals, ttl_s)):
        return "You count the requests that ask. The hits are the others."
    if is_always(lambda arrivals, ttl_s: hit_ratio_model.replay(arrivals, ttl_s + 1)):  # whole seconds: < T + 1 is <= T
        return "A request at the very second at which the copy ends is no hit: the copy answers what comes before."
    if is_always(_hits_when_renewed):
        return "Your copy lives on when it is read. It ends a TTL after it was fetched, however often it is read."
    return ""


def _hits_when_renewed(arrivals: list[int], ttl_s: int) -> int:
    return sum(later - earlier < ttl_s for earlier, later in itertools.pairwise(arrivals))
