"""The lead book: every company the workspace knows, found, read, corrected and worked on."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.v1 import answers, book_model, paging
from api.v1.book_model import (
    BulkWork,
    Changed,
    Companies,
    Company,
    Corrected,
    Correction,
    History,
    NewNote,
    Note,
    Work,
)
from api.v1.door import Asking
from api.v1.lead_query import LeadQuery
from api.v1.leads import FILES, sent, wanted
from services import book, book_edits, book_export, book_work, leads_that_leave, notes, spend_sums
from services import paging as cursors
from services.book import MOST_COUNTED
from services.errors import Invalid
from services.identity import Person
from services.lead_filter import LeadFilter

router = APIRouter(tags=["book"])
_PLACE = "place"
_ASKED: answers.Answers = {200: {**answers.page("Companies.")[200], **FILES[200]}}


@router.get("/companies", summary="List companies", response_model=Companies, responses=_ASKED)
def listing(
    request: Request, response: Response, person: Asking, asked: Annotated[LeadQuery, Query()]
) -> Companies | Response:
    """The book in parts. With `Accept: application/x-ndjson` or `text/csv` up to 10,000 companies come at once, as a
    file that is noted in the export log; that needs `submit`."""
    format = wanted(request.headers.get("accept", ""))
    if format is not None:
        return sent(book_export.export(person, asked.chosen(), asked.sort, format))
    place = _place(asked.begins())
    found = leads_that_leave.of_book(person, asked.chosen(), asked.sort, _today(asked), place, asked.limit)
    behind = place + len(found.rows)
    is_more = found.has_more and behind < MOST_COUNTED
    next_cursor = cursors.encode(_PLACE, str(behind)) if is_more else None
    paging.link(request, response, next_cursor)
    return Companies(
        items=tuple(map(book_model.of, found.rows)), next_cursor=next_cursor, matching=found.matching
    )


@router.post("/company-changes", summary="Work on many companies", responses=answers.problems(404))
def change_many(person: Asking, work: BulkWork) -> Changed:
    """Change what the team says of many companies at once, at most 10,000. Needs `submit`."""
    if bool(work.ids) == (work.filter is not None):
        raise Invalid({"filter": "Name the companies by ids or by a filter, and not by both."})
    ids = work.ids or book_work.matching(person, work.filter or LeadFilter(), _today(work.filter))
    return Changed(changed=len(book_work.change(person, ids, work.change())))


@router.get("/companies/{company_id}", summary="Read a company", responses=answers.problems(404))
def read(person: Asking, company_id: UUID) -> Company:
    """One company."""
    return _of(person, company_id)


@router.patch("/companies/{company_id}", summary="Work on a company", responses=answers.problems(404))
def change(person: Asking, company_id: UUID, work: Work) -> Company:
    """Set status, owner, follow-up and tags. Needs `submit`."""
    _of(person, company_id)
    book_work.change(person, [company_id], work.change())
    return _of(person, company_id)


@router.patch("/companies/{company_id}/values", summary="Correct a company", responses=answers.problems(404))
def correct(person: Asking, company_id: UUID, correction: Correction) -> Corrected:
    """What a person says stands before what campaigns find. Needs `submit`."""
    given = {
        name: value for name, value in correction.model_dump(exclude_unset=True).items() if value is not None
    }
    return Corrected(changed=book_edits.edit(person, company_id, given))


@router.get(
    "/companies/{company_id}/notes",
    summary="Read what was done about a company",
    responses=answers.problems(404),
)
def history(person: Asking, company_id: UUID) -> History:
    """Notes, calls and changes."""
    found = book.company(person, company_id).activities
    return History(
        items=tuple(
            Note(**{name: getattr(each, name) for name in Note.model_fields if name != "by"}, by=each.user)
            for each in found
        )
    )


@router.post(
    "/companies/{company_id}/notes", summary="Write a note", status_code=204, responses=answers.problems(404)
)
def note(person: Asking, company_id: UUID, note: NewNote) -> None:
    """Needs `submit`."""
    notes.write(person, company_id, note.text)


def _of(person: Person, company_id: UUID) -> Company:
    return book_model.of(leads_that_leave.company(person, company_id))


def _place(cursor: str | None) -> int:
    name, place = cursors.decode(cursor, 2) or (_PLACE, "0")
    if name != _PLACE or not place.isdecimal():
        raise Invalid({"cursor": "This is no cursor that was given out. Begin without one."})
    return cursors.offset(int(place[:9]))


def _today(asked: LeadFilter | None) -> date:
    """The day of whoever asks, or of the server."""
    found = asked.today if asked else None
    return found or spend_sums.during(spend_sums.When.TODAY).since or date.max
