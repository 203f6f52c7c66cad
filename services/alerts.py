"""What needs an administrator: what is open, what was, and taking note of it."""

from __future__ import annotations

from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, require
from store import alerts
from store.alerts import AlertRow as AlertRow
from store.database import Role, transaction

_MOST = 50


def listing(person: Person) -> tuple[AlertRow, ...]:
    """Open alerts first, then the newest of those that were resolved. Raises NotAllowed for anyone but
    administrators."""
    require(person, Right.SEE_HEALTH)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return tuple(alerts.listing(conn, _MOST))


def note(person: Person, alert: int) -> None:
    """Take note of an open alert, on record: others see that somebody looks into it. Raises NotAllowed, and NotFound
    when somebody has, or it is over."""
    require(person, Right.STEER_HEALTH)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        if not alerts.note(conn, alert):
            raise NotFound("Somebody took note of this alert already, or it is over.")
