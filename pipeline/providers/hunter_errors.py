"""What Hunter's refusals mean."""

from __future__ import annotations

from typing import Any

from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.network.http import HttpReply, server_error, too_fast, unreadable

NAME = "Hunter"


def error_id(reply: HttpReply) -> str:
    """What Hunter calls its error, empty when it says nothing."""
    errors: Any = reply.body.get("errors") if isinstance(reply.body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("id", "")) if isinstance(first, dict) else ""


def failure_of(reply: HttpReply) -> SourceError:
    """What an error means; branches on its id where one status means two things."""
    kind = error_id(reply)
    if reply.status == 401:
        return SourceError(Cause.KEY_REFUSED, NAME)
    if reply.status == 429:
        return SourceError(Cause.OUT_OF_CREDITS, NAME)
    if reply.status == 403 and "access" in kind:
        return SourceError(Cause.NOT_IN_PLAN, NAME)
    if reply.status == 403:
        return too_fast(NAME, reply)
    if reply.status in (202, 222):
        # Documented for its verifier alone, and nowhere whether they are billed.
        return SourceError(Cause.BUSY, NAME, billed=Billed.UNKNOWN, retry_after_s=reply.retry_after_s)
    if reply.status >= 500:
        return server_error(NAME, reply)
    if reply.status < 400:
        return unreadable(NAME)
    return SourceError(Cause.NOT_ACCEPTED, NAME)
