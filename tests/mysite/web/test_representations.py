"""What caches and clients are told of an answer: tags, Vary, Cache-Control, and the two shapes of a problem."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from mysite.web import representations
from mysite.web.negotiation import HTML, JSON
from mysite.web.problems import FieldProblem, Problem

BODY = "<p>é</p>".encode()
TAG = representations.tag(BODY)
OPAQUE = TAG.removeprefix("W/")
VARY = "Accept, Authorization, Cookie"


def request(method: str = "GET", path: str = "/about", **fields: str | list[str]) -> Request:
    """A request with these fields, one or several of a name; an underscore stands for a hyphen."""
    headers = [
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return Request({"type": "http", "method": method, "path": path, "headers": headers})


def test_a_tag_names_a_body() -> None:
    assert TAG == 'W/"5229bddeb25ca85b"'  # of its SHA-256
    assert representations.tag(BODY) == TAG != representations.tag(BODY + b" ")


@pytest.mark.parametrize(
    ("field", "has"),
    [
        (TAG, True),
        (OPAQUE, True),  # compared weakly: RFC 9110, section 13.1.2
        (f'"a", {TAG}, W/"b"', True),
        (f'"a",{OPAQUE}', True),
        (f'W/"a,b" , {TAG}', True),
        (["\"a\"", TAG], True),
        ("*", True),
        (" * ", True),
        ("", False),
        ('"a"', False),
        (OPAQUE.strip('"'), False),
        (f"w{OPAQUE}", True),  # malformed, and of no harm: the tag stands in it
        (OPAQUE.upper(), False),
        (OPAQUE[:-1], False),
        (f'"*, {OPAQUE[1:]}', False),
        (f"*, {OPAQUE[:-2]}\"", False),
        ('"*"', False),
    ],
)
def test_who_has_it_already(field: str | list[str], has: bool) -> None:
    assert representations.has(request(if_none_match=field), TAG) is has


def test_who_says_nothing_has_nothing() -> None:
    assert not representations.has(request(), TAG)


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_nobody_has_it_by_chance(field: str) -> None:
    assert representations.has(request(if_none_match=field), TAG) is (field.strip() == "*")


@pytest.mark.parametrize("cache_control", [representations.PUBLIC, representations.PRIVATE])
def test_what_is_sent_and_what_need_not_be_sent_again(cache_control: str) -> None:
    full = representations.read_response(request(), HTML, BODY, cache_control, {"Server-Timing": "x"})
    assert (full.status_code, full.body) == (200, BODY)
    named = {"etag": TAG, "vary": VARY, "cache-control": cache_control, "server-timing": "x"}
    assert dict(full.headers) == {
        **named, "content-type": "text/html; charset=utf-8", "content-length": str(len(BODY)),
    }  # fmt: skip
    again = representations.read_response(request(if_none_match=TAG), HTML, BODY, cache_control, {"Server-Timing": "x"})
    assert (again.status_code, again.body) == (304, b"")
    assert dict(again.headers) == named  # RFC 9110, section 15.4.5: what 200 would say of the state, not of the body
    other = representations.read_response(request(if_none_match=TAG), HTML, BODY + b" ", cache_control)
    assert (other.status_code, other.body) == (200, BODY + b" ")


def test_what_may_keep_it_for_how_long() -> None:
    assert representations.PUBLIC == "public, max-age=10"
    assert representations.PRIVATE == "private, no-cache"
    assert representations.VARY == VARY


def test_the_types_are_sent_with_their_charset() -> None:
    assert representations.read_response(request(), JSON, b"{}", "x").headers["content-type"] == "application/json"
    assert representations.CONTENT_TYPES == {
        HTML: "text/html; charset=utf-8", JSON: JSON, "application/problem+json": "application/problem+json",
    }  # fmt: skip


@dataclass(frozen=True)
class Leaf:
    """A part of a model."""

    name: str
    is_on: bool | None


@dataclass(frozen=True)
class Tree:
    """A model with others in it."""

    leaves: list[Leaf]
    values: dict[str, Any]


def test_a_model_as_json() -> None:
    tree = Tree([Leaf("日本 </script>", None), Leaf("", True)], {"a": [1, 2.5, "x"]})
    body = representations.as_json(tree).decode()
    assert body == (
        '{"leaves":[{"name":"日本 </script>","is_on":null},{"name":"","is_on":true}],"values":{"a":[1,2.5,"x"]}}'
    )
    assert representations.adapter(Tree) is representations.adapter(Tree)


def test_which_is_welcome() -> None:
    assert representations.welcome_media_type(request(), (HTML, JSON)) == HTML
    assert representations.welcome_media_type(request(accept=JSON), (HTML, JSON)) == JSON
    assert representations.welcome_media_type(request(accept=["image/png", "application/*"]), (HTML, JSON)) == JSON


@pytest.mark.parametrize(
    ("offered", "there"), [((HTML,), "text/html"), ((HTML, JSON), "text/html and as application/json")]
)
def test_none_is_welcome(offered: tuple[str, ...], there: str) -> None:
    with pytest.raises(Problem) as caught:
        representations.welcome_media_type(request(accept="image/png"), offered)
    assert caught.value.status == 406
    assert caught.value.detail == f"/about is there as {there}, which the field Accept does not welcome."


@pytest.mark.parametrize(
    ("method", "content_type", "is_of_a_program"),
    [
        ("GET", None, False),
        ("HEAD", None, False),
        ("GET", "application/json", False),
        ("POST", None, False),
        ("POST", "application/x-www-form-urlencoded", False),
        ("POST", "text/plain", False),
        ("POST", "Application/JSON; charset=utf-8", True),
        ("PUT", None, True),
        ("PUT", "application/x-www-form-urlencoded", True),
        ("DELETE", None, True),
    ],
)
def test_who_asks_for_a_change(method: str, content_type: str | None, is_of_a_program: bool) -> None:
    fields = {"content_type": content_type} if content_type else {}
    change = request(method, **fields)  # type: ignore[arg-type]
    assert representations.is_of_a_program(change) is is_of_a_program
    # without a wish, or with one that is no preference, each gets what it speaks
    for wish in ({}, {"accept": "*/*"}):
        response = representations.problem_response(request(method, **fields, **wish), Problem(404, "Nothing."))  # type: ignore[arg-type]
        assert response.headers["content-type"].startswith("application/problem+json" if is_of_a_program else HTML)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("text/html, application/json;q=0.9", "text/html; charset=utf-8"),
        ("application/json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        ("application/json, text/html;q=0.9", "application/problem+json"),
        ("image/png", "application/problem+json"),
        ("*/*;q=0", "application/problem+json"),
    ],
)
def test_how_a_problem_is_said(method: str, accept: str, media_type: str) -> None:
    problem = Problem(422, "name: <b>.", [FieldProblem("name", "<b>.")], {"X-More": "yes"})
    response = representations.problem_response(request(method, accept=accept), problem)
    assert response.status_code == 422
    assert response.headers["content-type"] == media_type
    assert response.headers["vary"] == VARY
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-more"] == "yes"
    assert "etag" not in response.headers
    body = bytes(response.body)
    if media_type == "application/problem+json":
        assert json.loads(body) == {
            "type": "about:blank",
            "title": "Unprocessable Content",
            "status": 422,
            "detail": "name: <b>.",
            "errors": [{"field": "name", "message": "<b>."}],
        }
    else:
        assert b"<p>name: &lt;b&gt;. <a" in body and b"<b>" not in body


def test_a_problem_with_a_form_shows_the_form() -> None:
    problem = Problem(422, "x", [FieldProblem("name", "<i>Longer.")], form="join.html", entries={"name": '"><b>'})
    body = bytes(representations.problem_response(request("POST"), problem).body).decode()
    assert "<title>Sign up · mysite</title>" in body
    assert 'value="&#34;&gt;&lt;b&gt;"' in body and 'aria-invalid="true"' in body
    assert '<span id="name-hint" class="wrong">&lt;i&gt;Longer.</span>' in body
    assert "<b>" not in body and "<i>" not in body
