"""What may be sent along: forms and JSON, each limit at the limit, and the message for each mistake."""

import asyncio
import json
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from mysite.web import bodies
from mysite.web.bodies import FORM, AnyBody, NewName, NewPost, Nothing, SignUp, Switch
from mysite.web.negotiation import JSON
from mysite.web.problems import FieldProblem, Problem

VISIBLE = "Write it in one line, with at least one letter that can be seen."
HANDLE = "Take 3 to 20 of the letters a to z, digits and _, and begin with a letter."
MISSING = "It is missing."
# Unicode 16.0, DerivedCoreProperties.txt, Default_Ignorable_Code_Point, but for rare marks of music and shorthand
IGNORABLE = [
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x2060, 0x2065), (0x206A, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF),
]  # fmt: skip
BLANK = {chr(code) for first, last in IGNORABLE for code in range(first, last + 1)} | {
    chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Zs"
}
TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
CONTROL = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp")} | TURNING


def read(content: bytes, kind: str | None, model: type[AnyBody], form: str | None = None) -> AnyBody:
    """Read a body that is sent as this kind into a model. Problem where it is refused."""

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    headers = [] if kind is None else [(b"content-type", kind.encode("latin-1"))]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)
    return asyncio.run(bodies.read(request, model, form))


def refusal(content: bytes, kind: str | None, model: type[AnyBody], form: str | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        read(content, kind, model, form)
    return caught.value


def wrong(fields: Any, model: type[AnyBody]) -> dict[str, str]:
    """The messages by field for a JSON body that can be read and does not fit."""
    problem = refusal(json.dumps(fields).encode(), JSON, model)
    assert problem.status == 422
    assert problem.detail == " ".join(f"{error.field}: {error.message}" for error in problem.errors)
    return problem.messages()


def as_form(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


def test_a_form_and_the_same_as_json() -> None:
    fields = {"handle": "ada_1", "name": "Ada <b>& Ελλάδα 😀"}
    for kind in (FORM, f"{FORM}; charset=utf-8", FORM.upper()):
        assert read(as_form(fields), kind, SignUp) == SignUp(**fields)
    for kind in (JSON, f"{JSON};charset=utf-8", f" {JSON} "):
        assert read(json.dumps(fields).encode(), kind, SignUp) == SignUp(**fields)
    assert read(json.dumps(fields, ensure_ascii=False).encode(), JSON, SignUp) == SignUp(**fields)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (None, "and the field Content-Type has to say which it is."),
        ("", "and the field Content-Type has to say which it is."),
        ("text/plain", "not as text/plain."),
        ("multipart/form-data; boundary=x", "not as multipart/form-data."),
        ("application/json-patch+json", "not as application/json-patch+json."),
        ("application/jsonx", "not as application/jsonx."),
        ("application/json,text/plain", "not as application/json,text/plain."),
    ],
)
def test_another_kind_of_body(kind: str | None, sentence: str) -> None:
    problem = refusal(b'{"name":"Ada"}', kind, NewName, "rename.html")
    assert problem.status == 415
    assert problem.detail == f"A body is sent as {JSON} or {FORM}, {sentence}"
    assert problem.headers == {"Accept": "application/json, application/x-www-form-urlencoded"}
    assert problem.form is None


@pytest.mark.parametrize(
    ("fields", "model", "messages"),
    [
        ({}, SignUp, {"handle": MISSING, "name": MISSING}),
        ({"handle": "ada"}, SignUp, {"name": MISSING}),
        ({"name": "Ada", "likes": 9}, NewName, {"likes": "There is no such field here."}),
        ({"Name": "Ada"}, NewName, {"name": MISSING, "Name": "There is no such field here."}),
        ({"name": 1}, NewName, {"name": "It has to be a text."}),
        ({"name": 1.5}, NewName, {"name": "It has to be a text."}),
        ({"name": None}, NewName, {"name": "It has to be a text."}),
        ({"name": True}, NewName, {"name": "It has to be a text."}),
        ({"name": ["Ada"]}, NewName, {"name": "It has to be a text."}),
        ({"name": {"name": "Ada"}}, NewName, {"name": "It has to be a text."}),
        ({"name": ""}, NewName, {"name": VISIBLE}),
        ({"name": "  "}, NewName, {"name": VISIBLE}),
        ({"name": "a\nb"}, NewName, {"name": VISIBLE}),
        ({"text": "a\tb"}, NewPost, {"text": VISIBLE}),
        ({"text": "a" * 281}, NewPost, {"text": "It has more than 280 characters: make it shorter."}),
        ({"name": "a" * 61}, NewName, {"name": "It has more than 60 characters: make it shorter."}),
        ({"name": "\ud800"}, NewName, {"name": "It has characters that no text can have."}),
        ({"name": "Ada \udfff"}, NewName, {"name": "It has characters that no text can have."}),
        ({"\ud800": "Ada"}, NewName, {"body": "It has characters that no text can have."}),
        ({"handle": "Ada", "name": "Ada"}, SignUp, {"handle": HANDLE}),
        ({"handle": 1, "name": "Ada"}, SignUp, {"handle": "It has to be a text."}),
        ({"state": "On"}, Switch, {"state": "Send on or off."}),
        ({"state": True}, Switch, {"state": "Send on or off."}),
        ({}, Switch, {"state": MISSING}),
        ({"x": 1}, Nothing, {"x": "There is no such field here."}),
        ([], NewName, {"body": "It has to be an object with fields."}),
        ("name", NewName, {"body": "It has to be an object with fields."}),
        (None, NewName, {"body": "It has to be an object with fields."}),
        ({"n" * 200: 1, "name": "Ada"}, NewName, {"n" * 100: "There is no such field here."}),
    ],
)
def test_what_does_not_fit(fields: Any, model: type[AnyBody], messages: dict[str, str]) -> None:
    assert wrong(fields, model) == messages


