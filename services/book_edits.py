"""Correcting values of companies: what a person types stands before what campaigns find, until it is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from pipeline.corrections import PARTS, Typed, correction
from pipeline.lead import Business
from pipeline.suppression import SuppressedKind, of_kind
from services.errors import Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import book_work, company_edits, one_company, suppressions
from store.database import Connection, Role, transaction

FIELDS = tuple(PARTS)
"""What can be corrected."""
_LISTED = {"phone": SuppressedKind.PHONE, "email": SuppressedKind.EMAIL}
_GONE = "We can't find that company. Its campaign may have been deleted."


def edit(person: Person, company_id: UUID, corrected: Mapping[str, str]) -> tuple[str, ...]:
    """Set values of a company, by the parts of ``pipeline.corrections.PARTS``; parts that are not given stay as they
    are, and empty text says that there is no value. Returns the fields that changed.

    Raises NotAllowed, NotFound, and Invalid with a reason for each part that cannot be: also an address or a number
    that is on the suppression list.
    """
    require(person, Right.WORK_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        # Kept from changing: a campaign that finds the company waits, and then meets the correction.
        locked = book_work.standing(conn, person.workspace_id, [company_id])
        found = one_company.newest(conn, person.workspace_id, company_id) if locked else None
        if found is None:
            raise NotFound(_GONE)
        business = found.entry.stored.business
        edits = _changed(business, corrected)
        _require_unlisted(conn, person.workspace_id, edits)
        if edits:
            company_edits.write(conn, person.workspace_id, company_id, person.id, edits)
    return tuple(edits)


def take_back(person: Person, company_id: UUID, fields: Sequence[str]) -> None:
    """Let what sources say stand again. Raises NotAllowed, and NotFound when no person's value stands there."""
    require(person, Right.WORK_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        book_work.standing(conn, person.workspace_id, [company_id])
        if not company_edits.take_back(conn, person.workspace_id, company_id, fields):
            raise NotFound("It was taken back already.")


def typed_parts(business: Business) -> Mapping[str, str]:
    """What a form shows of a company before somebody corrects it, by part."""
    street = {"street": business.street or business.address}
    values = {part: business.value(part) for parts in PARTS.values() for part in parts} | street
    return {part: value or "" for part, value in values.items()}


def _changed(business: Business, corrected: Mapping[str, str]) -> dict[str, Typed]:
    """The fields of which something else is said than stands there."""
    now, edits, wrong = typed_parts(business), dict[str, Typed](), dict[str, str]()
    for field, parts in PARTS.items():
        typed = {part: corrected.get(part, now[part]) for part in parts}
        if all(typed[part].strip() == now[part] for part in parts):
            continue
        try:
            edits[field] = correction(field, typed, business)
        except ValueError as problem:
            wrong[field] = str(problem)
    if wrong:
        raise Invalid(wrong)
    return edits


def _require_unlisted(conn: Connection, workspace_id: UUID, edits: Mapping[str, Typed]) -> None:
    wanted = {
        field: of_kind(kind, str(value)).value
        for field, kind in _LISTED.items()
        if field in edits and (value := edits[field][field])
    }
    listed = suppressions.found(conn, workspace_id, list(wanted.values()))
    if wrong := {
        field: "It is on the suppression list." for field, value in wanted.items() if value in listed
    }:
        raise Invalid(wrong)
