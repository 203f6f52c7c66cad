"""The access token of Snov.io: fetched once a run, renewed when it is refused, held in memory and nowhere else."""

from __future__ import annotations

import re
import threading

from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Answer, Call, ProviderCalls
from pipeline.network.http import ProviderHttp, too_fast, unreadable

KEY = "snov"
NAME = "Snov.io"
_USABLE = re.compile(r"[\x21-\x7e]{1,4096}")


class AccessToken:
    """Used by many threads. What it asks for is free."""

    def __init__(self, calls: ProviderCalls, http: ProviderHttp, client_id: str, secret: str) -> None:
        self._calls = calls
        self._http = http
        self._client_id, self._secret = client_id, secret
        self._guard = threading.Lock()
        self._value = ""

    def ready(self) -> None:
        """Fetch it unless it is there. Raises SourceError and Stopped."""
        with self._guard:
            if not self._value:
                self._calls.ask_free(
                    Call(provider=KEY, operation="access_token", arguments={}), self._fetched
                )

    def headers(self) -> dict[str, str]:
        """What a request bears."""
        return {"Authorization": f"Bearer {self._value}"}

    def renew(self, refused: dict[str, str]) -> None:
        """Fetch a new one in place of that in the headers that were refused, unless somebody has."""
        with self._guard:
            if self.headers() == refused:
                self._fetched()

    def _fetched(self) -> Answer:
        try:
            self._value = fetched(self._http, self._client_id, self._secret)
        except SourceError as error:
            raise SourceError(error.cause, NAME, retry_after_s=error.retry_after_s) from None
        return Answer(http_status=200, body=None)


def fetched(http: ProviderHttp, client_id: str, secret: str) -> str:
    """A new token. Raises SourceError."""
    fields = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    reply = http.post_form("v1/oauth/access_token", fields)
    if reply.status == 429:
        raise too_fast(NAME, reply)
    if reply.status >= 500:
        raise SourceError(Cause.SERVER_ERROR, NAME, billed=Billed.NO, retry_after_s=reply.retry_after_s)
    if reply.status >= 400:
        # RFC 6749 §5.2: 400 or 401 for a client that is not known.
        raise SourceError(Cause.KEY_REFUSED, NAME)
    token = reply.body.get("access_token") if isinstance(reply.body, dict) else None
    if not isinstance(token, str) or not _USABLE.fullmatch(token):
        raise unreadable(NAME)
    return token
