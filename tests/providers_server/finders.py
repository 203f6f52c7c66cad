"""Hunter's and NeverBounce's counters."""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.providers_server.desk import REVOKED, Desk, answer, form_of
from tests.providers_server.world import World

CREDIT_MICROS, CHECK_MICROS = 24_500, 8_000


class Hunter:
    """Domain search: one credit for one to ten addresses, none for none."""

    def __init__(self, desk: Desk, world: World) -> None:
        self._desk = desk
        self._world = world

    async def domain_search(self, request: Request) -> Response:
        """GET /v2/domain-search"""
        fault = await self._desk.fault("hunter", "domain_search")
        if fault:
            return fault
        domain = request.query_params.get("domain", "")
        key = request.headers.get("x-api-key")
        if not key or key == REVOKED:
            return _hunter_error("authentication_failed", 401)
        if self._desk.too_fast("hunter"):
            self._desk.charge("hunter", "domain_search", domain, 0, "too_fast")
            return _hunter_error("too_many_requests", 403)
        if domain in self._desk.opted_out:
            return _hunter_error("claimed_email", 451)
        shop = self._world.by_domain.get(domain)
        emails = [_email(shop.email, shop.number)] if shop and shop.email else []
        self._desk.charge("hunter", "domain_search", domain, CREDIT_MICROS if emails else 0)
        data = {"domain": domain, "disposable": False, "webmail": False, "pattern": None, "emails": emails}
        return answer({"data": data, "meta": {"results": len(emails), "limit": 10, "offset": 0}})

    async def account(self, request: Request) -> Response:
        """GET /v2/account"""
        return answer({"data": {"requests": {"credits": {"used": 0.0, "available": 2000.0}}}})


def _email(address: str, number: int) -> dict[str, Any]:
    return {
        "value": address,
        "type": "generic",
        "confidence": 60 + number % 40,
        "first_name": None,
        "last_name": None,
        "position": None,
        "verification": {"date": None, "status": None},
        "sources": [],
    }


def _hunter_error(kind: str, status: int) -> Response:
    return answer({"errors": [{"id": kind, "code": status, "details": "See the documentation."}]}, status)


class NeverBounce:
    """Single checks and lists; errors are successes of HTTP. ``job_s``: how long a list takes."""

    def __init__(self, desk: Desk, world: World, job_s: float) -> None:
        self._desk = desk
        self._world = world
        self._job_s = job_s
        self._ready: dict[str, float] = {}

    async def single_check(self, request: Request) -> Response:
        """POST /v4.2/single/check"""
        fault = await self._desk.fault("neverbounce", "single_check")
        if fault:
            return fault
        fields = await form_of(request)
        refused = self._refused(fields, "single_check")
        if refused:
            return refused
        email = str(fields.get("email", ""))
        self._desk.charge("neverbounce", "single_check", email, CHECK_MICROS)
        return answer({"status": "success", "result": self._verdict(email), "flags": [], "execution_time": 5})

    async def create(self, request: Request) -> Response:
        """POST /v4.2/jobs/create"""
        fault = await self._desk.fault("neverbounce", "jobs_create")
        if fault:
            return fault
        fields = await form_of(request)
        refused = self._refused(fields, "jobs_create")
        if refused:
            return refused
        emails = [str(row["email"]) for row in fields["input"]]
        job = str(1000 + len(self._desk.jobs))
        self._desk.jobs[job] = emails
        self._ready[job] = time.monotonic() + self._job_s
        for email in emails:
            self._desk.charge("neverbounce", "jobs_create", email, CHECK_MICROS)
        return answer({"status": "success", "job_id": int(job), "execution_time": 12})

    async def status(self, request: Request) -> Response:
        """POST /v4.2/jobs/status"""
        fields = await form_of(request)
        done = time.monotonic() >= self._ready.get(str(fields["job_id"]), 0)
        state = "complete" if done else "running"
        return answer({"status": "success", "job_status": state, "percent_complete": 100.0 if done else 40.5})

    async def results(self, request: Request) -> Response:
        """POST /v4.2/jobs/results"""
        fields = await form_of(request)
        emails = self._desk.jobs.get(str(fields["job_id"]), [])
        size, page = int(fields.get("items_per_page", 100)), int(fields.get("page", 1))
        rows = [
            {"data": {"email": email}, "verification": {"result": self._verdict(email), "flags": []}}
            for email in emails[(page - 1) * size : page * size]
        ]
        return answer({"status": "success", "total_results": len(emails), "results": rows})

    def _refused(self, fields: dict[str, Any], operation: str) -> Response | None:
        if not fields.get("key") or fields["key"] == REVOKED:
            return answer({"status": "auth_failure", "message": "Invalid API key.", "execution_time": 1})
        if self._desk.too_fast("neverbounce"):
            self._desk.charge("neverbounce", operation, "", 0, "too_fast")
            return answer(
                {"status": "throttle_triggered", "message": "Too many requests.", "execution_time": 1}
            )
        return None

    def _verdict(self, email: str) -> str:
        shop = self._world.by_email.get(email.casefold())
        return shop.verdict if shop else "invalid"
