"""Which HTTP status each kind of refusal is answered with."""

from __future__ import annotations

from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany

# RFC 9110, sections 15.5.4, 15.5.5, 15.5.10 and 15.5.21; RFC 6585, section 4.
STATUS: dict[type[Refused], int] = {NotAllowed: 403, NotFound: 404, Conflict: 409, Invalid: 422, TooMany: 429}


def status_of(refused: Refused) -> int:
    """The status of an answer that says this refusal."""
    return next(status for kind, status in STATUS.items() if isinstance(refused, kind))
