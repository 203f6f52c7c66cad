"""Carrying something out once, however often it is asked for by the same idempotency key."""

from __future__ import annotations

import json
from collections.abc import Callable

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from services import api_access
from services.api_access import Told
from services.errors import Refused
from services.identity import Person

_CREATED = 201


def once(
    request: Request,
    person: Person,
    idem_key: str | None,
    asked: BaseModel | None,
    make: Callable[[str], BaseModel],
) -> Response:
    """What ``make`` made, by an id for services that take one; or what was made of the same request before."""
    told, is_replay = made_once(person, idem_key, f"{request.method} {request.url.path}", asked, make)
    headers = {"Location": str(json.loads(told.body)["url"])}
    headers |= {"Idempotency-Replayed": "true"} if is_replay else {}
    return Response(told.body, told.status, headers, media_type="application/json")


def made_once(
    person: Person, idem_key: str | None, what: str, asked: BaseModel | None, make: Callable[[str], BaseModel]
) -> tuple[Told, bool]:
    """The same outside a request, where ``what`` names what is done; and whether it had been made before."""
    body = asked.model_dump_json() if asked else ""
    begun = api_access.begin(person, idem_key, f"{what}\n{body}".encode())
    if isinstance(begun, Told):
        return begun, True
    try:
        made = make(f"api-{begun.id}")
    except Refused:
        api_access.let_go(person, begun)
        raise
    told = Told(status=_CREATED, body=made.model_dump_json())
    api_access.keep(person, begun, told)
    return told, False
