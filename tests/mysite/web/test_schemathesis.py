"""The running site is as its OpenAPI document says, as far as a few hundred requests show; `make prove` makes more.

schemathesis is run as a program, as `make prove` runs it: as a plugin of pytest it would be there for every test.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from book.authoring.prove import description
from mysite import topology

pytestmark = pytest.mark.whole

EXAMPLES_AN_OPERATION = 4
SEED = 20261124
JSON, HTML = description.ACCEPTS
# The limits of each schema are the same whatever the answer is to be, and who asks for HTML leaves them out. The least
# numbers of requests are beside.
PHASES = {JSON: (description.PHASES, 500), HTML: (("examples", "fuzzing", "stateful"), 100)}


@pytest.fixture(scope="module")
def site() -> Iterator[topology.OneServer]:
    """The site, to which nobody else adds users and posts."""
    with topology.one_server() as running:
        yield running


@pytest.fixture(scope="module")
def document(site: topology.OneServer) -> dict[str, Any]:
    whole: dict[str, Any] = httpx.get(site.url("/openapi.json", host=site.address)).json()
    return whole


@pytest.mark.parametrize("accept", description.ACCEPTS)
def test_nothing_is_found(site: topology.OneServer, document: dict[str, Any], accept: str) -> None:
    url = site.url("", host=site.address)
    phases, least = PHASES[accept]
    report = description.run_schemathesis(f"{url}/openapi.json", url, accept, EXAMPLES_AN_OPERATION, SEED, phases)
    assert report.complaints == []
    assert (report.failures, report.cases_with_failures, report.errors) == (0, 0, 0)
    assert report.phases == dict.fromkeys(phases, "success")
    assert report.operations == sum(len(item.keys() - {"parameters"}) for item in document["paths"].values()) == 33
    assert report.cases > least
    # not by asking only for what is refused: each operation was done
    for path, item in document["paths"].items():
        for method in item.keys() - {"parameters"}:
            assert set(report.answers[f"{method.upper()} {path}"]) & {"200", "201", "204", "303"}, (method, path)
    assert (site.web.directory / "server.log").read_text() == ""


# a document that says something else of the site, operation by operation: what, and what schemathesis is to call it
LIES = {
    # a status that is not declared
    ("/users/{id}", "get"): (("responses", "404"), None, "UndefinedStatusCode"),
    # a schema that does not hold
    ("/about", "get"): (("responses", "200", "content", "application/json", "schema"), {"type": "string"},
                        "JsonSchemaError"),
    # a media type that is not sent
    ("/popular", "get"): (("responses", "200", "content"), {"text/csv": {"schema": {"type": "string"}}},
                          "UndefinedContentType"),
    # a session that is not asked for
    ("/people", "get"): (("security",), [{"bearer": []}], "IgnoredAuth"),
    # more than the site takes
    ("/posts", "post"): (("requestBody", "content", "application/json", "schema"),
                         {"type": "object", "properties": {"text": {"type": "integer"}}, "required": ["text"],
                          "additionalProperties": False}, "RejectedPositiveData"),
}  # fmt: skip


def test_a_wrong_document_is_found_out(site: topology.OneServer, document: dict[str, Any], tmp_path: Path) -> None:
    paths: dict[str, Any] = {}
    for (path, method), (keys, value, _) in LIES.items():
        item = json.loads(json.dumps(document["paths"][path]))
        paths[path] = {key: item[key] for key in (method, "parameters") if key in item}
        inner = item[method]
        for key in keys[:-1]:
            inner = inner[key]
        if value is None:
            del inner[keys[-1]]
        else:
            inner[keys[-1]] = value
    changed = tmp_path / "openapi.json"
    changed.write_text(json.dumps({**document, "paths": paths}), "utf-8")
    url = site.url("", host=site.address)
    report = description.run_schemathesis(str(changed), url, JSON, 3, SEED, ("coverage", "fuzzing"))
    for (path, method), (_, _, expected) in LIES.items():
        operation = f"{method.upper()} {path}"
        own = [complaint for complaint in report.complaints if f'"{operation}"' in complaint]
        assert any(expected in complaint for complaint in own), (operation, report.complaints)


def test_what_cannot_be_run_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="did not come to an end"):
        description.run_schemathesis(str(tmp_path / "none.json"), "http://127.0.0.1:9", JSON, 1, SEED)
