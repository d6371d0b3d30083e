"""Checkers of the exercises on one request. Each takes the reader's answer and returns a Verdict."""

import itertools
import random
import re
import string
from collections.abc import Callable
from fractions import Fraction

from lab.chapters.one_request import hit_ratio_model
from lab.widgets import checking
from lab.widgets.checking import Outcome, Verdict

# Exercise 1: the last four bytes of a reply
ADDRESS = bytes.fromhex("c0 00 02 07")

# Exercise 2: requests a second, and the share of them that the cache is to answer
RATE = Fraction(60, 3600)
HIT_RATIO = Fraction(9, 10)
HITS_A_QUESTION = HIT_RATIO / (1 - HIT_RATIO)

# Exercise 3: seconds
OLD_TTL_S = 86_400
NEW_TTL_S = 60
GRACE_S = 60  # for so long after the move a client may still hold the old address

# Exercises 4 and 5: what the hidden inputs are made from
SEED = 1
HIDDEN_INPUTS = 20
LONGEST_LABEL = 63  # bytes: RFC 1035, section 2.3.4

TOLERANCE = 1e-6  # of a number of seconds: a quotient of floats may miss a whole number by a little


def address(answer: object) -> Verdict:
    """Exercise 1: the address in the bytes c0 00 02 07, as a text."""
    praise = "four bytes are four numbers. This one is from a block that is kept for examples, and leads nowhere."
    return checking.text(answer, ".".join(map(str, ADDRESS)), _address_hint, praise)


def _address_hint(text: str) -> str:
    digits = re.sub(r"0x|[^0-9a-f]", "", text.lower())
    numbers = [int(part) for part in re.findall(r"[0-9]{1,3}", text)]
    if digits == ADDRESS.hex():
        return "These are the bytes as they stand, in hexadecimal digits. Write each byte as a number from 0 to 255."
    if numbers == list(ADDRESS):
        return "The numbers are right. Put dots between them and nothing else: no spaces, no zeros in front."
    if numbers == list(reversed(ADDRESS)):
        return "The numbers are right, and in reverse. The byte that comes first is the number that comes first."
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", text):
        return f"{checking.as_shown(text)} is no address: it takes four numbers from 0 to 255, with dots between them."
    place = next(place for place, byte in enumerate(ADDRESS) if byte != numbers[place])
    wrong = f"The byte {ADDRESS[place]:02x} is not {numbers[place]}"
    return f"{wrong}: its first digit counts sixteens, its second digit counts ones."


def ttl(answer: object) -> Verdict:
    """Exercise 2: the TTL in seconds that lets nine of ten requests be answered from the cache."""
    praise = f"{HITS_A_QUESTION} requests come in that time on average: {HITS_A_QUESTION} hits for each question."
    return checking.number(answer, HITS_A_QUESTION / RATE, TOLERANCE, _ttl_hint, praise)


def _ttl_hint(seconds: float) -> str:
    if seconds < 0:
        return "A TTL is a time from now on, and cannot be negative."
    ratio = float(hit_ratio_model.poisson(RATE, seconds))
    reasons = {
        1 / RATE: "One request comes in that time on average: one hit for each question, not nine.",
        HITS_A_QUESTION: "Nine requests have to come in that time. How many seconds do nine requests take?",
        (HITS_A_QUESTION - 1) / RATE: "That is eight hits for each question: the request that asks is no hit.",
        (HITS_A_QUESTION + 1) / RATE: "That is the time from one question to the next. The copy ends before, and "
        "then some time passes until the next request asks.",
        3600 * RATE * (1 - HIT_RATIO): "That is how many questions an hour are left. The TTL is how long an answer "
        "holds.",
    }
    reason = reasons.get(Fraction(seconds), _direction(seconds))
    return f"With a TTL of {seconds:,.6g} s the hit ratio is {ratio:.3f}, not {float(HIT_RATIO)}. {reason}"


def _direction(seconds: float) -> str:
    return "It takes longer." if max(0, HITS_A_QUESTION / RATE - seconds) else "It need not be as long."


def move(answer: object) -> Verdict:
    """Exercise 3: how many seconds before the move the TTL has to be lowered, at the latest."""
    praise = "a copy that was fetched just before holds for a day, and ends one minute after noon. No other ends later."
    return checking.number(answer, OLD_TTL_S - GRACE_S, TOLERANCE, _move_hint, praise)


def _move_hint(seconds: float) -> str:
    due_s = OLD_TTL_S - GRACE_S
    early_s = max(0, seconds - due_s)
    if seconds == OLD_TTL_S + GRACE_S:
        return "Safe, but two minutes earlier than needed: take the minute after noon off the day, do not add it."
    if seconds == OLD_TTL_S:
        return "Safe, but a minute earlier than needed: the last old copy ends at noon, and may end a minute later."
    if seconds == NEW_TTL_S:
        return (
            "That is how long the new copies hold. The old ones are the trouble: how long does a copy hold that was "
            "fetched just before you lower the TTL?"
        )
    if early_s:
        return f"Safe, but {early_s:,.6g} s earlier than needed."
    return (
        f"Too late by {due_s - seconds:,.6g} s: a copy that was fetched just before you lower the TTL still holds for "
        f"{OLD_TTL_S:,} s."
    )


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
