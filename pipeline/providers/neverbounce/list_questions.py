"""What NeverBounce tells of a list for nothing: how it is, what it says, and whether it was made at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Answer, Call, Json, ProviderCalls
from pipeline.network.http import HttpReply, ProviderHttp
from pipeline.providers.neverbounce.answers import KEY, NAME, Row, body_of, rows_of

FAILED = ("failed", "under_review")
_PAGE = 1000
_FIRST_POLL_S, _LONGEST_POLL_S = 0.25, 2.0
_POLL_SHARE = 0.15
"""The pause before the next look, as a share of the time waited: what is ready is seen a little later than it was."""
_LONGEST_JOB_S = 600.0
# A list may show up among the account's lists a moment after it was made.
_SEARCHES, _SEARCH_PAUSE_S, _SEARCH_PATIENCE_S = 3, 1.0, 4.0


class ListQuestions:
    """Asks about lists; used by several threads. ``is_simulated``: an answer came from a stand-in."""

    def __init__(
        self,
        calls: ProviderCalls,
        http: ProviderHttp,
        key: str,
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = calls
        self._http = http
        self._key = key
        self._wait = wait
        self.is_simulated = False

    def made(self, fields: dict[str, Json]) -> HttpReply:
        """The answer to the making of a list, which costs what the list does."""
        reply = self._http.post_json("jobs/create", {"key": self._key, **fields})
        self.is_simulated = self.is_simulated or reply.simulated
        return reply

    def found(self, filename: Json) -> int | None:
        """The number of the list by its file name; None when it cannot be found."""
        for number in range(_SEARCHES if isinstance(filename, str) else 0):
            if number:
                self._wait(_SEARCH_PAUSE_S)
            try:
                body = self._ask("jobs/search", {"filename": str(filename)}, _SEARCH_PATIENCE_S)
            except SourceError:
                return None
            found = body.get("results")
            for row in found if isinstance(found, list) else []:
                if (
                    isinstance(row, dict)
                    and row.get("filename") == filename
                    and isinstance(row.get("id"), int)
                ):
                    return int(row["id"])
        return None

    def when_over(self, job: str) -> dict[str, Any]:
        """The last state of a list, which is waited for."""
        waited = 0.0
        while waited < _LONGEST_JOB_S:
            state = self._ask("jobs/status", {"job_id": job}, _LONGEST_JOB_S)
            if state.get("job_status") in ("complete", *FAILED):
                return state
            pause_s = min(_LONGEST_POLL_S, max(_FIRST_POLL_S, waited * _POLL_SHARE))
            self._wait(pause_s)
            waited += pause_s
        raise SourceError(Cause.LIST_UNFINISHED, NAME)

    def rows(self, job: str, number: int) -> Iterator[tuple[str, Row]]:
        """The results of a complete list of so many addresses."""
        for page in range(1, -(-number // _PAGE) + 1):
            fields = {"job_id": job, "page": str(page), "items_per_page": str(_PAGE)}
            yield from rows_of(self._ask("jobs/results", fields, _LONGEST_JOB_S))

    def _ask(self, path: str, fields: dict[str, str], patience_s: float) -> dict[str, Any]:
        """Nothing is billed for asking how a list is, so an answer that broke off is worth asking for again."""

        def send() -> Answer:
            reply = self._http.post_form(path, {"key": self._key, **fields})
            self.is_simulated = self.is_simulated or reply.simulated
            body: dict[str, Json] = body_of(reply, in_parts=True)
            return Answer(http_status=reply.status, body=body, simulated=reply.simulated)

        call = Call(provider=KEY, operation=path.replace("/", "_"), arguments=dict(fields))
        waited = 0.0
        while True:
            try:
                body: Any = self._calls.ask_free(call, send).body
                return dict(body)
            except SourceError as error:
                if not error.cause.may_pass or waited >= patience_s:
                    raise
            self._wait(_LONGEST_POLL_S)
            waited += _LONGEST_POLL_S
