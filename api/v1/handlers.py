"""Which problem each error is told as."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.v1 import document, problems
from api.v1.door import IDEMPOTENCY
from api.v1.problems import FieldProblem, Problem, Refusal
from pipeline import events
from services import api_access, quoting
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany

_LOG = logging.getLogger(__name__)
# The first that fits: the special before the general.
_KINDS: tuple[tuple[type[Refused], Problem], ...] = (
    (api_access.StillRunning, Problem.IN_PROGRESS),
    (api_access.OtherParameters, Problem.IDEMPOTENCY_KEY_REUSED),
    (quoting.QuoteOver, Problem.QUOTE_OVER),
    (NotAllowed, Problem.NOT_ALLOWED),
    (NotFound, Problem.NOT_FOUND),
    (Conflict, Problem.CONFLICT),
    (Invalid, Problem.INVALID),
    (TooMany, Problem.TOO_MANY),
)
_PAUSE = {"Retry-After": "5"}
_SHORTLY = {"Retry-After": "1"}
_WAITS = {Problem.IN_PROGRESS: _SHORTLY, Problem.TOO_MANY: {"Retry-After": "60"}}
_OF_BODY, _OF_HEADER = "body", "header"


def register(app: FastAPI) -> None:
    """Have an application tell every error as a problem."""
    told: dict[Any, Callable[[Request, Any], Response]] = {
        Refused: _refused,
        Refusal: _refusal,
        RequestValidationError: _unread,
        HTTPException: _by_status,
        Exception: _failed,
        **dict.fromkeys(api_access.AWAY, _away),
    }
    for kind, handler in told.items():
        app.add_exception_handler(kind, handler)


def _refused(request: Request, error: Refused) -> Response:
    cause = next(problem for kind, problem in _KINDS if isinstance(error, kind))
    fields = error.fields if isinstance(error, Invalid) else {}
    wrong = [_named(request, name, said) for name, said in fields.items()]
    return problems.answer(request.scope, cause, str(error), wrong, _WAITS.get(cause))


def _named(request: Request, name: str, said: str) -> FieldProblem:
    """What a service calls by its name stands in the body, or in the address where there is none."""
    if request.method == "GET" or name == IDEMPOTENCY:
        return FieldProblem(parameter=name, detail=said)
    return FieldProblem(pointer=f"#/{name}", detail=said)


def _refusal(request: Request, error: Refusal) -> Response:
    return problems.answer(request.scope, error.cause, error.detail, (), error.headers)


def _unread(request: Request, error: RequestValidationError) -> Response:
    wrong = [_wrong(each["loc"], str(each["msg"])) for each in error.errors()]
    detail = " ".join(f"{each.pointer or each.parameter or '#'}: {each.detail}." for each in wrong)
    return problems.answer(request.scope, Problem.INVALID, detail, wrong)


def _wrong(place: Sequence[str | int], said: str) -> FieldProblem:
    where, *names = place
    detail = said.removeprefix("Value error, ").rstrip(".")
    if where == _OF_BODY:
        # A body that is no JSON is wrong at a character, which is no part of a document.
        parts = [] if any(isinstance(part, int) and len(names) == 1 for part in names) else names
        steps = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
        return FieldProblem(pointer="#" + "".join(f"/{step}" for step in steps), detail=detail)
    return FieldProblem(parameter=".".join(str(part) for part in names), detail=detail)


def _by_status(request: Request, error: HTTPException) -> Response:
    cause = problems.OF_STATUS.get(error.status_code, Problem.UNREADABLE)
    said = "There is nothing at this address." if cause is Problem.NOT_FOUND else f"{cause.called}."
    headers = {**(error.headers or {})}
    if cause is Problem.WRONG_METHOD:
        path = request.url.path.removeprefix(problems.PREFIX)
        headers["Allow"] = ", ".join(document.methods(request.app.openapi(), path))
    return problems.answer(request.scope, cause, said, (), headers)


def _away(request: Request, error: Exception) -> Response:
    events.warning(_LOG, "api_unavailable", reason=type(error).__name__)
    said = "The database cannot answer right now. Try again in a moment."
    return problems.answer(request.scope, Problem.UNAVAILABLE, said, (), _PAUSE)


def _failed(request: Request, error: Exception) -> Response:
    request_id = request.scope["state"]["request_id"]
    events.error(_LOG, "api_request_failed", error)
    said = f"{HTTPStatus(Problem.FAILED.status).phrase}. If it keeps happening, tell an administrator {request_id}."
    return problems.answer(request.scope, Problem.FAILED, said)
