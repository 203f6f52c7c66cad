"""Carrying something out once, however often it is asked for by the same idempotency key."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

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
    make: Callable[[UUID], BaseModel],
) -> Response:
    """What ``make`` made, by an id that is the same each time it is tried; or what was made of the same before."""
    told, is_replay = made_once(person, idem_key, f"{request.method} {request.url.path}", asked, make)
    headers = {"Location": str(json.loads(told.body)["url"])}
    headers |= {"Idempotency-Replayed": "true"} if is_replay else {}
    return Response(told.body, told.status, headers, media_type="application/json")


def key_of(made_id: UUID) -> str:
    """What a service that takes a key is asked under."""
    return f"api-{made_id}"


def made_once(
    person: Person,
    idem_key: str | None,
    what: str,
    asked: BaseModel | None,
    make: Callable[[UUID], BaseModel],
) -> tuple[Told, bool]:
    """The same outside a request, where ``what`` names what is done; and whether it had been made before."""
    body = asked.model_dump_json() if asked else ""
    begun = api_access.begin(person, idem_key, f"{what}\n{body}".encode())
    if isinstance(begun, Told):
        return begun, True
    try:
        made = make(begun.id)
    except Refused:
        api_access.let_go(person, begun)
        raise
    told = Told(status=_CREATED, body=made.model_dump_json())
    api_access.keep(person, begun, told)
    return told, False
