"""What NeverBounce's results and errors mean here; only ``valid`` means verified."""

from __future__ import annotations

from typing import Any

from pipeline.errors import ProviderGone, SourceError, TooFast
from pipeline.lead import EmailStatus
from pipeline.money.calls import Json, Provider
from pipeline.network.http import HttpReply, read_as

_NAME = Provider.NEVERBOUNCE.label

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


def body_of(reply: HttpReply) -> dict[str, Any]:
    """The fields of a successful answer; raises what an unsuccessful one means."""
    if reply.status == 504:
        # Who passed the question on gave up waiting: it may have been answered, and billed, after that.
        raise SourceError(f"{_NAME} did not answer in time.", retryable=False, billed=True)
    if reply.status >= 500 or reply.status == 429:
        message = f"{_NAME} is having trouble."
        raise SourceError(message, retryable=True, billed=False, retry_after_s=reply.retry_after_s)
    if reply.status in (401, 403):
        raise ProviderGone(f"{_NAME} refused the key of this installation.", alarm=True)
    if reply.status >= 400:
        raise SourceError(f"{_NAME} did not accept this check.", retryable=False, billed=False)
    if not isinstance(reply.body, dict):
        raise read_as(_NAME)
    body: dict[str, Any] = dict(reply.body)
    if body.get("status") != "success":
        raise _refusal(body)
    return body


def _refusal(body: dict[str, Any]) -> SourceError:
    """What an error inside an HTTP 200 means."""
    status, message = body.get("status"), str(body.get("message", "")).casefold()
    if status in ("auth_failure", "bad_referrer"):
        return ProviderGone(f"{_NAME} refused the key of this installation.", alarm=True)
    if status == "throttle_triggered":
        return TooFast(f"{_NAME} asked to slow down.")
    if status == "temp_unavail":
        return SourceError(f"{_NAME} asked to try later.", retryable=True, billed=False)
    if status == "general_failure" and ("credit" in message or "balance" in message):
        return ProviderGone(f"{_NAME}'s credits are used up.", alarm=True)
    if status == "general_failure":
        return SourceError(f"{_NAME} did not accept this check.", retryable=False, billed=False)
    return read_as(_NAME)
