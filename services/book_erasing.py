"""Erasing companies of the book, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pipeline.lead import Business
from pipeline.listed_companies import subjects_of_company
from pipeline.suppression import Subject, SuppressedBy, SuppressedKind
from services import erasing
from services.book_work import MOST_AT_ONCE
from services.erasing import Counts
from services.errors import Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import book_subjects
from store.database import Role, transaction
from store.suppressions import Entry

_WHY = "Asked to be erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many companies go, or went, and what goes with them; of ``placeless`` ones nobody knows a place, and they
    stay."""

    companies: int
    placeless: int
    counts: Counts


def preview(person: Person, companies: Sequence[UUID]) -> Erased:
    """What ``erase`` would remove. Raises what ``erase`` raises."""
    require(person, Right.ERASE)
    found, placeless = _businesses(person, companies)
    counts = erasing.preview_all(person, _named(found))
    return Erased(companies=len(found), placeless=placeless, counts=counts)


def erase(person: Person, companies: Sequence[UUID]) -> Erased:
    """Erase companies from the workspace for good, all or none: each by its name at its postcode, or in its town, and
    so every lead of that name there. Whatever else they are known by comes onto the suppression list, so that no
    campaign brings them back. Says what was removed. Those of which no place is known are left out.

    Raises NotAllowed, NotFound when all are gone, Conflict while a campaign that knows of them runs or a list is being
    stored, and Invalid for more than ``MOST_AT_ONCE`` companies and where of all of them no place is known.
    """
    require(person, Right.ERASE)
    found, placeless = _businesses(person, companies)
    known = {value: one for business in found for value, one in subjects_of_company(business).items()}
    entries = [
        Entry(subject=subject, reason=_WHY, source=SuppressedBy.TYPED, added_by=person.id)
        for subject in known.values()
    ]
    counts = erasing.erase_all(person, _named(found), entries)
    return Erased(companies=len(found), placeless=placeless, counts=counts)


def _businesses(person: Person, companies: Sequence[UUID]) -> tuple[list[Business], int]:
    """Those that can be erased, and how many cannot."""
    if len(companies) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE:,} companies are erased at once. Narrow the filters.")
    with transaction(Role.WEB, proof=person.proof) as conn:
        held = book_subjects.businesses(conn, person.workspace_id, companies)
    found = [business for business in held if _names(business)]
    if not held:
        raise NotFound("These companies are gone.")
    if not found:
        which = held[0].name if len(held) == 1 else "these companies"
        raise Invalid(
            f"Of {which} neither town nor postcode is known. Erase on Privacy, by domain, phone number or e-mail"
            " address."
        )
    return found, len(held) - len(found)


def _names(business: Business) -> list[Subject]:
    return [one for one in subjects_of_company(business).values() if one.kind is SuppressedKind.COMPANY]


def _named(found: Sequence[Business]) -> list[Subject]:
    # The last is the narrowest: at its postcode.
    narrowest = (_names(business)[-1] for business in found)
    return [*{subject.value: subject for subject in narrowest}.values()]
