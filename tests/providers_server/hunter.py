"""Hunter's counters: domain search and the account."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.providers_server.desk import REVOKED, Desk, Exchange, answer
from tests.providers_server.world import Shop, World

CREDIT_MICROS = 24_500
ODDITIES = {
    "several": "four addresses of one company, of which Hunter itself found the surest invalid",
    "linked_domains": "only addresses on another domain of the company",
}
_VERIFICATIONS = ("valid", "accept_all", "unknown", "valid", None)


class Hunter:
    """Domain search: one credit for one to ten addresses, none for none."""

    def __init__(self, desk: Desk, world: World) -> None:
        self._desk = desk
        self._world = world

    async def domain_search(self, request: Request, exchange: Exchange) -> Response:
        """GET /v2/domain-search"""
        domain = request.query_params.get("domain", "")
        key = request.headers.get("x-api-key")
        if not key or key == REVOKED:
            return _error("authentication_failed", 401)
        if self._desk.too_fast("hunter"):
            exchange.refuse_too_fast(domain)
            return _error("too_many_requests", 403)
        if domain in self._desk.opted_out:
            return _error("claimed_email", 451)
        shop = self._world.by_domain.get(domain)
        emails = _emails(shop, exchange) if shop and shop.email else []
        exchange.charge(domain, CREDIT_MICROS if emails else 0)
        data = {
            "domain": domain,
            "disposable": False,
            "webmail": False,
            "accept_all": False,
            "pattern": None,
            "organization": shop.name if shop else None,
            "linked_domains": [_linked(domain)] if exchange.is_odd("linked_domains") else [],
            "emails": emails,
        }
        return answer({"data": data, "meta": {"results": len(emails), "limit": 10, "offset": 0}})

    async def account(self, request: Request) -> Response:
        """GET /v2/account"""
        if request.headers.get("x-api-key") in (None, "", REVOKED):
            return _error("authentication_failed", 401)
        return answer({"data": {"requests": {"credits": {"used": 12.0, "available": 2000.0}}}})


def _emails(shop: Shop, exchange: Exchange) -> list[dict[str, Any]]:
    """The addresses of a company that has one."""
    own = _email(str(shop.email), 60 + shop.number % 35, _VERIFICATIONS[shop.number % len(_VERIFICATIONS)])
    if exchange.is_odd("several"):
        return [
            _email(f"office@{shop.domain}", 95, "invalid"),
            _email(f"press@{shop.domain}", 80, "accept_all"),
            own,
            _email(f"shop@{shop.domain}", 40, None),
        ]
    if exchange.is_odd("linked_domains"):
        return [_email(f"{name}@{_linked(str(shop.domain))}", 90, "valid") for name in ("info", "office")]
    return [own]


def _linked(domain: str) -> str:
    return f"group-of-{domain}"


def _email(address: str, confidence: int, verified: str | None) -> dict[str, Any]:
    return {
        "value": address,
        "type": "generic",
        "confidence": confidence,
        "first_name": None,
        "last_name": None,
        "position": None,
        "verification": {"date": "2026-10-01" if verified else None, "status": verified},
        "sources": [],
    }


def _error(kind: str, status: int) -> Response:
    return answer({"errors": [{"id": kind, "code": status, "details": "See the documentation."}]}, status)
