"""Putting companies of the book on the suppression list, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pipeline.listed_companies import subjects_of_company
from pipeline.suppression import MAX_REASON, SuppressedBy
from pipeline.words.text import one_line
from services.book_work import MOST_AT_ONCE
from services.errors import Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import book_subjects, clock, suppressions
from store.database import Role, transaction
from store.suppressions import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """What an act brought: the companies it was about, the entries that are new, and how many companies nothing is
    known of by which they could be known again. ``at`` stands for the act."""

    at: datetime
    companies: int
    entries: int
    nameless: int


def suppress(person: Person, companies: Sequence[UUID], reason: str) -> Suppressed:
    """Put companies on the list by all they are known by: no campaign stores them, or asks or pays for anything about
    them, from then on. Their leads stay. Companies that are gone are left out.

    Raises NotAllowed, and Invalid without a reason and for more than ``MOST_AT_ONCE`` companies.
    """
    require(person, Right.SUPPRESS)
    why = one_line(reason.replace("\x00", ""))[:MAX_REASON]
    if not why:
        raise Invalid({"reason": "Say why; it is shown with campaigns that leave them out."})
    if len(companies) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE:,} companies are put on the list at once. Narrow the filters.")
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = book_subjects.businesses(conn, person.workspace_id, companies)
        subjects = [subjects_of_company(business) for business in found]
        entries = [
            Entry(subject=subject, reason=why, source=SuppressedBy.TYPED, added_by=person.id)
            for subject in {value: one for each in subjects for value, one in each.items()}.values()
        ]
        new = suppressions.add(conn, person.workspace_id, entries)
        at = clock.now(conn)
    nameless = sum(not each for each in subjects)
    return Suppressed(at=at, companies=len(found) - nameless, entries=new, nameless=nameless)


def take_back(person: Person, done: Suppressed) -> int:
    """Take off the list what an act of the person's brought; how many entries. Raises NotAllowed, and NotFound when all
    of them are off it already."""
    require(person, Right.LIFT_SUPPRESSIONS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        gone = suppressions.take_back(conn, person.workspace_id, done.at)
    if not gone:
        raise NotFound("These entries are off the list already.")
    return gone
