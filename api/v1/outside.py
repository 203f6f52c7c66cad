"""Around every request of a program: its id, how much the key may still ask, and nothing kept on the way."""

from __future__ import annotations

import logging

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.v1 import problems
from pipeline import events
from services.api_access import WINDOW_S, Entry

_LOG = logging.getLogger(__name__)
_FAILED = 500


class Outside:
    """The application as it is mounted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = problems.new_request_id()
        scope = {**scope, "state": {**scope.get("state", {}), "request_id": request_id}}
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["Request-Id"] = request_id
                headers.setdefault("Cache-Control", "no-store")
                headers.update(_limits(scope["state"].get("entry")))
            await send(message)

        try:
            with events.request(request_id):
                await self._app(scope, receive, noted)
        except Exception:
            # What was told as a failure is in the log already.
            if status != _FAILED:
                raise


def _limits(entry: Entry | None) -> dict[str, str]:
    """What the IETF's draft on rate limits calls these headers."""
    if entry is None:
        return {}
    return {
        "RateLimit-Limit": str(entry.most),
        "RateLimit-Remaining": str(entry.left),
        "RateLimit-Reset": str(entry.resets_in_s),
        "RateLimit-Policy": f"{entry.most};w={WINDOW_S}",
    }
