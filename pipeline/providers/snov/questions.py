"""What Snov.io is asked: how many addresses it knows of a domain, for nothing, and then which, for a credit a search.

Rules of the provider (snov.io/api): a search is started, which answers a ``task_hash``, and then asked after until it
is ``completed``; each start costs one credit, none without results; 60 requests a minute. No idempotency, so what may
have been started is not started again. Which statuses refusals have is not documented: they are read as HTTP has them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from pipeline.causes import Billed, Cause
from pipeline.contact.contacts import email_address
from pipeline.errors import SourceError
from pipeline.money.calls import Answer, Call, Json, ProviderCalls, Reply
from pipeline.network.http import HttpReply, ProviderHttp, server_error, too_fast, unreadable
from pipeline.providers.snov.token import KEY, NAME, AccessToken

PAGE = 50
"""Addresses a page holds; the next one would cost another credit."""
_LONGEST_S = 120.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 8.0
_HASH = re.compile(r"[A-Za-z0-9]{1,128}")
_REFUSALS = {401: Cause.KEY_REFUSED, 402: Cause.OUT_OF_CREDITS, 403: Cause.NOT_IN_PLAN}
_RUNNING = ("in_progress", "in progress")  # Its documentation spells it both ways.


class Search(Enum):
    """A kind of search, in the order they are asked in; its value is its part of the path."""

    GENERIC = "generic-contacts"
    EMAILS = "domain-emails"

    @property
    def operation(self) -> str:
        """Its name in the ledger."""
        return self.value.replace("-", "_")


class SnovQuestions:
    """Asks for domains; used by many threads. Every method raises SourceError, BudgetReached and Stopped."""

    def __init__(
        self,
        calls: ProviderCalls,
        http: ProviderHttp,
        client_id: str,
        secret: str,
        *,
        price_micros: int,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = calls
        self._http = http
        self._token = AccessToken(calls, http, client_id, secret)
        self.price_micros = price_micros
        self._wait = wait

    def call(self, search: Search, domain: str, subject: str | None = None) -> Call:
        """A search as the ledger knows it. Its answer is kept for the campaign that paid it alone: nothing in the terms
        says that it may serve others."""
        return Call(
            provider=KEY,
            operation=search.operation,
            arguments={"domain": domain},
            price_micros=self.price_micros,
            subject=subject,
        )

    def count(self, domain: str) -> int:
        """How many addresses it knows of a domain."""
        body = self._free("count", {"domain": domain}, lambda: self._counted(domain), Billed.NO)
        return int(str(body))

    def started(self, search: Search, domain: str, subject: str) -> Reply:
        """The search, started and paid for; or as it was started before an interruption."""
        self._token.ready()
        return self._calls.ask(self.call(search, domain, subject), lambda: self._start(search, domain))

    def found(self, search: Search, reply: Reply, domain: str) -> list[str] | None:
        """The addresses a started search came to, in the form they are compared in; None when it came to nothing at
        all, which is free."""
        task = str(reply.body["task_hash"]) if isinstance(reply.body, dict) else ""
        waited, pause_s = 0.0, _FIRST_PAUSE_S
        while waited < _LONGEST_S:
            self._wait(pause_s)
            waited += pause_s
            pause_s = min(_LONGEST_PAUSE_S, pause_s * 1.5)
            told = self._free(
                f"{search.operation}_result",
                {"task_hash": task},
                lambda: self._result(search, task),
                Billed.YES,
            )
            if isinstance(told, dict):
                return self._settled(told, self.call(search, domain), reply)
        raise SourceError(Cause.UNFINISHED, NAME, billed=Billed.YES, detail=f"{_LONGEST_S:.0f}")

    def _settled(self, told: Mapping[str, Any], call: Call, started: Reply) -> list[str] | None:
        if not told["returned"]:
            # Paid for by its start, and free now that nothing was found.
            self._calls.restate(call, Answer(http_status=200, body=started.body, found=False))
            return None
        return list(told["emails"])

    def _free(
        self, operation: str, arguments: Mapping[str, Json], send: Callable[[], Answer], billed: Billed
    ) -> Json:
        """The answer to a free question; ``billed``: whether a failure loses something that was paid for."""
        try:
            self._token.ready()
            call = Call(provider=KEY, operation=operation, arguments=arguments)
            return self._calls.ask_free(call, send).body
        except SourceError as error:
            raise SourceError(
                error.cause, NAME, billed=billed, retry_after_s=error.retry_after_s, detail=error.detail
            ) from None

    def _counted(self, domain: str) -> Answer:
        body = _body(
            self._authorised(
                lambda headers: self._http.post_form(
                    "v1/get-domain-emails-count", {"domain": domain}, headers=headers
                )
            )
        )
        count = body.get("result")
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise unreadable(NAME)
        return Answer(http_status=200, body=count)

    def _start(self, search: Search, domain: str) -> Answer:
        path = f"v2/domain-search/{search.value}/start?{urlencode({'domain': domain})}"
        reply = self._authorised(lambda headers: self._http.post_form(path, {}, headers=headers))
        meta = _body(reply).get("meta")
        task = meta.get("task_hash") if isinstance(meta, dict) else None
        if not isinstance(task, str) or not _HASH.fullmatch(task):
            raise unreadable(NAME)
        return Answer(
            http_status=reply.status,
            body={"task_hash": task},
            cost_micros=self.price_micros,
            simulated=reply.simulated,
        )

    def _result(self, search: Search, task: str) -> Answer:
        path = f"v2/domain-search/{search.value}/result/{task}"
        body = _body(self._authorised(lambda headers: self._http.get(path, headers=headers)))
        if body.get("status") in _RUNNING:
            return Answer(http_status=200, body=None)
        if body.get("status") == "not_enough_credits":
            raise SourceError(Cause.OUT_OF_CREDITS, NAME)
        rows = body.get("data")
        if body.get("status") != "completed" or not isinstance(rows, list):
            raise unreadable(NAME)
        # What counts for the bill is what was returned, not what of it can be read.
        return Answer(http_status=200, body={"returned": len(rows), "emails": _addresses(rows)})

    def _authorised(self, send: Callable[[dict[str, str]], HttpReply]) -> HttpReply:
        """The answer to a request, sent a second time with a new token when the first one is refused."""
        headers = self._token.headers()
        reply = send(headers)
        if reply.status != 401:
            return reply
        self._token.renew(headers)
        return send(self._token.headers())


def _addresses(rows: list[Any]) -> list[str]:
    """Addresses with valid syntax, each once."""
    given = [row.get("email") for row in rows[:PAGE] if isinstance(row, dict)]
    read = (email_address(value).value for value in given if isinstance(value, str))
    return list(dict.fromkeys(address for address in read if address))


def _body(reply: HttpReply) -> dict[str, Any]:
    """The fields of a successful answer; raises what another one means."""
    if reply.status >= 500:
        raise server_error(NAME, reply)
    if reply.status == 429:
        raise too_fast(NAME, reply)
    if reply.status >= 400:
        raise SourceError(_REFUSALS.get(reply.status, Cause.NOT_ACCEPTED), NAME)
    if not 200 <= reply.status < 300 or not isinstance(reply.body, dict):
        raise unreadable(NAME)
    return dict(reply.body)
