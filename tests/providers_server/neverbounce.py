"""NeverBounce's counters: single checks and lists; errors are successes of HTTP."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.providers_server.desk import REVOKED, Desk, Exchange, answer, form_of
from tests.providers_server.neverbounce_jobs import Job, made
from tests.providers_server.world import World

CHECK_MICROS = 8_000
_FIRST_JOB = 1000
_PAGE = 10


class NeverBounce:
    """Answers over the world; ``job_s``: how long a list takes."""

    def __init__(self, desk: Desk, world: World, job_s: float) -> None:
        self._desk = desk
        self._world = world
        self._job_s = job_s

    async def single_check(self, request: Request, exchange: Exchange) -> Response:
        """POST /v4.2/single/check"""
        fields = await form_of(request)
        refused = self._refused(fields, exchange)
        if refused:
            return refused
        email = str(fields.get("email", ""))
        exchange.charge(email, CHECK_MICROS)
        return _success(result=self._verdict(email), flags=[], suggested_correction="")

    async def create(self, request: Request, exchange: Exchange) -> Response:
        """POST /v4.2/jobs/create"""
        fields = await form_of(request)
        refused = self._refused(fields, exchange)
        if refused:
            return refused
        kind = exchange.fault.kind if exchange.fault else ""
        number = _FIRST_JOB + len(self._desk.jobs)
        job = self._desk.jobs[number] = made(number, fields, kind, self._verdict, takes_s=self._job_s)
        for row in job.rows:
            exchange.charge(row.email, CHECK_MICROS if row.is_billed else 0)
        return _success(job_id=number)

    async def status(self, request: Request, exchange: Exchange) -> Response:
        """POST /v4.2/jobs/status"""
        job = self._job(await form_of(request))
        return _success(**job.told()) if job else _unknown()

    async def results(self, request: Request, exchange: Exchange) -> Response:
        """POST /v4.2/jobs/results"""
        fields = await form_of(request)
        job = self._job(fields)
        return _success(**_page(job.results(), fields, {"job_id": job.number})) if job else _unknown()

    async def search(self, request: Request, exchange: Exchange) -> Response:
        """POST /v4.2/jobs/search: the account's lists, newest first, by number, exact file name or state."""
        fields = await form_of(request)
        if _is_revoked(fields):
            return _bad_key()
        wanted = {
            name: str(fields[name]) for name in ("job_id", "filename", "job_status") if fields.get(name)
        }
        found = []
        for job in reversed(self._desk.jobs.values()):
            told = job.told()
            if all(str(told["id" if name == "job_id" else name]) == value for name, value in wanted.items()):
                found.append(told)
        return _success(**_page(found, fields, wanted))

    async def account(self, request: Request) -> Response:
        """POST /v4.2/account/info"""
        if _is_revoked(await form_of(request)):
            return _bad_key()
        return _success(credits_info={"paid_credits_remaining": 900, "free_credits_remaining": 100})

    def _job(self, fields: dict[str, Any]) -> Job | None:
        return self._desk.jobs.get(int(fields["job_id"]))

    def _refused(self, fields: dict[str, Any], exchange: Exchange) -> Response | None:
        if _is_revoked(fields):
            return _bad_key()
        if self._desk.too_fast("neverbounce"):
            exchange.refuse_too_fast()
            return _error("throttle_triggered", "Too many requests.")
        return None

    def _verdict(self, email: str) -> str:
        shop = self._world.by_email.get(email.casefold())
        return shop.verdict if shop else "invalid"


def _is_revoked(fields: dict[str, Any]) -> bool:
    return fields.get("key") in (None, "", REVOKED)


def _page(rows: list[dict[str, Any]], fields: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    size, page = int(fields.get("items_per_page", _PAGE)), int(fields.get("page", 1))
    return {
        "total_results": len(rows),
        "total_pages": -(-len(rows) // size),
        "query": {**query, "page": page, "items_per_page": size},
        "results": rows[(page - 1) * size : page * size],
    }


def _success(**fields: object) -> Response:
    return answer({"status": "success", **fields, "execution_time": 12})


def _bad_key() -> Response:
    return _error("auth_failure", "Invalid API key.")


def _unknown() -> Response:
    return _error("general_failure", "Job not found.")


def _error(status: str, message: str) -> Response:
    return answer({"status": status, "message": message, "execution_time": 1})
