"""Programs that ask by a key: whom one acts for, how much it may ask, and answers that are given again.

An idempotency key is one for a person in a workspace, for a day. The answer to what was done under it is kept and given
again; what was refused at once did nothing, and frees its key. Whoever carries something out and dies leaves the key
taken for ``SILENT_S``; then the request made again is carried out under the same id, by which the order it may have
placed is found.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

import settings
from services import api_keys, plan_limits
from services.errors import Conflict, Invalid
from services.identity import Person, person_of, proof_of
from services.permissions import Right, require
from store import api_access, users
from store.api_access import WINDOW_S as WINDOW_S
from store.database import PAUSES, Role, transaction
from store.ids import new_id

AWAY = PAUSES
"""What a database that cannot answer now shows itself as."""
SILENT_S = 60
_LONGEST_KEY = 100


class StillRunning(Conflict):
    """The same request is being carried out right now."""


class OtherParameters(Invalid):
    """The idempotency key was used for another request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A request of a program: whom it acts for, how many it may make in ``WINDOW_S`` and how many of them are left;
    with ``is_refused`` this one was too many. ``closed``: why keys of the workspace open nothing now, None when they
    do."""

    person: Person
    most: int
    left: int
    resets_in_s: int
    is_refused: bool
    closed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was answered: a status and a body."""

    status: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Something to be carried out now, under an id that stays the same however often it is tried with the same key."""

    id: UUID
    idem_key: str | None


def enter(key: str) -> Entry | None:
    """Whom a key acts for, with this request counted; None for one that opens nothing."""
    if not key.startswith(api_keys.PREFIX) or len(key) > _LONGEST_KEY:
        return None
    proof, most = proof_of(key), settings.get().api_requests_per_minute
    with transaction(Role.WEB, proof=proof) as conn:
        who = users.who(conn)
        counted = api_access.count_request(conn) if who else None
    if who is None or counted is None:
        return None
    person = person_of(who, proof)
    return Entry(
        person=person,
        most=most,
        left=max(0, most - counted.requests),
        resets_in_s=counted.resets_in_s,
        is_refused=counted.requests > most,
        closed=plan_limits.why_no_api(person),
    )


def begin(person: Person, idem_key: str | None, asked: bytes) -> Begun | Told:
    """Take an idempotency key for what is ``asked``, or say what it was answered. Without a key each request is new.

    Raises NotAllowed, StillRunning, and OtherParameters when the key stands for something else.
    """
    require(person, Right.RUN_CAMPAIGNS)
    if idem_key is None:
        return Begun(id=new_id(), idem_key=None)
    whose, digest = (person.workspace_id, person.id), hashlib.sha256(asked).digest()
    with transaction(Role.WEB, proof=person.proof) as conn:
        # Taken first and looked at afterwards: of many that ask at once only one takes it.
        new = new_id()
        if api_access.begin(conn, whose, new, idem_key, digest):
            return Begun(id=new, idem_key=idem_key)
        found = api_access.kept(conn, whose, idem_key, SILENT_S)
        if found is None:
            raise StillRunning(_RUNNING)
        if bytes(found.asked) != digest:
            raise OtherParameters({"Idempotency-Key": _OTHER})
        if found.status is not None:
            return Told(status=found.status, body=found.body or "")
        if not found.is_stale:
            raise StillRunning(_RUNNING)
        api_access.try_again(conn, person.workspace_id, found.id)
    return Begun(id=found.id, idem_key=idem_key)


def keep(person: Person, begun: Begun, told: Told) -> None:
    """Keep what was answered. Raises NotAllowed."""
    require(person, Right.RUN_CAMPAIGNS)
    if begun.idem_key is None:
        return
    with transaction(Role.WEB, proof=person.proof) as conn:
        api_access.keep(conn, person.workspace_id, begun.id, told.status, told.body)


def let_go(person: Person, begun: Begun) -> None:
    """Free the key of what was refused when it was tried for the first time, so that nothing was done. One that was
    tried before stays taken, as the first try may have done it. Raises NotAllowed."""
    require(person, Right.RUN_CAMPAIGNS)
    if begun.idem_key is None:
        return
    with transaction(Role.WEB, proof=person.proof) as conn:
        api_access.let_go(conn, person.workspace_id, begun.id)


_RUNNING = "The same request is being carried out. Wait a moment, then make it again with the same key."
_OTHER = "This key was used for another request within a day. Take a new one for what is new."
