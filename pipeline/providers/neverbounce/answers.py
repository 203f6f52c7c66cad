"""What NeverBounce's results and errors mean here; only ``valid`` means verified."""

from __future__ import annotations

from typing import Any

from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.lead import EmailStatus
from pipeline.money.calls import Json
from pipeline.network.http import HttpReply, server_error, too_fast, unreadable

NAME = "NeverBounce"

_RESULTS: dict[object, EmailStatus] = {
    "valid": EmailStatus.VERIFIED,
    "invalid": EmailStatus.INVALID,
    "disposable": EmailStatus.DISPOSABLE,
    "catchall": EmailStatus.CATCHALL,
    "unknown": EmailStatus.UNKNOWN,
    0: EmailStatus.VERIFIED,
    1: EmailStatus.INVALID,
    2: EmailStatus.DISPOSABLE,
    3: EmailStatus.CATCHALL,
    4: EmailStatus.UNKNOWN,
}
SAID = {
    EmailStatus.VERIFIED: "The mailbox exists.",
    EmailStatus.INVALID: "The mailbox does not exist.",
    EmailStatus.DISPOSABLE: "It is a throw-away address.",
    EmailStatus.CATCHALL: "The mail server accepts any address, so nobody can tell.",
    EmailStatus.UNKNOWN: "The mail server did not say whether the mailbox exists.",
}


def status_of(result: Json) -> EmailStatus:
    """The status a result of the provider means; what is not documented is unknown, never verified."""
    if isinstance(result, str | int) and not isinstance(result, bool):
        return _RESULTS.get(result, EmailStatus.UNKNOWN)
    return EmailStatus.UNKNOWN


def kept_status(body: Json) -> EmailStatus:
    """The status in an answer as we keep it."""
    result = body.get("result") if isinstance(body, dict) else None
    return next((status for status in SAID if status.value == result), EmailStatus.UNKNOWN)


def body_of(reply: HttpReply, *, in_parts: bool = False) -> dict[str, Any]:
    """The fields of a successful answer; raises what an unsuccessful one means. ``in_parts``: some of them may
    hold what cannot be read, as the rows of a list may."""
    if reply.status >= 500:
        raise server_error(NAME, reply)
    if reply.status == 429:
        raise too_fast(NAME, reply)
    if reply.status in (401, 403):
        raise SourceError(Cause.KEY_REFUSED, NAME)
    if reply.status >= 400:
        raise SourceError(Cause.NOT_ACCEPTED, NAME)
    answer = reply.lenient_body if in_parts else reply.body
    if not isinstance(answer, dict):
        raise unreadable(NAME)
    body: dict[str, Any] = dict(answer)
    if body.get("status") != "success":
        raise _refusal(body)
    return body


def _refusal(body: dict[str, Any]) -> SourceError:
    """What an error inside an HTTP 200 means. Each of these is documented as an answer without a result; one that is
    not documented may stand for anything."""
    status, message = body.get("status"), str(body.get("message", "")).casefold()
    if status in ("auth_failure", "bad_referrer"):
        return SourceError(Cause.KEY_REFUSED, NAME)
    if status == "throttle_triggered":
        return SourceError(Cause.TOO_FAST, NAME)
    if status == "temp_unavail":
        return SourceError(Cause.BUSY, NAME, billed=Billed.NO)
    if status == "general_failure" and ("credit" in message or "balance" in message):
        # The documentation gives no other sign of it than the message.
        return SourceError(Cause.OUT_OF_CREDITS, NAME)
    if status == "general_failure":
        return SourceError(Cause.NOT_ACCEPTED, NAME)
    return unreadable(NAME)
