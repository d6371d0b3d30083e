"""The site in the words of OpenAPI 3.1, made from the same tables as its routes: every status, every schema.

Source: OpenAPI Specification 3.1.1, sections 4.8 (Paths, Operation, Responses, Link). Seen 2026-11-24.
"""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from mysite.web.bodies import FORM, Body
from mysite.web.negotiation import HTML, JSON
from mysite.web.problems import PROBLEM_JSON, ProblemDetails
from mysite.web.reading import Page
from mysite.web.rendering import STATIC
from mysite.web.writing import Change

MEANINGS = {
    200: "The representation", 201: "Made; Location says where", 204: "Done; nothing more to say",
    206: "The part that was asked for", 303: "Done; the page to read next", 304: "The client has it already",
    400: "A request that cannot be read, or without one Host", 401: "A session is needed, and none was shown",
    403: "Not yours, or asked for by another site's page", 404: "There is no such thing",
    406: "No representation is welcome", 409: "It is taken", 413: "The body is too large",
    415: "Neither a form nor JSON", 416: "There is no such part", 421: "The host is not this site's",
    422: "A field does not fit", 503: "The store does not answer",
}  # fmt: skip
SESSION: list[dict[str, list[str]]] = [{"cookie": []}, {"bearer": []}]
ANYBODY: list[dict[str, list[str]]] = [{}, *SESSION]
NUMBER = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
PARAMETERS: dict[str, dict[str, Any]] = {
    "id": NUMBER,
    "month": {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])$"},
}
EXAMPLES: dict[str, Any] = {"id": 4, "month": "2025-03", "page": 2, "file": "site.css"}  # all are in the data set
# What can be done next with what was made: OpenAPI's links, which a tester of stateful use follows too
LINKS = {
    ("POST", "/users"): {"user": ("read_users_id", "$response.body#/user/id"),
                         "rename": ("put_users_id_name", "$response.body#/user/id")},
    ("POST", "/posts"): {"post": ("read_posts_id", "$response.body#/id"),
                         "like": ("put_posts_id_like", "$response.body#/id"),
                         "unlike": ("delete_posts_id_like", "$response.body#/id")},
}  # fmt: skip


def description(
    pages: Iterable[Page], changes: Iterable[Change], healthy: type[Any], unhealthy: type[Any]
) -> dict[str, Any]:
    """The whole document. healthy, unhealthy: the types of the two answers of /health."""
    pages, changes = tuple(pages), tuple(changes)
    kinds = {page.gives for page in pages} | {change.gives for change in changes} - {None}
    schemas = schemas_of({kind for kind in kinds if kind} | {healthy, unhealthy, ProblemDetails}, "serialization")
    schemas |= schemas_of({change.body for change in changes if change.body}, "validation")
    paths: dict[str, Any] = {}
    for page in pages:
        paths.setdefault(page.path, {}).update(read_operations(page))
    for change in changes:
        paths.setdefault(change.path, {})[change.method.lower()] = change_operation(change)
    paths["/health"] = both("health", "Whether the store can be read", {
        "200": answer(200, {JSON: reference(healthy)}), "503": answer(503, {JSON: reference(unhealthy)}), **always(),
    })  # fmt: skip
    paths["/static/{file}"] = both("static_file", "Sheet, script and icon of the pages", static_answers()) | {
        "parameters": [parameter("file", {"type": "string", "enum": sorted(path.name for path in STATIC.iterdir())})]
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "mysite", "version": "1.0.0", "description": "A small social site: a system under study."},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {
            "cookie": {"type": "apiKey", "in": "cookie", "name": "session", "description": "A browser's"},
            "bearer": {"type": "http", "scheme": "bearer", "description": "A program's"},
        }},
    }  # fmt: skip


def read_operations(page: Page) -> dict[str, Any]:
    """The operations GET and HEAD of a page, with its parameters."""
    contents = {HTML: {"type": "string"}}
    if page.gives:
        contents[JSON] = reference(page.gives)
    has_choice = "{" in page.path or page.path == "/people"
    refusals = problems((401, 503, *([404] if has_choice else [])), (HTML, PROBLEM_JSON) if page.gives else (HTML,))
    answers = {"200": answer(200, contents), "304": answer(304, {}), **refusals, **problems((406,)), **always()}
    operations = both(f"read_{words(page.path)}".rstrip("_"), page.summary, answers, ANYBODY)
    parameters = parameters_of(page.path)
    if page.path == "/people":
        page_number = {**parameter("page", NUMBER), "in": "query", "required": False}
        parameters.append({**page_number, "description": "Which page of the list, from 1 on"})
    return operations | ({"parameters": parameters} if parameters else {})


