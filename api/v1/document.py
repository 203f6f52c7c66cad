"""The OpenAPI document: what FastAPI reads from the code, with every problem described once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from api.v1.problems import EXAMPLE, KIND, OF_STATUS, FieldProblem, ProblemDetails

Document = dict[str, Any]
PATH = "/openapi.json"
_METHODS = ("get", "put", "post", "delete", "patch")
_FIRST_ERROR = 400
_SCHEMAS = "#/components/schemas/{model}"


def openapi(app: FastAPI) -> Document:
    """The document of an application; made once."""
    if app.openapi_schema is None:
        found = FastAPI.openapi(app)
        _, problems = models_json_schema(
            [(ProblemDetails, "serialization"), (FieldProblem, "serialization")], ref_template=_SCHEMAS
        )
        found["components"]["schemas"] |= problems["$defs"]
        found["components"]["responses"] = {_name(status): _problem(status) for status in OF_STATUS}
        for operation in operations(found):
            _tidy(operation)
        app.openapi_schema = found
    return app.openapi_schema


def methods(document: Document, path: str) -> list[str]:
    """Those that an address has."""
    found = [
        operations
        for template, operations in document["paths"].items()
        if re.fullmatch(re.sub(r"{.*?}", "[^/]+", template), path)
    ]
    return sorted({method.upper() for operations in found for method in operations})


def operations(document: Document) -> Iterator[Document]:
    """Every operation a document describes."""
    for path in document["paths"].values():
        yield from (path[method] for method in _METHODS if method in path)


def _tidy(operation: Document) -> None:
    responses = operation["responses"]
    for status in [each for each in responses if int(each) >= _FIRST_ERROR]:
        responses[status] = {"$ref": f"#/components/responses/{_name(int(status))}"}
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _given(parameter["schema"])


def _given(schema: Document) -> Document:
    """A parameter is given or left out, and never null."""
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**choices[0], **rest}


def _name(status: int) -> str:
    return f"problem_{status}"


def _problem(status: int) -> Document:
    cause = OF_STATUS[status]
    told = {
        "type": cause.address,
        "title": cause.called,
        "status": status,
        "detail": f"{cause.called}.",
        "cause": cause.value,
        "errors": [],
    }
    return {
        "description": cause.called,
        "content": {
            KIND: {
                "schema": {"$ref": _SCHEMAS.format(model=ProblemDetails.__name__)},
                "example": EXAMPLE if status == EXAMPLE["status"] else {**EXAMPLE, **told},
            }
        },
        "headers": {
            "Request-Id": {
                "description": "What the request is found by in the log.",
                "schema": {"type": "string"},
            }
        },
    }
