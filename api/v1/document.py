"""The OpenAPI document: what FastAPI reads from the code, with every problem described once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.v1 import lead_model
from api.v1.problems import EXAMPLE, KIND, OF_STATUS, FieldProblem, ProblemDetails

Document = dict[str, Any]
PATH = "/openapi.json"
_ID = "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f"
_HASH = "6b1b36cbb04b41490bfc0ab2bfa26f86d1f0c3e2a6b6c1f4d3c8f0f1d5a7e9b2"
_OURS = ("api.v1.", "services.plan_model")
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
        _restore_examples(found)
        for operation in operations(found):
            _tidy(operation)
            _show(found, operation)
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


def _restore_examples(document: Document) -> None:
    """As they stand at the models: FastAPI leaves out of them whatever is null."""
    written = _written()
    for part in _schemas([document["components"]["schemas"], document["paths"]]):
        if part.get("description") == lead_model.SCHEMA["description"]:
            part["examples"] = lead_model.SCHEMA["examples"]
        elif "examples" in part and str(part.get("title")) in written:
            part["examples"] = written[part["title"]]


def _written() -> dict[object, object]:
    """The examples of each model by its name."""
    told = {model.__name__: model.model_config.get("json_schema_extra") for model in _models(BaseModel)}
    return {
        name: extra["examples"]
        for name, extra in told.items()
        if isinstance(extra, dict) and "examples" in extra
    }


def _schemas(part: Any) -> Iterator[Document]:  # noqa: ANN401 - any JSON
    """Every part of a document but what stands in examples."""
    if isinstance(part, dict):
        yield part
        part = [value for name, value in part.items() if name != "examples"]
    for each in part if isinstance(part, list) else ():
        yield from _schemas(each)


def _models(of: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in of.__subclasses__():
        if model.__module__.startswith(_OURS):
            yield model
        yield from _models(model)


def _show(document: Document, operation: Document) -> None:
    """An example for each body, each answer, and each id in the address."""
    told = (operation.get("requestBody", {}), *operation["responses"].values())
    for contents in (each.get("content", {}) for each in told):
        for content in contents.values():
            example = _example(document, content.get("schema", {}))
            if "example" not in content and example is not None:
                content["example"] = example
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            is_uuid = parameter["schema"].get("format") == "uuid"
            parameter["example"] = _ID if is_uuid else _HASH


def _example(document: Document, schema: Document) -> Any:  # noqa: ANN401 - any JSON
    """The first example of a schema, or one made of those of its parts."""
    if "$ref" in schema:
        return _example(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "examples" in schema:
        return schema["examples"][0]
    if schema.get("type") == "array":
        item = _example(document, schema["items"])
        return None if item is None else [item]
    if schema.get("type") == "object" and "properties" in schema:
        return {name: _example(document, part) for name, part in schema["properties"].items()}
    return 1 if schema.get("type") == "integer" else None


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
