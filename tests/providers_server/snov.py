"""Snov.io's counters: tokens, the free count, and searches that are started, paid and asked after."""

from __future__ import annotations

import itertools
import secrets
import time
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.providers_server.desk import REVOKED, Desk, Endpoint, Exchange, answer, form_of
from tests.providers_server.world import Shop, World

CREDIT_MICROS = 39_000
GENERIC, EMAILS = "generic_contacts", "domain_emails"
ODDITIES = {
    "expired": "the token is not taken any more, from this request on",
    "endless": "a search that never ends",
    "foreign": "only addresses on other domains",
}


@dataclass(slots=True)
class _Search:
    domain: str
    emails: list[str]
    ready_at: float


class Snov:
    """One credit for a start that comes to anything; ``takes_s``: how long a search takes.

    Of the companies with an address, two in three have a shared mailbox it knows; of the others it knows the address.
    """

    def __init__(self, desk: Desk, world: World, takes_s: float) -> None:
        self._desk = desk
        self._world = world
        self._takes_s = takes_s
        self._tokens: set[str] = set()
        self._searches: dict[str, _Search] = {}
        self._numbers = itertools.count(1)

    def routes(self) -> list[tuple[str, str, Endpoint]]:
        """Method, path and endpoint of all it answers."""
        counter = self._desk.counter
        searches = [
            (method, f"/v2/domain-search/{kind.replace('_', '-')}/{path}", endpoint)
            for kind in (GENERIC, EMAILS)
            for method, path, endpoint in (
                ("POST", "start", counter("snov", kind, self._start)),
                ("GET", "result/{task}", counter("snov", f"{kind}_result", self._result, is_slow=False)),
            )
        ]
        return [
            ("POST", "/v1/oauth/access_token", counter("snov", "access_token", self._token)),
            ("POST", "/v1/get-domain-emails-count", counter("snov", "count", self._count)),
            ("GET", "/v1/get-balance", self._balance),
            *searches,
        ]

    async def _token(self, request: Request, exchange: Exchange) -> Response:
        fields = await form_of(request)
        is_known = fields.get("client_id") and fields.get("client_secret") not in (None, "", REVOKED)
        if fields.get("grant_type") != "client_credentials" or not is_known:
            return _error(401, "Unauthorized")
        token = f"canary-token-{secrets.token_hex(8)}"
        self._tokens.add(token)
        return answer({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    async def _balance(self, request: Request) -> Response:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens:
            return _error(401, "Unauthorized")
        return answer({"success": True, "data": {"balance": "500.00"}})

    async def _count(self, request: Request, exchange: Exchange) -> Response:
        domain = str((await form_of(request)).get("domain", ""))
        refused = self._refused(request, exchange, domain)
        if refused:
            return refused
        known = sum(len(self._known(kind, domain)) for kind in (GENERIC, EMAILS))
        return answer({"success": True, "domain": domain, "webmail": False, "result": known})

    async def _start(self, request: Request, exchange: Exchange) -> Response:
        domain = request.query_params.get("domain", "")
        refused = self._refused(request, exchange, domain)
        if refused:
            return refused
        emails = self._known(exchange.operation, domain)
        if exchange.is_odd("foreign"):
            emails = ["info@elsewhere.test", f"info@{domain}.elsewhere.test"]
        exchange.charge(domain, CREDIT_MICROS if emails else 0)
        task = f"{next(self._numbers):032x}"
        takes_s = float("inf") if exchange.is_odd("endless") else self._takes_s
        self._searches[task] = _Search(domain, emails, time.monotonic() + takes_s)
        path = f"{exchange.operation.replace('_', '-')}/result/{task}"
        links = {"result": f"{request.base_url}v2/domain-search/{path}"}
        return answer({"data": [], "meta": _meta(domain, task), "links": links})

    async def _result(self, request: Request, exchange: Exchange) -> Response:
        task = str(request.path_params["task"])
        refused = self._refused(request, exchange, task)
        if refused:
            return refused
        search = self._searches.get(task)
        if search is None:
            return _error(404, "Sorry, but url or entity not found")
        if time.monotonic() < search.ready_at:
            return answer({"data": [], "meta": _meta(search.domain, task), "status": "in progress"})
        rows = [{"email": email} for email in search.emails]
        meta = {**_meta(search.domain, task), "total_count": len(rows)}
        return answer({"data": rows, "meta": meta, "links": {"next": ""}, "status": "completed"})

    def _refused(self, request: Request, exchange: Exchange, argument: str) -> Response | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if exchange.is_odd("expired"):
            self._tokens.discard(token)
        if token not in self._tokens:
            return _error(401, "Unauthorized")
        if self._desk.too_fast("snov"):
            exchange.refuse_too_fast(argument)
            return _error(429, "Too Many Requests")
        return None

    def _known(self, kind: str, domain: str) -> list[str]:
        shop = self._world.by_domain.get(domain)
        return [str(shop.email)] if shop and shop.email and (_kind(shop) == kind) else []


def _kind(shop: Shop) -> str:
    return EMAILS if shop.number % 3 == 2 else GENERIC


def _meta(domain: str, task: str) -> dict[str, Any]:
    return {"domain": domain, "tab": "emails", "task_hash": task, "next": ""}


def _error(status: int, title: str) -> Response:
    return answer({"errors": {"code": status, "title": title, "source": ""}}, status)