def test_a_number_that_is_too_long_to_be_read_as_one() -> None:
    problem = refusal(b'{"name": ' + b"9" * 5000 + b"}", JSON, NewName)
    assert problem.messages() == {"name": "It has to be a text."}
    assert problem.entries == {}  # JSON is no form, so nothing of it goes back into one


def test_a_hint_for_each_field_that_there_is() -> None:
    named = {name for model in (SignUp, NewName, NewPost, Switch) for name in model.model_fields}
    assert set(bodies.HINTS) == named


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The body is no JSON from line 1, column 1 on."),
        (b'{"name": "Ada"', "The body is no JSON from line 1, column 15 on."),
        (b"name=Ada", "The body is no JSON from line 1, column 1 on."),
        (b'{"name":\n"Ada" ,\n}', "The body is no JSON from line 2, column 7 on."),
        (b"[1,]", "The body is no JSON from line 1, column 3 on."),
        (b'{"name": NaN}', "The body cannot be read as JSON: NaN is no number of JSON."),
        (b'{"name": -Infinity}', "The body cannot be read as JSON: -Infinity is no number of JSON."),
        (b'{"name": "a", "name": "a"}', "The body cannot be read as JSON: a field stands in it twice."),
        (b'{"name": {"a": 1, "a": 1}}', "The body cannot be read as JSON: a field stands in it twice."),
        (b"[" * 101 + b"]" * 101, "The body cannot be read as JSON: values stand too deep in one another."),
        (b"[" * 60_000, "The body cannot be read as JSON: values stand too deep in one another."),
        (b'{"a":' * 12_000, "The body cannot be read as JSON: values stand too deep in one another."),
        (
            json.dumps({f"n{number}": 0 for number in range(21)}).encode(),
            "The body cannot be read as JSON: an object in it has more than 20 fields.",
        ),
        (
            '{"name": "é"}'.encode("latin-1"),
            "The body cannot be read as JSON: byte 10 is not of UTF-8.",
        ),
    ],
)
def test_json_that_cannot_be_read(content: bytes, sentence: str) -> None:
    problem = refusal(content, JSON, NewName, "rename.html")
    assert (problem.status, problem.detail, list(problem.errors)) == (400, sentence, [])


def test_as_many_fields_as_there_may_be() -> None:
    names = [f"n{number}" for number in range(bodies.MOST_FIELDS)]
    unknown = [FieldProblem(name, "There is no such field here.") for name in sorted(names)]
    for content, kind in ((json.dumps(dict.fromkeys(names, "")), JSON), (urlencode(dict.fromkeys(names, "")), FORM)):
        problem = refusal(content.encode(), kind, Nothing)
        assert problem.status == 422
        assert sorted(problem.errors, key=lambda error: error.field) == unknown


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name=é".encode(), "The body is no form of at most 20 fields in UTF-8."),
        (b"name=%E9", "The body is no form of at most 20 fields in UTF-8."),
        (b"name=%ED%A0%80", "The body is no form of at most 20 fields in UTF-8."),
        (b"&".join(b"n%d=" % number for number in range(21)), "The body is no form of at most 20 fields in UTF-8."),
        (b"name=Ada&name=Ada", "A field of the form is sent twice. Send each once."),
        (b"name=Ada&n%61me=", "A field of the form is sent twice. Send each once."),
    ],
)
def test_a_form_that_cannot_be_read(content: bytes, sentence: str) -> None:
    problem = refusal(content, FORM, NewName, "rename.html")
    assert (problem.status, problem.detail, list(problem.errors)) == (400, sentence, [])


