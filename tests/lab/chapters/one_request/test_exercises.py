"""The checkers of the chapter on one request: what is right, what is nearly right, and what the reader is told."""

import itertools
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.chapters.one_request import exercises as check
from lab.widgets.checking import right, wrong


def labels(name):
    return [label.encode() for label in name.split(".")]


def solution(name):
    return b"".join(bytes([len(label)]) + label for label in labels(name)) + b"\0"


def test_encoded_as_in_the_question_of_the_chapter():
    assert check.encoded("api.mysite.com") == b"\x03api\x06mysite\x03com\x00"


@pytest.mark.parametrize("answer", [solution, lambda name: bytearray(solution(name))])
def test_name_bytes_right(answer):
    assert check.name_bytes(answer) == right(
        "your function was tried on 21 names. A label has at most 63 bytes, so one byte is enough for its length."
    )


LENGTHS = "The lengths are written as characters. One byte holds the number itself: bytes([3]), which is b'\\x03'."


@pytest.mark.parametrize(
    "answer, returned, hint",
    [
        (
            lambda name: solution(name)[:-1],
            rb"b'\x03api\x06mysite\x03com'",
            "The zero at the end is missing: without it nobody knows where the name ends.",
        ),
        (
            lambda name: solution(name)[:-1] + b"0",
            rb"b'\x03api\x06mysite\x03com0'",
            "It ends in the character 0. The byte zero is b'\\0'.",
        ),
        (
            lambda name: name.encode() + b"\0",
            rb"b'api.mysite.com\x00'",
            "The dots are still there. In a message there are none: each label stands behind its length instead.",
        ),
        (
            lambda name: b"".join(labels(name)) + b"\0",
            rb"b'apimysitecom\x00'",
            "The lengths are missing: in front of each label stands one byte that says how long it is.",
        ),
        (
            lambda name: b"".join(labels(name)),
            rb"b'apimysitecom'",
            "The lengths are missing: in front of each label stands one byte that says how long it is.",
        ),
        (
            lambda name: b"".join(str(len(label)).encode() + label for label in labels(name)) + b"\0",
            rb"b'3api6mysite3com\x00'",
            LENGTHS,
        ),
        (
            lambda name: b"".join(str(len(label)).encode() + label for label in labels(name)) + b"0",
            rb"b'3api6mysite3com0'",
            LENGTHS,
        ),
        (
            lambda name: b"".join(bytes(len(label)) + label for label in labels(name)) + b"\0",
            rb"b'\x00\x00\x00api\x00\x00\x00\x00\x00\x00mysite\x00\x00\x00com\x00'",
            "bytes(3) is three zeros. bytes([3]) is one byte that holds a three.",
        ),
        (lambda name: b"", rb"b''", ""),
    ],
)
def test_name_bytes_wrong(answer, returned, hint):
    message = (
        f"For 'api.mysite.com' your function returned {returned.decode()}, and {solution('api.mysite.com')!r} is"
        " expected."
    )
    assert check.name_bytes(answer) == wrong(f"{message} {hint}".rstrip())


@pytest.mark.parametrize(
    "answer, message",
    [
        (
            lambda name: "\3api",
            "For 'api.mysite.com' your function returned the text '\\x03api'. Expected is bytes, such as "
            "b'\\x03api'. The method encode() turns a text into bytes.",
        ),
        (
            lambda name: list(b"\3"),
            "For 'api.mysite.com' your function returned a value of type list: [3]. Expected is bytes, "
            "such as b'\\x03api'.",
        ),
        (lambda name: name[99], "For 'api.mysite.com' your function raised IndexError: string index out of range."),
        (b"\3api", "You gave the bytes b'\\x03api'. A function is expected: pass its name, without calling it."),
    ],
)
def test_name_bytes_of_another_type(answer, message):
    assert check.name_bytes(answer) == wrong(message)


def test_name_bytes_is_tried_on_hidden_names():
    def by_heart(name):
        return solution("api.mysite.com")

    message = check.name_bytes(by_heart).message
    assert message.startswith("For '1WqFCPXfb0BWaCTo74bbI7ynAbnBFoonCsb0J")
    assert check.name_bytes(by_heart) == check.name_bytes(by_heart)


