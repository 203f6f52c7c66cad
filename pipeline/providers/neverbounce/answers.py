"""What NeverBounce's results and errors mean here; only ``valid`` means verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.causes import Billed, Cause
from pipeline.contact.contacts import email_address
from pipeline.errors import SourceError
from pipeline.lead import EmailStatus
from pipeline.money.calls import Json
from pipeline.network.http import HttpReply, server_error, too_fast, unreadable

NAME = "NeverBounce"
KEY = "neverbounce"

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


@dataclass(frozen=True, slots=True)
class Row:
    """What a list says of one address; ``is_free``: it was none, or stood there twice."""

    status: EmailStatus
    is_free: bool


def normal(email: str) -> str:
    """An address as it is asked for and compared."""
    return (email_address(email).value or email).casefold()


def rows_of(body: Json) -> Iterator[tuple[str, Row]]:
    """The addresses of a page of results that have one."""
    found = body.get("results") if isinstance(body, dict) else None
    for row in found if isinstance(found, list) else []:
        data = row.get("data") if isinstance(row, dict) else None
        verification = row.get("verification") if isinstance(row, dict) else None
        if not (isinstance(data, dict) and isinstance(verification, dict)):
            continue
        result, flags = verification.get("result"), verification.get("flags")
        if result is not None:
            is_free = isinstance(flags, list) and bool(
                {"bad_syntax", "duplicate"} & {str(flag) for flag in flags}
            )
            yield normal(str(data.get("email", ""))), Row(status_of(result), is_free)


def stated_billable(state: Mapping[str, Any], number: int) -> int | None:
    """How many of a list's addresses are billed by its last state; None when it does not say."""
    total = state.get("total")
    billable = total.get("billable") if isinstance(total, dict) else None
    if isinstance(billable, bool) or not isinstance(billable, int | float) or billable < 0:
        return None
    return min(int(billable), number)


def shares(
    emails: Sequence[str], rows: Mapping[str, Row], billable: int, price_micros: int
) -> dict[str, int]:
    """The share of each address in the cost of a list whose full price is ``price_micros``, so that they sum up to it.

    Billed are first those with a result, then those called free, then those nothing is said of.
    """
    order = sorted(emails, key=lambda email: 2 if email not in rows else int(rows[email].is_free))
    paid = set(order[:billable])
    each = price_micros // len(emails) if emails else 0
    return {email: each if email in paid else 0 for email in emails}


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
    if reply.status >= 500:
        raise server_error(NAME, reply)
    if reply.status == 429:
        raise too_fast(NAME, reply)
    if reply.status in (401, 403):
        raise SourceError(Cause.KEY_REFUSED, NAME)
    if reply.status >= 400:
        raise SourceError(Cause.NOT_ACCEPTED, NAME)
    if not isinstance(reply.body, dict):
        raise unreadable(NAME)
    body: dict[str, Any] = dict(reply.body)
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
