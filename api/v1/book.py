"""The lead book: every company the workspace knows, found, read, corrected and worked on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.v1 import answers, lead_model, paging
from api.v1.bodies import Body, Day
from api.v1.door import Asking
from api.v1.lead_model import EXAMPLE as LEAD
from api.v1.lead_model import Lead
from api.v1.lead_query import BodyFilter, LeadQuery
from api.v1.leads import FILES, sent, wanted
from api.v1.paging import Page
from services import book, book_edits, book_export, book_work, leads_that_leave, spend_sums
from services import paging as cursors
from services.book import MOST_COUNTED, TeamStatus
from services.book_work import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, Change
from services.errors import Invalid
from services.identity import Person
from services.lead_filter import LeadFilter
from services.leads_that_leave import LeavingCompany

router = APIRouter(tags=["book"])
_PLACE = "place"
_EXAMPLE: dict[str, Any] = {
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e93",
    "campaign_id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f",
    "status": "contacted",
    "owner": "sales@example.com",
    "owner_id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e94",
    "follow_up_on": "2026-12-01",
    "tags": ["north"],
    "first_seen_at": "2026-11-01T09:00:00Z",
    "last_seen_at": "2026-11-27T09:00:00Z",
    "is_suppressed": False,
    "lead": LEAD,
}
Tag = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG)]
Tags = Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)]


class Company(BaseModel):
    """A company with its newest lead, and what the team says of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    campaign_id: UUID
    status: TeamStatus
    owner: str | None
    owner_id: UUID | None
    follow_up_on: date | None
    tags: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    is_suppressed: bool
    lead: Lead


class Companies(Page):
    """A part of the book. ``matching`` is at most 10,001: more are not counted, and parts end there; take more as an
    export."""

    items: tuple[Company, ...]
    matching: int


class Note(BaseModel):
    """What was done about a company."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "at": "2026-11-27T09:00:00Z",
                    "by": "sales@example.com",
                    "kind": "note",
                    "detail": {"text": "Called."},
                }
            ]
        }
    )

    at: datetime
    by: str | None
    kind: str
    detail: dict[str, Any]


class History(BaseModel):
    """What was done about a company, as it is listed on its page."""

    items: tuple[Note, ...]


class NewNote(Body):
    """A note."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Asked for a call in spring."}]})

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]


class Correction(Body):
    """Values that are not as sources say; what is not given stays, and an empty text says that there is none."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "+358 40 1234567", "city": "Espoo"}]})

    name: str | None = None
    category: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    opening_hours: str | None = None


class Corrected(BaseModel):
    """The fields that changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"changed": ["phone", "address"]}]})

    changed: tuple[str, ...]


class Work(Body):
    """What the team says. A part that is not given stays; null takes an owner or a day away."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"status": "contacted", "follow_up_on": "2026-12-01", "add_tags": ["north"]}]
        }
    )

    status: TeamStatus | None = None
    owner_id: UUID | None = None
    follow_up_on: Day | None = None
    add_tags: Tags = ()
    take_tags: Tags = ()

    def change(self) -> Change:
        """As services take it."""
        return Change(
            status=self.status.value if self.status else None,
            sets_owner="owner_id" in self.model_fields_set,
            owner_id=self.owner_id,
            sets_follow_up="follow_up_on" in self.model_fields_set,
            follow_up_on=self.follow_up_on,
            adds=self.add_tags,
            takes=self.take_tags,
        )


class BulkWork(Work):
    """The same for many: those named by ``ids``, or all that a filter lets through."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"filter": {"has_email": True}, "add_tags": ["mailing"]}]}
    )

    ids: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()
    filter: BodyFilter | None = None


class Changed(BaseModel):
    """How many companies are another way than before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"changed": 12}]})

    changed: int


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
    return Companies(items=tuple(map(_told, found.rows)), next_cursor=next_cursor, matching=found.matching)


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
        items=tuple(Note(at=each.at, by=each.user, kind=each.kind, detail=each.detail) for each in found)
    )


@router.post(
    "/companies/{company_id}/notes", summary="Write a note", status_code=204, responses=answers.problems(404)
)
def note(person: Asking, company_id: UUID, note: NewNote) -> None:
    """Needs `submit`."""
    book_work.note(person, company_id, note.text)


def _of(person: Person, company_id: UUID) -> Company:
    return _told(leads_that_leave.company(person, company_id))


def _told(found: LeavingCompany) -> Company:
    row = found.row
    same = (
        "campaign_id",
        "status",
        "owner",
        "owner_id",
        "follow_up_on",
        "tags",
        "first_seen_at",
        "last_seen_at",
    )
    return Company(
        id=row.company_id,
        **{name: getattr(row, name) for name in same},
        is_suppressed=row.is_suppressed,
        lead=lead_model.of(found.lead),
    )


def _place(cursor: str | None) -> int:
    name, place = cursors.decode(cursor, 2) or (_PLACE, "0")
    if name != _PLACE or not place.isdecimal():
        raise Invalid({"cursor": "This is no cursor that was given out. Begin without one."})
    return cursors.offset(int(place[:9]))


def _today(asked: LeadFilter | None) -> date:
    """The day of whoever asks, or of the server."""
    found = asked.today if asked else None
    return found or spend_sums.during(spend_sums.When.TODAY).since or date.max