def test_a_form_that_does_not_fit_keeps_what_was_typed() -> None:
    entries = {"handle": "<Ada>", "name": " Ada "}
    problem = refusal(as_form(entries), FORM, SignUp, "join.html")
    assert (problem.status, problem.form) == (422, "join.html")
    assert problem.messages() == {"handle": HANDLE}
    assert problem.entries == {"handle": "<Ada>", "name": "Ada"}
    assert refusal(b"", FORM, SignUp, "join.html").messages() == {"handle": MISSING, "name": MISSING}
    assert refusal(b"handle", FORM, SignUp).entries == {"handle": ""}


def test_the_space_around_a_field_of_a_form_is_no_part_of_it() -> None:
    assert read(b"name=+%09%0D%0AAda+Lovelace%0D%0A", FORM, NewName).name == "Ada Lovelace"
    assert read(b'{"name": " Ada "}', JSON, NewName).name == " Ada "


@pytest.mark.parametrize(("model", "field", "most"), [(NewName, "name", 60), (NewPost, "text", 280)])
@pytest.mark.parametrize("letter", ["a", "é", "日", "😀", "e\u0301"])
def test_characters_are_counted_and_not_bytes(model: type[AnyBody], field: str, most: int, letter: str) -> None:
    text = letter * (most // len(letter))
    for content, kind in ((json.dumps({field: text}).encode(), JSON), (as_form({field: text}), FORM)):
        assert getattr(read(content, kind, model), field) == text
    assert wrong({field: text + "a"}, model) == {field: f"It has more than {most} characters: make it shorter."}


@pytest.mark.parametrize("handle", ["abc", "a" * 20, "a_1", "z99", "a__"])
def test_a_handle(handle: str) -> None:
    assert SignUp(handle=handle, name="A").handle == handle


@pytest.mark.parametrize(
    "handle",
    ["", "ab", "a" * 21, "1ab", "_ab", "Abc", "a c", "a-c", "äbc", "ab\n", "\nabc", "ab\u0661", "\uff41bc", "a\0b"],
)
def test_no_handle(handle: str) -> None:
    assert wrong({"handle": handle, "name": "A"}, SignUp) == {"handle": HANDLE}


def fits(text: str) -> bool:
    try:
        NewPost(text=text)
    except ValueError:
        return False
    return True


def test_characters_that_cannot_be_seen_are_no_text_alone() -> None:
    assert not [f"{ord(letter):04X}" for letter in BLANK if fits(letter) or fits(letter * 3)]
    assert not [f"{ord(letter):04X}" for letter in BLANK - CONTROL if not fits(f"a{letter}b")]
    assert not fits("\u2800\u2800") and fits("\u2801")  # Braille: no dot, one dot
    assert fits("👩\u200d🚀") and fits("❤\ufe0f") and fits("\u0645\u06cc\u200c\u062e")


def test_characters_that_control_are_in_no_text() -> None:
    assert not [f"{ord(letter):04X}" for letter in CONTROL if fits(letter) or fits(f"a{letter}") or fits(f"{letter}a")]
    assert {"\0", "\n", "\r", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066"} <= CONTROL


@given(st.text(max_size=290))
@example("\ufffe")
@example("a" * 280)
@example("a" * 281)
def test_a_post_fits_if_it_is_short_and_can_be_seen(text: str) -> None:
    unseen = BLANK | CONTROL | set(map(chr, range(0xFFF9, 0xFFFC))) | {"\u2800"}
    assert fits(text) is (len(text) <= 280 and not set(text) & CONTROL and bool(set(text) - unseen))


@given(st.binary(max_size=200), st.sampled_from([FORM, JSON]))
@example(b'{"name": "' + b"\\ud83d\\ude00" + b'"}', JSON)
def test_whatever_is_sent_fits_or_is_a_problem(content: bytes, kind: str) -> None:
    try:
        body = read(content, kind, NewName)
    except Problem as problem:
        assert problem.status in (400, 422)
        assert problem.detail.encode()
    else:
        assert 1 <= len(body.name) <= 60


def test_json_with_a_mark_before_it_and_brackets_in_a_text_is_read() -> None:
    for name in ("Ada", "[{" * 30, '\\"[[[[' * 3):
        content = f'\ufeff{{"name": "{name}"}}'.encode()
        assert bodies.json_fields(content) == {"name": json.loads(f'"{name}"')}
    assert bodies.json_fields(b"[[]," * 99 + b"[]" + b"]" * 99)  # 100 deep
