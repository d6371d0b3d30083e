"""The OpenAPI document: the routes of the site and no others, and what the running site answers and nothing else."""

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import jsonschema
import pytest
import sqlalchemy
from schemathesis.specs.openapi.definitions import OPENAPI_31
from starlette.routing import Mount, Route

from mysite import topology
from mysite.stores import relational
from mysite.web import application
from mysite.web.openapi import EXAMPLES
from mysite.web.rendering import STATIC

METHODS = ("get", "head", "post", "put", "delete")
MISSING = {"id": "999999999", "month": "1999-01", "file": "none.css"}
HTML, JSON, FORM = "text/html", "application/json", "application/x-www-form-urlencoded"
OTHER_KIND = "image/png"

Answers = dict[tuple[str, str], set[tuple[int, str | None]]]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as JSON has it; the store is not asked for it."""
    app = application.application(sqlalchemy.create_engine("sqlite://"), ("localhost",), 0)
    whole: dict[str, Any] = json.loads(json.dumps(app.state.description))
    return whole


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The method, the path and the description of each operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def parts(value: Any, at: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a document, with the place where it stands."""
    if isinstance(value, dict):
        yield at, value
        for key, inner in value.items():
            yield from parts(inner, f"{at}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from parts(inner, f"{at}/{number}")


def schemas(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of a document, with the place where it stands; those within them too."""
    for at, part in parts(document):
        if re.search(r"/(schema|components/schemas/\w+)$", at):
            yield from ((place, inner) for place, inner in parts(part, at) if not place.endswith("/properties"))


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema, or the one to which it refers."""
    if "$ref" not in schema:
        return schema
    part: Any = document
    for key in schema["$ref"].removeprefix("#/").split("/"):
        part = part[key]
    return part


def test_the_routes_are_the_operations(document: dict[str, Any]) -> None:
    # /openapi.json is left out by design: it is the description, and not a part of what is described. A client that
    # reads it knows its address already.
    routed = set()
    for route in application.routes():
        if isinstance(route, Mount):
            assert route.path == "/static"
            routed |= {(method, "/static/{file}") for method in ("GET", "HEAD")}
        else:
            assert isinstance(route, Route) and route.methods
            routed |= {(method, route.path) for method in route.methods}
    routed -= {("GET", "/openapi.json"), ("HEAD", "/openapi.json")}
    assert {(method, path) for method, path, _ in operations(document)} == routed
    assert len(routed) == 33
    # nothing stands at a path but its parameters and these methods
    assert {key for item in document["paths"].values() for key in item} <= {*METHODS, "parameters"}


def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(OPENAPI_31).validate(document)
    all_schemas = list(schemas(document))
    for at, schema in all_schemas:
        jsonschema.Draft202012Validator.check_schema(schema)
        if "$ref" in schema:
            assert resolved(document, schema), at
    assert len(all_schemas) > 100


def test_nothing_is_left_open(document: dict[str, Any]) -> None:
    """No `default` stands for answers that are not named, and no object has fields that are not."""
    assert [at for at, part in parts(document) if "default" in part] == []
    objects = [(at, schema) for at, schema in schemas(document) if schema.get("type") == "object"]
    assert len(objects) >= 25
    for at, schema in objects:
        assert schema["additionalProperties"] is False, at
        assert schema.get("properties"), at
    for at, schema in schemas(document):
        assert schema, at  # {} allows everything
    for method, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert re.fullmatch("[1-5][0-9]{2}", status), (method, path)
            assert all(content["schema"] for content in answer.get("content", {}).values()), (method, path, status)


def test_operations_and_links_have_names_that_lead_somewhere(document: dict[str, Any]) -> None:
    by_id = {operation["operationId"]: (path, operation) for _, path, operation in operations(document)}
    assert len(by_id) == 33
    links = 0
    for _, _, operation in operations(document):
        for answer in operation["responses"].values():
            for link in answer.get("links", {}).values():
                path, target = by_id[link["operationId"]]
                own = [*document["paths"][path].get("parameters", []), *target.get("parameters", [])]
                assert set(link["parameters"]) == {parameter["name"] for parameter in own}
                for expression in link["parameters"].values():
                    keys = expression.removeprefix("$response.body#/").split("/")
                    schema = resolved(document, answer["content"][JSON]["schema"])
                    for key in keys:
                        schema = resolved(document, schema["properties"][key])
                    assert schema["type"] == "integer"
                links += 1
    assert links == 5


def test_parameters_are_those_of_the_path_with_an_example_that_fits(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        all_of_it = [*document["paths"][path].get("parameters", []), *operation.get("parameters", [])]
        in_path = [parameter["name"] for parameter in all_of_it if parameter["in"] == "path"]
        assert in_path == re.findall(r"{(\w+)}", path), (method, path)
        for parameter in all_of_it:
            jsonschema.validate(parameter["example"], parameter["schema"])


@dataclass
class Walk:
    """Requests for every operation, and what was answered: the status and the media type."""

    client: httpx.Client
    answers: Answers = field(default_factory=lambda: defaultdict(set))
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def token(self) -> str:
        """A new user's."""
        answer = self.client.post("/users", json=self.sign_up(), headers={"Accept": JSON})
        token: str = answer.json()["token"]
        return token

    def sign_up(self) -> dict[str, str]:
        return {"handle": f"walker_{next(self.numbers)}", "name": "Walker"}

    def ask(self, method: str, path: str, at: str, **request: Any) -> httpx.Response:
        answer = self.client.request(method, at, **request)
        media_type = answer.headers.get("content-type", "").partition(";")[0] or None
        self.answers[method, path].add((answer.status_code, media_type))
        return answer

    def everything_of(self, method: str, path: str, operation: Mapping[str, Any]) -> None:
        """All that may be asked of an operation: welcome and unwelcome, with and without a session."""
        bodies = {
            "/users": self.sign_up, "/posts": lambda: {"text": "One line"},
            "/users/{id}/name": lambda: {"name": "Walker"},
        }.get(path, lambda: {"state": "on"})  # fmt: skip
        token = self.token()

        def ask(missing: bool = False, file: str | None = None, **fields: str) -> httpx.Response:
            at = path.format(**(MISSING if missing else EXAMPLES | ({"file": file} if file else {})))
            content = {"json": bodies()} if "requestBody" in operation else {}
            return self.ask(method, path, at, headers=fields, **content)

        def ask_with(content: bytes | str, **fields: str) -> None:
            fields = {"Authorization": f"Bearer {token}", "Accept": JSON, **fields}
            self.ask(method, path, path.format(**EXAMPLES), content=content, headers=fields)

        for accept in (JSON, HTML, OTHER_KIND):
            ask(Accept=accept)
            ask(Accept=accept, missing=True)
            ask(Accept=accept, Authorization="Bearer none")
            ask(Accept=accept, Host="a..b")
            ask(Accept=accept, Host="example.com")
            ask_with("a" * 70_000, Accept=accept)
            if method in ("GET", "HEAD"):
                tag = ask(Accept=accept).headers.get("etag", "")
                ask(Accept=accept, **{"If-None-Match": tag})
                ask(Accept=accept, Range="bytes=0-9")
                ask(Accept=accept, Range="bytes=99999999-")
                if path == "/people":
                    self.ask(method, path, "/people?page=999999999", headers={"Accept": accept})
                for file in STATIC.iterdir() if "{file}" in path else ():
                    ask(file=file.name)
                    ask(file=file.name, Range="bytes=0-9")
                continue
            ask(Accept=accept, **{"Sec-Fetch-Site": "cross-site"})
            ask(Accept=accept, Authorization=f"Bearer {self.token()}")
            ask(Accept=accept, Authorization=f"Bearer {self.token()}", missing=True)
            for content_type, content in (
                (JSON, "{"), (FORM, "a=1&a=2"), (FORM, "a=1"), (JSON, "{}"), ("text/plain", "a"),
            ):  # fmt: skip
                ask_with(content, Accept=accept, **{"Content-Type": content_type})
            if path == "/users":
                for _ in range(2):
                    ask_with("handle=walker&name=Walker", Accept=accept, **{"Content-Type": FORM})
            if path == "/users/{id}/name":
                session = self.client.post("/users", json=self.sign_up(), headers={"Accept": JSON}).json()
                fields = {"Accept": accept, "Authorization": f"Bearer {session['token']}"}
                self.ask(method, path, path.format(id=session["user"]["id"]), json=bodies(), headers=fields)


def declared(document: Mapping[str, Any]) -> Answers:
    """The statuses of each operation, each with the media types of its body, None where it has none."""
    return {
        (method, path): {
            (int(status), media_type)
            for status, answer in operation["responses"].items()
            for media_type in answer.get("content", {None: None})
        }
        for method, path, operation in operations(document)
    }


@pytest.fixture(scope="module")
def answers(document: dict[str, Any]) -> Answers:
    """The answers of the running site in a walk over all operations, and once more when its database was gone."""
    with (
        topology.one_server(cache_seconds=0) as site,
        httpx.Client(base_url=site.url("", host=site.address), trust_env=False) as client,
    ):
        assert client.get("/openapi.json").json() == document
        walk = Walk(client)
        for method, path, operation in operations(document):
            walk.everything_of(method, path, operation)
        (site.web.directory / relational.FILE).write_bytes(b"")
        for (method, path, operation), accept in itertools.product(operations(document), (JSON, HTML)):
            body = {"json": walk.sign_up()} if "requestBody" in operation else {}
            fields = {"Accept": accept, "Authorization": "Bearer none"}
            walk.ask(method, path, path.format(**EXAMPLES), headers=fields, **body)
        assert (site.web.directory / "server.log").read_text() == ""
    return walk.answers


def test_every_answer_is_declared_and_every_declared_answer_is_given(
    document: dict[str, Any], answers: Answers
) -> None:
    declarations = declared(document)
    assert set(answers) == set(declarations)
    for method, path in declarations:
        assert sorted(answers[method, path], key=str) == sorted(declarations[method, path], key=str), (method, path)
    assert sum(map(len, declarations.values())) > 300