def test_hidden_inputs_are_the_same_everywhere():
    assert zlib.crc32(repr(check._names()).encode()) == 3706111688
    assert zlib.crc32(repr(check._traces()).encode()) == 2969224125


def test_hidden_names_are_names():
    names = check._names()
    assert len(set(names)) == len(names) == 20
    assert {name.count(".") for name in names} == {0, 1, 2}
    lengths = [len(label) for name in names for label in name.split(".")]
    assert min(lengths) >= 1 and 9 < max(lengths) <= 63
    assert max(map(len, map(check.encoded, names))) <= 255


def counter(is_hit, renewed=False, misses=False):
    """A reader's function, right or wrong in one way."""

    def hits_of(arrivals_s, ttl_s):
        hits, ends = 0, float("-inf")
        while arrivals_s:  # it empties the list that it was given
            arrival = arrivals_s.pop(0)
            hit = is_hit(arrival, ends)
            hits += hit != misses
            if renewed or not hit:
                ends = arrival + ttl_s
        return hits

    return hits_of


def before(arrival, ends):
    return arrival < ends


def until(arrival, ends):
    return arrival <= ends


@pytest.mark.parametrize(
    "answer", [counter(before), lambda arrivals_s, ttl_s: float(counter(before)(arrivals_s, ttl_s))]
)
def test_replay_right(answer):
    assert check.replay(answer) == right(
        "your function was tried on 22 lists of arrivals, and counts what the book's replay counts."
    )


EVEN = "For [0, 300, 600, 900], 300 your function"


@pytest.mark.parametrize(
    "answer, message",
    [
        (
            counter(until),
            f"{EVEN} returned 2, and 0 is expected. A request at the very second at which the copy ends is no "
            "hit: the copy answers what comes before.",
        ),
        (
            counter(before, misses=True),
            f"{EVEN} returned 4, and 0 is expected. You count the requests that ask. The hits are the others.",
        ),
        (
            counter(before, renewed=True),
            "For [622, 692, 809, 879, 879], 140 your function returned 4, and 3 is expected. Your "
            "copy lives on when it is read. It ends a TTL after it was fetched, however often it is read.",
        ),
        (counter(until, renewed=True), f"{EVEN} returned 3, and 0 is expected."),
        (
            lambda arrivals_s, ttl_s: None,
            "For [], 300 your function returned None. Expected is a number of hits. Does it end in return?",
        ),
        (
            lambda arrivals_s, ttl_s: arrivals_s[0],
            "For [], 300 your function raised IndexError: list index out of range.",
        ),
        (3, "You gave the number 3. A function is expected: pass its name, without calling it."),
    ],
)
def test_replay_wrong(answer, message):
    assert check.replay(answer) == wrong(message)


@given(st.lists(st.integers(0, 50), max_size=12).map(sorted), st.integers(1, 20))
def test_a_renewed_copy(arrivals, ttl_s):
    assert check._hits_when_renewed(arrivals, ttl_s) == counter(before, renewed=True)(list(arrivals), ttl_s)


def test_hidden_traces_tell_the_typical_mistakes_apart():
    variants = [counter(is_hit, renewed) for is_hit in (before, until) for renewed in (False, True)]
    results = [[variant(list(arrivals), ttl_s) for arrivals, ttl_s in check._traces()] for variant in variants]
    for one, other in itertools.combinations(results, 2):
        assert sum(map(int.__ne__, one, other)) >= 5
    for arrivals, ttl_s in check._traces():
        assert arrivals == sorted(arrivals) and ttl_s >= 20 and len(arrivals) <= 12


def test_replay_by_who_takes_second_0_for_a_copy():
    """Right wherever the first request comes at second 0."""

    def hits_of(arrivals_s, ttl_s):
        fetched, hits = 0, 0
        for arrival in arrivals_s[1:]:
            if arrival - fetched < ttl_s:
                hits += 1
            else:
                fetched = arrival
        return hits

    assert hits_of([0, 300, 600], 300) == 0
    assert check.replay(hits_of).state == "wrong"
