"""Real answers of the interface for programs, held to its document."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import httpx
from jsonschema_rs import Draft202012Validator

from api.v1.application import described
from api.v1.problems import PREFIX


@cache
def document() -> dict[str, Any]:
    """The document."""
    return described().openapi()


def is_as_described(answer: httpx.Response) -> None:
    """Fails for an answer whose status, kind or contents the document does not foresee."""
    request = answer.request
    operation = _operation(request.method, request.url.path.removeprefix(PREFIX))
    if operation is None or request.headers["host"].startswith("evil"):
        return
    where = f"{request.method} {request.url.path}: {answer.status_code}"
    assert str(answer.status_code) in operation["responses"], where
    told = _resolved(operation["responses"][str(answer.status_code)])
    kinds = told.get("content", {})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if not kinds:
        return
    assert kind in kinds or "*/*" in kinds, f"{where} {kind}"
    if kind.endswith(("/json", "+json")) and kind in kinds:
        answer.read()
        problems = validator(kinds[kind]["schema"]).iter_errors(answer.json())
        assert [f"{problem.instance_path}: {problem.message}" for problem in problems] == [], where


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, operations in document()["paths"].items():
        if re.fullmatch(re.sub(r"{.*?}", "[^/]+", template), path) and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None


def _resolved(response: dict[str, Any]) -> dict[str, Any]:
    name = response.get("$ref", "").rpartition("/")[2]
    return document()["components"]["responses"][name] if name else response


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """What tells whether something is as a part of the document says."""
    return _validator(json.dumps(schema))


@cache
def _validator(schema: str) -> Draft202012Validator:
    whole = {**json.loads(schema), "components": document()["components"]}
    return Draft202012Validator(whole, validate_formats=True)