def change_operation(change: Change) -> dict[str, Any]:
    """The operation of a change."""
    refusals = problems(sorted({401, 403, 406, 503, *change.refuses, *({415, 422} if change.body else ())}))
    success = answer(change.status, {JSON: reference(change.gives)} if change.gives else {})
    if change.status == 201:
        success["headers"] = {"Location": {"required": True, "schema": {"type": "string"}}}
    links = LINKS.get((change.method, change.path), {})
    if links:
        success["links"] = {
            name: {"operationId": target, "parameters": {"id": value}} for name, (target, value) in links.items()
        }
    operation = {
        "operationId": f"{change.method.lower()}_{words(change.path)}",
        "summary": change.summary,
        "security": ANYBODY if change.open_to_all else SESSION,
        "responses": {str(change.status): success, "303": answer(303, {}), **refusals, **always(bool(change.body))},
    }
    if parameters := parameters_of(change.path):
        operation["parameters"] = parameters
    if change.body:
        schema = {"schema": reference(change.body)}
        operation["requestBody"] = {"required": True, "content": {JSON: schema, FORM: schema}}
    return operation


def both(name: str, summary: str, answers: dict[str, Any], security: list[dict[str, list[str]]] | None = None) -> dict:
    """The operations GET and HEAD of one address, which have the same answers but for the body.

    A part of it is for GET alone (RFC 9110, section 14.2).
    """
    shared = {"summary": summary, "security": security or [{}]}
    of_the_whole = {status: meaning for status, meaning in answers.items() if status not in ("206", "416")}
    return {
        "get": {"operationId": name, "responses": answers, **shared},
        "head": {"operationId": f"{name}_head", "responses": of_the_whole, **shared},
    }


def static_answers() -> dict[str, Any]:
    """The answers to a request for a static file."""
    contents = {kind: {"type": "string"} for kind in ("text/css", "text/javascript", "image/svg+xml")}
    statuses = {"200": answer(200, contents), "206": answer(206, contents), "304": answer(304, {})}
    return {**statuses, "416": answer(416, {"text/plain": {"type": "string"}}), **problems((404,)), **always()}


def answer(status: int, contents: dict[str, Any]) -> dict[str, Any]:
    """One response: what it means, and the schema of each representation of its body, by media type."""
    response: dict[str, Any] = {"description": MEANINGS[status]}
    if contents:
        response["content"] = {media_type: {"schema": schema} for media_type, schema in contents.items()}
    return response


def problems(statuses: Iterable[int], kinds: tuple[str, ...] = (HTML, PROBLEM_JSON)) -> dict[str, Any]:
    """Refusals, as a page or as problem details; who welcomes no representation is told so in problem details."""
    contents = {HTML: {"type": "string"}, PROBLEM_JSON: reference(ProblemDetails)}
    return {
        str(status): answer(status, {kind: contents[kind] for kind in ((PROBLEM_JSON,) if status == 406 else kinds)})
        for status in statuses
    }


def always(takes_body: bool = False) -> dict[str, Any]:
    """The answers that any address may give, for the sake of the request alone.

    The server's answers to bytes in which it cannot find a request (408, 431, 501 and others) are no answers to an
    operation, and stand in no description of one.
    """
    text = {"text/plain": {"type": "string"}}
    unreadable = problems((400,))["400"]["content"] if takes_body else {}
    return {
        "400": {"description": MEANINGS[400], "content": {"text/plain": {"schema": {"type": "string"}}, **unreadable}},
        "421": answer(421, text), **problems((413,)),
    }  # fmt: skip


def parameters_of(path: str) -> list[dict[str, Any]]:
    """The parameters that stand in a path."""
    return [parameter(name, PARAMETERS[name]) for name in re.findall(r"{(\w+)}", path)]


def parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """One parameter of a path, with its example."""
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": EXAMPLES[name]}


def words(path: str) -> str:
    """A path as a part of an operation's name: /users/{id}/name is users_id_name."""
    return "_".join(re.findall(r"\w+", path))


def reference(kind: type[Any]) -> dict[str, str]:
    """A reference to the schema of a type."""
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def schemas_of(kinds: set[type[Any]] | set[type[Body]], mode: Any) -> dict[str, Any]:
    """The schemas of these models and of those in them, by name. No object has fields that are not named.

    mode  "serialization" for what the site sends, "validation" for what it is sent
    """
    schemas: dict[str, Any] = {}
    for kind in sorted(kinds, key=lambda kind: kind.__name__):
        schema = TypeAdapter(kind).json_schema(mode=mode, ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[kind.__name__] = schema
    for schema in schemas.values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return dict(sorted(schemas.items()))
