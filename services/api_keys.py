"""Keys for programs: made by a person for the workspace they work in, shown once, ended at will."""

from __future__ import annotations

import secrets
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pipeline.campaign import MICROS_PER_USD
from services import plan_limits
from services.errors import Invalid, NotAllowed, NotFound
from services.identity import Person, proof_of
from services.limits import MAX_LIMIT_USD
from services.names import named
from services.permissions import NEEDS_ACCOUNT
from store import api_keys
from store.api_keys import KeyRow, NewKey
from store.database import Role, transaction
from store.ids import new_id

KeyView = KeyRow
PREFIX = "ppk_"
"""What every key begins with, so that scanners for leaked secrets can know one."""
MOST_DAYS = 365
_LONGEST_NAME = 60


class Scope(StrEnum):
    """How far a key goes; never further than the role of who made it."""

    READ = "read"
    SUBMIT = "submit"
    ADMIN = "admin"


IN_WORDS = {
    Scope.READ: "Read: look at campaigns and leads",
    Scope.SUBMIT: "Submit: read, order campaigns and download leads",
    Scope.ADMIN: "Admin: all that you may do",
}


def create(person: Person, name: str, scope: Scope, days: int, amount_usd: Decimal | None = None) -> str:
    """Make a key of the person's for the workspace they work in; returns it, the only time it is seen. All
    it orders may cost ``amount_usd`` together; None: as much as the person may.

    Raises Invalid with what to change, Conflict when the plan has no keys, and NotAllowed for a scope beyond the
    person's role, from a key, beyond 20, and for a guest.
    """
    if person.guest_until is not None:
        raise NotAllowed(NEEDS_ACCOUNT)
    called = named(name, _LONGEST_NAME, "Say what the key is for, in")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid({"days": f"A key is good for 1 to {MOST_DAYS} days."})
    if amount_usd is not None and not 0 <= amount_usd <= MAX_LIMIT_USD:
        raise Invalid({"amount_usd": f"A limit is at least $0 and at most ${MAX_LIMIT_USD:,}."})
    key = PREFIX + secrets.token_urlsafe(32)
    new = NewKey(
        id=new_id(),
        name=called,
        scope=scope,
        days=days,
        proof=bytes.fromhex(proof_of(key)),
        limit_micros=None if amount_usd is None else int(amount_usd * MICROS_PER_USD),
    )
    with plan_limits.kept(), transaction(Role.WEB, proof=person.proof) as conn:
        if not api_keys.create(conn, new):
            raise NotAllowed(
                f"In this workspace you are {person.role} and may not have a key with the scope {scope}, or you have"
                " 20 keys already. Choose a smaller scope, or revoke a key first."
            )
    return key


def listing(person: Person) -> tuple[KeyView, ...]:
    """The person's keys to the workspace they work in, and for its admins everybody's; newest first."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(api_keys.listing(conn, person.workspace_id, person.id))


def revoke(person: Person, key_id: UUID) -> None:
    """End a key for good: one's own, or as an admin anybody's of the workspace. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not api_keys.revoke(conn, key_id):
            raise NotFound("We can't find that key. It may have been revoked already.")
