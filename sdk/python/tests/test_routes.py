"""No operation of the server is forgotten: each is called once, by the client's own method, with all that it takes."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import yaml
from conftest import REPOSITORY
from routes import ROUTES, Covered, fill

from akidb_client import AkiDB

SPEC = yaml.load((REPOSITORY / "src/main/resources/openapi/akidb.yaml").read_text(), yaml.CSafeLoader)
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation, shared.get("parameters", []))
    for path, shared in SPEC["paths"].items()
    for method, operation in shared.items()
    if method != "parameters"
}


#: What a server without keys, over which nothing goes on, does not do.
REFUSED = {"cancelComputedChange": [409], "createToken": [403]}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        kind, name = schema["$ref"].split("/")[-2:]
        schema = SPEC["components"][kind][name]
    return schema


def members(schema: dict[str, Any]) -> set[str]:
    """The members of what a request's body may be."""
    schema = resolved(schema)
    parts = [*schema.get("anyOf", []), *schema.get("allOf", []), *schema.get("oneOf", [])]
    return set(schema.get("properties", {})).union(*map(members, parts))


def taken(id: str) -> set[str]:
    """What an operation takes in its address and its body."""
    _, _, operation, shared = OPERATIONS[id]
    parameters = [resolved(parameter) for parameter in [*shared, *operation.get("parameters", [])]]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {parameter["name"] for parameter in parameters if parameter["in"] == "query"} | members(body)


def test_the_clients_routes_are_those_of_the_server():
    assert set(ROUTES) == set(OPERATIONS)


@pytest.mark.parametrize("id", ROUTES)
def test_is_called_with_all_that_it_takes_or_left_out(id, url, db):
    route = ROUTES[id]
    if isinstance(route, str):
        assert route
        return
    assert isinstance(route, Covered)
    method, path, _, _ = OPERATIONS[id]
    template = re.compile("(/api/v1)?" + re.sub(r"\\?\{\w+\\?\}", "[^/]+", re.escape(path.replace("/api/v1", ""))))
    sent: set[str] = set()
    told: list[httpx.Response] = []
    with httpx.Client() as http:

        def note(answer: httpx.Response) -> None:
            request = answer.request
            if request.method == method and template.fullmatch(request.url.path):
                told.append(answer)
                sent.update(parse_qs(request.url.query.decode()))
                sent.update(json.loads(request.content or b"{}"))

        http.event_hooks = {"response": [note]}
        with AkiDB(url, http=http, query_vectors=0, retries=0) as client:
            fill(client, path)
            sent.clear()
            told.clear()
            route.call(client)
    assert told, f"{method} {path} was not called"
    refused = [answer.status_code for answer in told if answer.status_code >= 400]
    assert refused == REFUSED.get(id, [])
    assert sent == taken(id) - set(route.without)
