"""The call list: whom of the book to call next, and what came of a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from pipeline.suppression import keys_of
from pipeline.words.local_time import Opening, opening_at
from services import notes
from services.book import TeamStatus
from services.errors import Invalid, NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from services.notes import LONGEST_NOTE as LONGEST_NOTE
from services.permissions import Right, require
from services.results import LeadSort
from store import book_work, call_list, company_edits, suppressions
from store.book_work import Standing
from store.call_list import Callable
from store.database import Connection, Role, transaction

_AHEAD = 100
"""Companies looked at to put the open ones first; our own choice, more than a person calls in a day."""


class Outcome(StrEnum):
    """What came of a call."""

    NO_ANSWER = "no_answer"
    CALL_BACK = "call_back"
    INTERESTED = "interested"
    NOT_INTERESTED = "not_interested"
    WRONG_NUMBER = "wrong_number"
    WON = "won"


_STATUS = {
    Outcome.INTERESTED: TeamStatus.INTERESTED,
    Outcome.NOT_INTERESTED: TeamStatus.LOST,
    Outcome.WON: TeamStatus.WON,
}
_COMES_AGAIN = (Outcome.NO_ANSWER, Outcome.CALL_BACK, Outcome.INTERESTED)
_IN_WORDS = {
    Outcome.NO_ANSWER: "Call: no answer.",
    Outcome.CALL_BACK: "Call: to be called back.",
    Outcome.INTERESTED: "Call: interested.",
    Outcome.NOT_INTERESTED: "Call: not interested.",
    Outcome.WRONG_NUMBER: "Call: wrong number, {phone}.",
    Outcome.WON: "Call: won.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A company to call; ``opening`` is None where nobody knows its place."""

    company_id: UUID
    name: str
    city: str | None
    is_due: bool
    follow_up_on: date | None
    opening: Opening | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """Whom to call, the next first; with ``is_cut`` there are more than were looked at."""

    rows: tuple[CallRow, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a call changed: how the company was, and whether its number was taken out."""

    before: Standing
    took_number: bool


def upcoming(
    person: Person, filter: LeadFilter, sort: LeadSort, today: date, companies: Sequence[UUID]
) -> Upcoming:
    """Whom to call, the next first: follow-ups that are due, then the others; of each those that are open now before
    those whose hours nobody knows and those that are closed.

    ``companies`` are left out. So is who is on the suppression list, and who is won or lost or has a follow-up on a
    later day. Raises NotAllowed.
    """
    require(person, Right.WORK_LEADS)
    where = filter.where(today)
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = call_list.upcoming(conn, person.workspace_id, where, sort, companies, _AHEAD)
        silent = _silent(conn, person.workspace_id, found)
    rows = [_row(one) for one in found if one.company_id not in silent]
    due = sum(one.is_due for one in found)
    return Upcoming(
        rows=tuple(sorted(rows, key=lambda row: (not row.is_due, _closedness(row.opening)))),
        is_cut=max(due, len(found) - due) >= _AHEAD,
    )


def note(
    person: Person, company_id: UUID, outcome: Outcome, written: str, follow_up_on: date | None
) -> Called:
    """Keep what came of a call, with a note, and return how things were, for ``undo``.

    ``follow_up_on`` counts where the company is to be called again. A wrong number is taken out of the company as a
    person's correction. Raises NotAllowed, NotFound, and Invalid for a very long note and for a missing day.
    """
    require(person, Right.WORK_LEADS)
    said = written.replace("\x00", "").encode(errors="replace").decode().strip()
    if len(said) > LONGEST_NOTE:
        raise Invalid({"note": f"Write a note of at most {LONGEST_NOTE:,} characters."})
    if outcome in _COMES_AGAIN and follow_up_on is None:
        raise Invalid({"follow_up_on": "Choose the day to call again."})
    workspace, is_wrong = person.workspace_id, outcome is Outcome.WRONG_NUMBER
    with transaction(Role.WEB, proof=person.proof) as conn:
        before = _standing(conn, workspace, company_id)
        phone = call_list.phone(conn, workspace, company_id)
        told = _IN_WORDS[outcome].format(phone=phone or "unknown")
        notes.note_down(conn, person, company_id, f"{told} {said}".strip())
        book_work.write(conn, workspace, [_after(before, outcome, follow_up_on)])
        if is_wrong and phone:
            company_edits.write(conn, workspace, company_id, person.id, {"phone": {"phone": None}})
    return Called(before=before, took_number=is_wrong and phone is not None)


def undo(person: Person, called: Called) -> None:
    """Set the company back to how it was before a call; the timeline says so. Raises NotAllowed and NotFound."""
    require(person, Right.WORK_LEADS)
    workspace, company_id = person.workspace_id, called.before.company_id
    with transaction(Role.WEB, proof=person.proof) as conn:
        _standing(conn, workspace, company_id)
        book_work.write(conn, workspace, [called.before])
        if called.took_number:
            company_edits.take_back(conn, workspace, company_id, ["phone"])
        notes.note_down(conn, person, company_id, "What was noted of the last call is taken back.")


def _standing(conn: Connection, workspace_id: UUID, company_id: UUID) -> Standing:
    found = book_work.standing(conn, workspace_id, [company_id])
    if not found:
        raise NotFound("We can't find that company. Its campaign may have been deleted.")
    return found[0]


def _after(before: Standing, outcome: Outcome, follow_up_on: date | None) -> Standing:
    was_new = before.status == TeamStatus.NEW
    spoken = TeamStatus.CONTACTED if was_new and outcome is Outcome.CALL_BACK else before.status
    day = before.follow_up_on if outcome is Outcome.WRONG_NUMBER else None
    return replace(
        before,
        status=_STATUS.get(outcome, spoken),
        follow_up_on=follow_up_on if outcome in _COMES_AGAIN else day,
    )


def _silent(conn: Connection, workspace_id: UUID, found: Sequence[Callable]) -> set[UUID]:
    """Those of the companies that are on the suppression list, themselves or by their number or domain."""
    keys = {one.company_id: list(keys_of(one.stored.business)) for one in found}
    listed = suppressions.found(conn, workspace_id, [key for each in keys.values() for key in each])
    return {company for company, each in keys.items() if listed.intersection(each)}


def _row(one: Callable) -> CallRow:
    business = one.stored.business
    is_placed = business.lat is not None and business.lon is not None
    return CallRow(
        company_id=one.company_id,
        name=business.name,
        city=business.city,
        is_due=one.is_due,
        follow_up_on=one.follow_up_on,
        opening=opening_at(one.read_at, business.lat or 0.0, business.lon or 0.0, business.opening_hours)
        if is_placed
        else None,
    )


def _closedness(opening: Opening | None) -> int:
    if opening is None or opening.is_open is None:
        return 1
    return 0 if opening.is_open else 2
