"""A company of the lead book as programs see it, and what they may change of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.v1 import lead_model
from api.v1.bodies import Body, Day
from api.v1.lead_model import EXAMPLE as LEAD
from api.v1.lead_model import Lead
from api.v1.lead_query import BodyFilter
from api.v1.paging import Page
from services.book import TeamStatus
from services.book_work import LONGEST_TAG, MOST_TAGS, Change
from services.leads_that_leave import LeavingCompany
from services.notes import LONGEST_NOTE

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
    """What was done about a company. Notes alone are edited, and deleted ones say nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 4711,
                    "at": "2026-11-27T09:00:00Z",
                    "by": "sales@example.com",
                    "kind": "note",
                    "detail": {"text": "@boss@example.com: they want a call in spring."},
                    "edited_at": None,
                    "is_deleted": False,
                }
            ]
        }
    )

    id: int
    at: datetime
    by: str | None
    kind: str
    detail: dict[str, Any]
    edited_at: datetime | None
    is_deleted: bool


class History(BaseModel):
    """What was done about a company, as it is listed on its page."""

    items: tuple[Note, ...]


class NewNote(Body):
    """A note. Whom it names as `@anna@example.com`, and is in the workspace, is told of it."""

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


def of(found: LeavingCompany) -> Company:
    """A company with what of its newest lead may leave."""
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
