"""Reacher's counter: what it says of the addresses of the world, for nothing."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.providers_server.desk import REVOKED, Exchange, answer, form_of
from tests.providers_server.world import World

ODDITIES = {"no_smtp": "port 25 is closed to it, so that it can say nothing of anybody"}
_SPOKE = {"can_connect_smtp": True, "has_full_inbox": False, "is_disabled": False}
_TIMEOUT = {"error": {"type": "Timeout", "message": {"secs": 45, "nanos": 0}}}


class Reacher:
    """``POST /v0/check_email``; every mailbox of the world is a shared one, which it calls risky."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def check_email(self, request: Request, exchange: Exchange) -> Response:
        """POST /v0/check_email"""
        if request.headers.get("x-reacher-secret") in (None, REVOKED):
            return Response('Missing request header "x-reacher-secret"', 400)
        email = str((await form_of(request)).get("to_email", ""))
        if exchange.is_odd("no_smtp"):
            return answer(_said(email, "unknown", _TIMEOUT))
        shop = self._world.by_email.get(email.casefold())
        verdict = shop.verdict if shop else "invalid"
        if verdict == "unknown":
            return answer(_said(email, "unknown", _TIMEOUT))
        talk = {"is_catch_all": verdict == "catchall", "is_deliverable": verdict != "invalid"}
        return answer(_said(email, "risky", {**_SPOKE, **talk}))


def _said(email: str, reachable: str, smtp: dict[str, Any]) -> dict[str, Any]:
    name, _, domain = email.partition("@")
    return {
        "input": email,
        "is_reachable": reachable,
        "misc": {"is_disposable": False, "is_role_account": True, "is_b2c": False, "gravatar_url": None},
        "mx": {"accepts_mail": True, "records": [f"mx.{domain}."]},
        "smtp": smtp,
        "syntax": {
            "address": email,
            "domain": domain,
            "is_valid_syntax": True,
            "username": name,
            "normalized_email": email,
            "suggestion": None,
        },
        "debug": {"backend_name": "stand-in", "smtp": {"verif_method": {"type": "Smtp"}}},
    }
