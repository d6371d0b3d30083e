"""What a client sends along: a form of a browser or the JSON of a program, checked against one model of each body."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from mysite.web.body_limit import whole_body
from mysite.web.negotiation import JSON, media_type_of
from mysite.web.problems import FieldProblem, Problem

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 20
MOST_DEEP = 100  # lists and objects in one another
BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|[][{}]', re.DOTALL)  # or a text, in which brackets do not count
LONGEST_NAME, LONGEST_TEXT = 60, 280  # characters

# Characters that are not to be seen, or turn the writing round: control characters; spaces, and what Unicode lists as
# Default_Ignorable_Code_Point or draws as an empty place. A text has none of the first kind and at least one character
# that can be seen.
_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_BLANK = (
    r" \xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202f\u205f-\u2065\u206a-\u206f"
    rf"\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb{chr(0xE0000)}-{chr(0xE0FFF)}"
)
VISIBLE = rf"^[^{_CONTROL}]*[^{_CONTROL}{_BLANK}][^{_CONTROL}]*$"
HANDLE = r"^[a-z][a-z0-9_]{2,19}$"

Name = Annotated[str, Field(max_length=LONGEST_NAME, pattern=VISIBLE, description="One line that can be seen")]
Handle = Annotated[str, Field(pattern=HANDLE, description="3 to 20 of a-z, 0-9 and _, beginning with a letter")]
Line = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=VISIBLE, description="One line that can be seen")]

HINTS = {
    "name": "Write it in one line, with at least one letter that can be seen.",
    "text": "Write it in one line, with at least one letter that can be seen.",
    "handle": "Take 3 to 20 of the letters a to z, digits and _, and begin with a letter.",
    "state": "Send on or off.",
}


class Body(BaseModel):
    """A body: all its fields, and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SignUp(Body):
    """Who signs up: a handle that nobody has, and a name."""

    handle: Handle
    name: Name


class NewName(Body):
    """Another name."""

    name: Name


class NewPost(Body):
    """A short post."""

    text: Line


class Switch(Body):
    """What a button of a page asks for: that it be so, or that it be so no longer."""

    state: Literal["on", "off"]


class Nothing(Body):
    """A body without fields, as a form that is a button alone sends it."""


AnyBody = TypeVar("AnyBody", bound=Body)


async def read(request: Request, model: type[AnyBody], form: str | None = None) -> AnyBody:
    """The body of a request as a model. `form` is the template that shows the form again where it is refused.

    Problem 415 for another kind of body, 413 for one that is too large, 400 for one that cannot be read, 422 for one
    that does not fit.
    """
    kind = media_type_of(request.headers.get("content-type"))
    content = await whole_body(request)
    if kind == FORM:
        fields = form_fields(content)
        entries = {name: value for name, value in fields.items() if isinstance(value, str)}
    elif kind == JSON:
        fields, entries = json_fields(content), {}
    else:
        but = f"not as {kind}" if kind else "and the field Content-Type has to say which it is"
        raise Problem(415, f"A body is sent as {JSON} or {FORM}, {but}.", headers={"Accept": f"{JSON}, {FORM}"})
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        errors = [FieldProblem(field_of(details), message(details)) for details in error.errors(include_url=False)]
        sentences = " ".join(f"{problem.field}: {problem.message}" for problem in errors)
        raise Problem(422, sentences, errors, form=form, entries=entries) from None


def form_fields(content: bytes) -> dict[str, Any]:
    """The fields of a form, without the space around them. Problem 400 for what is no form, or has a field twice."""
    try:
        pairs = parse_qsl(
            content.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise Problem(400, f"The body is no form of at most {MOST_FIELDS} fields in UTF-8.") from None
    fields = {name: value.strip(" \t\r\n") for name, value in pairs}
    if len(fields) < len(pairs):
        raise Problem(400, "A field of the form is sent twice. Send each once.")
    return fields


def json_fields(content: bytes) -> Any:
    """The value of a JSON body. Problem 400 for what is no JSON, with the place where it stops being JSON."""
    try:
        return json.loads(
            shallow(text_of(content)),
            parse_int=float,  # no field is a number, and a whole number may be too long to be read as one
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise Problem(400, f"The body is no JSON from {place(error)} on.") from None
    except ValueError as error:
        raise Problem(400, f"The body cannot be read as JSON: {error}.") from None


def text_of(content: bytes) -> str:
    """The text of a JSON body, without the mark that some programs put first (RFC 8259, section 8.1). ValueError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not of UTF-8") from None


def shallow(text: str) -> str:
    """The same text. ValueError where it goes deeper than MOST_DEEP: each Python has another depth that it can read."""
    depth = 0
    for bracket in BRACKET.findall(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(bracket, 0)
        if depth > MOST_DEEP:
            raise ValueError("values stand too deep in one another")
    return text


def place(error: json.JSONDecodeError) -> str:
    """Where it stops being JSON, in words; a comma too many is the place itself, in every version of Python."""
    before = error.doc[: error.pos].rstrip(" \t\r\n")
    position = len(before) - 1 if before.endswith(",") else error.pos
    lines = error.doc[:position].split("\n")
    return f"line {len(lines)}, column {len(lines[-1]) + 1}"


def _no_constant(name: str) -> Any:
    """ValueError for NaN and the infinities, which Python reads and JSON does not have."""
    raise ValueError(f"{name} is no number of JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON from its fields. ValueError for more than MOST_FIELDS, and for a field that is there twice."""
    if len(pairs) > MOST_FIELDS:
        raise ValueError(f"an object in it has more than {MOST_FIELDS} fields")
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a field stands in it twice")
    return fields


def field_of(error: ErrorDetails) -> str:
    """The field that an error is about; "body" where it is about all of it."""
    return ".".join(str(part) for part in error["loc"])[:100] or "body"


def message(error: ErrorDetails) -> str:
    """The sentence that says what is wrong with a field, and what to do."""
    name = field_of(error)
    context: Mapping[str, Any] = error.get("ctx", {})
    return {
        "missing": "It is missing.",
        "extra_forbidden": "There is no such field here.",
        "string_type": "It has to be a text.",
        "string_unicode": "It has characters that no text can have.",
        "string_too_long": f"It has more than {context.get('max_length')} characters: make it shorter.",
        "model_type": "It has to be an object with fields.",
    }.get(error["type"], HINTS.get(name, error["msg"]))
