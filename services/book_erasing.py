"""Erasing companies of the book, several at once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pipeline.lead import Business
from pipeline.listed_companies import subjects_of_company
from pipeline.output.notices import counted
from pipeline.suppression import Subject, SuppressedBy, SuppressedKind
from services import erasing
from services.erasing import Counts
from services.errors import Invalid
from services.identity import Person
from services.permissions import Right, require
from store import book_subjects
from store.database import Role, transaction
from store.suppressions import Entry

MOST_AT_ONCE = 20
"""Companies one act may erase: each is looked for in all that the workspace holds."""
_WHY = "Asked to be erased"


def preview(person: Person, companies: Sequence[UUID]) -> Counts:
    """What ``erase`` would remove. Raises what ``erase`` raises."""
    require(person, Right.ERASE)
    return erasing.preview_all(person, _named(_businesses(person, companies)))


def erase(person: Person, companies: Sequence[UUID]) -> Counts:
    """Erase companies from the workspace for good, all or none: each by its name at its postcode, or in its town, and
    so every lead of that name there. Whatever else they are known by comes onto the suppression list, so that no
    campaign brings them back. Says what was removed.

    Raises NotAllowed, Conflict while a campaign that knows of them runs or a list is being stored, and Invalid for more
    than ``MOST_AT_ONCE`` companies and for one of which no place is known.
    """
    require(person, Right.ERASE)
    found = _businesses(person, companies)
    known = {value: one for business in found for value, one in subjects_of_company(business).items()}
    entries = [
        Entry(subject=subject, reason=_WHY, source=SuppressedBy.TYPED, added_by=person.id)
        for subject in known.values()
    ]
    return erasing.erase_all(person, _named(found), entries)


def _businesses(person: Person, companies: Sequence[UUID]) -> list[Business]:
    if len(companies) > MOST_AT_ONCE:
        many = counted(MOST_AT_ONCE, "company", "companies")
        raise Invalid(f"At most {many} are erased at once. Tick fewer, or narrow the filters.")
    with transaction(Role.WEB, proof=person.proof) as conn:
        return book_subjects.businesses(conn, person.workspace_id, companies)


def _named(found: Sequence[Business]) -> list[Subject]:
    subjects: dict[str, Subject] = {}
    for business in found:
        named = [
            subject
            for subject in subjects_of_company(business).values()
            if subject.kind is SuppressedKind.COMPANY
        ]
        if not named:
            raise Invalid(
                f"Of {business.name} neither town nor postcode is known. Erase it on Privacy, by its domain, phone"
                " number or e-mail address."
            )
        # The last is the narrowest: at its postcode.
        subjects[named[-1].value] = named[-1]
    return [*subjects.values()]
