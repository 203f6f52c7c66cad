"""What a program is told whose request is not carried out: problem details (RFC 9457), each by one of these causes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.types import Scope

PREFIX = "/api/v1"
KIND = "application/problem+json"
_OF_BEFORE = "/functions/v1"
_PATHS = (PREFIX, _OF_BEFORE)


class Problem(StrEnum):
    """Why: the value programs go by, the status it is answered with, and what it is called."""

    status: int
    called: str

    UNREADABLE = "unreadable", 400, "The request cannot be read"
    INVALID_KEY = "invalid_key", 401, "The key opens nothing"
    NOT_ALLOWED = "not_allowed", 403, "Not allowed"
    FOREIGN_ORIGIN = "foreign_origin", 403, "Asked for by a page of another site"
    NOT_FOUND = "not_found", 404, "Not found"
    WRONG_METHOD = "wrong_method", 405, "This address has no such method"
    TOO_LATE = "too_late", 408, "The request took too long to arrive"
    CONFLICT = "conflict", 409, "It does not fit how things are now"
    IN_PROGRESS = "in_progress", 409, "The same request is being carried out"
    QUOTE_OVER = "quote_over", 409, "The quote is over"
    LENGTH_REQUIRED = "length_required", 411, "The request does not say how long it is"
    TOO_LARGE = "too_large", 413, "The request is too large"
    INVALID = "invalid", 422, "A value is missing or wrong"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", 422, "The idempotency key was used for another request"
    WRONG_HOST = "wrong_host", 421, "Not known under this name"
    TOO_MANY = "too_many", 429, "Too many requests"
    FAILED = "failed", 500, "Something went wrong on our side"
    UNAVAILABLE = "unavailable", 503, "Not available right now"

    def __new__(cls, value: str, status: int = 0, called: str = "") -> Problem:
        """A problem by the value programs go by."""
        problem = str.__new__(cls, value)
        problem._value_, problem.status, problem.called = value, status, called
        return problem

    @property
    def address(self) -> str:
        """Where it is explained: what RFC 9457 calls its type."""
        return f"/api/docs#problem-{self.value}"


OF_STATUS: Mapping[int, Problem] = {
    status: next(each for each in Problem if each.status == status) for status in {p.status for p in Problem}
}
"""The usual problem of a status."""
OF_GATE: Mapping[int, Problem] = {**OF_STATUS, 403: Problem.FOREIGN_ORIGIN}
"""What stands around all of the site refuses nothing else with this status."""


_INVALID = "Ask for a whole number of leads between 1 and 1,000."
EXAMPLE: dict[str, Any] = {
    "type": "/api/docs#problem-invalid",
    "title": "A value is missing or wrong",
    "status": 422,
    "detail": _INVALID,
    "cause": "invalid",
    "request_id": "req_6f1d0c2b9a8e7d6c5b4a3f2e",
    "errors": [{"pointer": "#/max_results", "parameter": None, "detail": _INVALID}],
}


class FieldProblem(BaseModel):
    """One value that is wrong: where it stands, as a JSON pointer into the body or the name of a parameter."""

    pointer: str | None = Field(default=None, examples=["#/max_results"])
    parameter: str | None = Field(default=None, examples=["limit"])
    detail: str = Field(examples=["Input should be less than or equal to 1000"])


class ProblemDetails(BaseModel):
    """Why a request was not carried out (RFC 9457). Go by ``cause``; ``detail`` is for people."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    type: str
    title: str
    status: int
    detail: str
    cause: Problem
    request_id: str
    errors: tuple[FieldProblem, ...] = ()


class Refusal(Exception):
    """Raised where a request is not carried out for a reason of the interface itself."""

    def __init__(self, cause: Problem, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.cause, self.detail, self.headers = cause, detail, headers or {}


def is_ours(path: str) -> bool:
    """Whether a path is one of the interface for programs, which is told everything in problem details."""
    return any(path == each or path.startswith(f"{each}/") for each in _PATHS)


def new_request_id() -> str:
    """What a request is found by in the log."""
    return f"req_{secrets.token_hex(12)}"


def answer(
    scope: Scope,
    cause: Problem,
    detail: str,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that says a problem."""
    request_id = scope.get("state", {}).get("request_id") or new_request_id()
    told = ProblemDetails(
        type=cause.address,
        title=cause.called,
        status=cause.status,
        detail=detail,
        cause=cause,
        request_id=request_id,
        errors=tuple(errors),
    )
    kept = {"Cache-Control": "no-store", "Request-Id": request_id, **(headers or {})}
    said = told.model_dump(mode="json")
    if scope["path"].startswith(_OF_BEFORE):
        said |= {"success": False, "error": detail}
    return Response(json.dumps(said, ensure_ascii=False), cause.status, kept, media_type=KIND)
