"""A key opens the interface, as far as its scope goes, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from httpx import Client

import settings
from api.v1.problems import KIND, PREFIX, Problem
from services import api_keys, identity
from services.api_keys import Scope
from services.identity import SESSION_COOKIE, Person
from store import database as store_database
from tests.api.v1.conftest import Programs
from tests.support.campaigns import finished, lead
from tests.support.described import document, validator
from tests.support.people import person, signed_in
from tests.support.servers import Database, change

ORDER = {"business_types": ["cafe"], "location": "Helsinki", "max_results": 3}


def told(answer: httpx.Response, cause: Problem) -> dict[str, object]:
    """The problem an answer tells."""
    assert answer.headers["content-type"] == KIND
    said: dict[str, object] = answer.json()
    assert (said["cause"], said["status"], answer.status_code) == (cause, cause.status, cause.status)
    assert said["request_id"] == answer.headers["request-id"]
    assert answer.headers["cache-control"] == "no-store"
    return said


def test_only_a_key_that_holds_opens_anything(
    site: Client, programs: Programs, owner: Person, database: Database
) -> None:
    key = api_keys.create(owner, "A program", Scope.ADMIN, 1)
    over = api_keys.create(owner, "An old program", Scope.ADMIN, 1)
    change(database.superuser_url, "update api_keys set revoked_at = now() where name = 'An old program'")
    token = signed_in("owner")
    cookie = {"Cookie": f"{SESSION_COOKIE}={token}"}
    said = []
    for headers in (
        {},
        cookie,
        {"Authorization": f"Bearer {over}"},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": "Bearer ppk_made-up"},
        {"Authorization": f"Bearer {key}x"},
        {"Authorization": f"Basic {key}"},
        {"Authorization": key},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer ppk_{'x' * 10_000}"},
    ):
        answer = site.get(f"{PREFIX}/me", headers=headers)
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        said.append({**told(answer, Problem.INVALID_KEY), "request_id": ""})
        assert "set-cookie" not in answer.headers
    assert all(each == said[0] for each in said), "one answer, whatever is wrong with the key"
    answer = programs(key).get("/me", headers=cookie)
    told_of = {"email": owner.email, "workspace": owner.workspace_name, "role": "owner"}
    assert answer.json() == {**told_of, "version": settings.version()}


def test_a_key_goes_as_far_as_its_scope_and_not_into_another_workspace(
    api: Client, reader: Client, programs: Programs, owner: Person
) -> None:
    campaign = finished(owner, [lead(1)])
    assert reader.get(f"/campaigns/{campaign}").json()["leads"] == 1
    assert reader.post("/plans", json=ORDER).status_code == 200
    for answer in (
        reader.post("/campaigns", json=ORDER, headers={"Idempotency-Key": "x"}),
        reader.post("/quotes", json=ORDER),
        reader.delete(f"/campaigns/{campaign}"),
        reader.patch(f"/campaigns/{campaign}", json={"title": "Mine"}),
    ):
        assert "does not go that far" in str(told(answer, Problem.NOT_ALLOWED)["detail"])
    person("stranger")
    stranger = identity.who_is(signed_in("stranger"))
    assert stranger is not None
    theirs = programs(api_keys.create(stranger, "A program", Scope.ADMIN, 1))
    missing = "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f"
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("POST", "/retry")):
        said = [
            told(theirs.request(method, f"/campaigns/{each}{path}"), Problem.NOT_FOUND)
            for each in (campaign, missing)
        ]
        assert said[0]["detail"] == said[1]["detail"], "not yours looks like not there"
    assert api.get(f"/campaigns/{campaign}").status_code == 200


# What a program may ask that only looks, though it is no GET, and what is its own.
LOOKING = {"plans_plan", "bulk-orders_plan", "suppressions_check", "keys_revoke"}
WITHOUT_KEY = {"health_health", "health_ready"}


def every_operation() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path with ids of nothing, and what the document says of it."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            id = "f" * 64 if "entry_id" in path else str(uuid4())
            yield method.upper(), re.sub(r"{.*?}", id, path), operation


def test_no_operation_answers_without_a_key(site: Client, owner: Person) -> None:
    cookie = {"Cookie": f"{SESSION_COOKIE}={signed_in('owner')}", "Origin": str(site.base_url).rstrip("/")}
    asked = 0
    for method, path, operation in every_operation():
        for headers in ({}, cookie):
            answer = site.request(method, PREFIX + path, headers=headers)
            if operation["operationId"] in WITHOUT_KEY:
                assert answer.json() == {"status": "ok"}
            else:
                told(answer, Problem.INVALID_KEY)
            asked += 1
    assert asked > 2 * 45


def test_a_key_that_looks_changes_nothing(reader: Client) -> None:
    for method, path, operation in every_operation():
        if method == "GET" or operation["operationId"] in LOOKING:
            continue
        answer = reader.request(method, path, json=_body(operation))
        assert answer.status_code in (403, 404), (method, path, answer.text)


def _body(operation: dict[str, Any]) -> object:
    """The example the document gives."""
    if "requestBody" not in operation:
        return None
    example: object = operation["requestBody"]["content"]["application/json"]["example"]
    return example


def test_everything_in_the_document_has_an_example_that_fits() -> None:
    for method, path, operation in every_operation():
        told_of = [operation.get("requestBody", {})]
        told_of += [answer for status, answer in operation["responses"].items() if status < "400"]
        for kind, content in (pair for each in told_of for pair in each.get("content", {}).items()):
            if kind == "application/json":
                problems = validator(content["schema"]).iter_errors(content["example"])
                assert [f"{each.instance_path}: {each.message}" for each in problems] == [], (method, path)
        assert all("example" in each for each in operation.get("parameters", ()) if each["in"] == "path")


def test_each_key_may_ask_so_often_a_minute(
    programs: Programs, owner: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_REQUESTS_PER_MINUTE", "3")
    settings.get.cache_clear()
    one, other = (programs(api_keys.create(owner, name, Scope.READ, 1)) for name in ("One", "Other"))
    left = [one.get("/me").headers["ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    answer = one.get("/me")
    told(answer, Problem.TOO_MANY)
    assert answer.headers["ratelimit-limit"] == "3"
    assert answer.headers["ratelimit-policy"] == "3;w=60"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert other.get("/me").status_code == 200
    change(database.superuser_url, "update api_key_use set since = since - interval '1 minute'")
    assert one.get("/me").headers["ratelimit-remaining"] == "2"


WRONG: list[tuple[str, str, dict[str, Any], Problem]] = [
    ("GET", "/nothing", {}, Problem.NOT_FOUND),
    ("GET", "/campaigns/", {}, Problem.NOT_FOUND),
    ("PUT", "/campaigns", {}, Problem.WRONG_METHOD),
    ("GET", "/campaigns/no-id", {}, Problem.INVALID),
    ("GET", "/campaigns?limit=1000", {}, Problem.INVALID),
    ("GET", "/campaigns?unknown=1", {}, Problem.INVALID),
    ("GET", "/campaigns?cursor=made-up", {}, Problem.INVALID),
    ("POST", "/campaigns", {"content": b"{"}, Problem.INVALID),
    ("POST", "/campaigns", {"content": b"x" * 100_000}, Problem.TOO_LARGE),
    ("GET", "/me", {"headers": {"Origin": "http://evil.example"}}, Problem.FOREIGN_ORIGIN),
    ("GET", "/me", {"headers": {"Host": "evil.example"}}, Problem.WRONG_HOST),
    ("POST", "/campaigns", {"headers": {"Transfer-Encoding": "chunked"}}, Problem.LENGTH_REQUIRED),
]


def test_what_cannot_be_is_told_as_a_problem(api: Client) -> None:
    for method, path, sent, cause in WRONG:
        answer = api.request(method, path, **sent)
        told(answer, cause)
        assert "access-control-allow-origin" not in answer.headers
    assert api.put("/campaigns").headers["allow"] == "GET, POST"


def test_the_document_is_a_page_without_scripts_or_other_hosts(site: Client) -> None:
    page = site.get("/api/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "script" not in page.headers["content-security-policy"] + page.text
    assert "src=" not in page.text
    assert set(re.findall(r'href="([^"#]+)"', page.text)) == {"/favicon.png", f"{PREFIX}/openapi.json"}
    document = site.get(f"{PREFIX}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path in document["paths"]:
        assert f"{PREFIX}{path}<" in page.text
    for problem in Problem:
        assert f'id="problem-{problem}"' in page.text


def test_a_wrong_value_is_named_by_its_place(api: Client) -> None:
    said = told(
        api.post("/campaigns", json={"business_types": [], "location": "Helsinki", "max_results": 0}),
        Problem.INVALID,
    )
    pointers = {each["pointer"] for each in said["errors"]}  # type: ignore[attr-defined]
    assert pointers == {"#/business_types", "#/max_results"}
    said = told(api.post("/campaigns", json={**ORDER, "sources": ["nobody"]}), Problem.INVALID)
    assert [each["pointer"] for each in said["errors"]] == ["#/sources"]  # type: ignore[attr-defined]


def test_a_database_that_is_away_is_told_so(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api.get("/ready").json() == {"status": "ok"}
    monkeypatch.setenv("DATABASE_URL", "postgresql://pp_owner:x@127.0.0.1:1/prospectpro")
    settings.get.cache_clear()
    store_database.dispose()
    for path in ("/me", "/ready"):
        answer = api.get(path)
        told(answer, Problem.UNAVAILABLE)
        assert answer.headers["retry-after"]
    assert api.get("/health").json() == {"status": "ok"}
