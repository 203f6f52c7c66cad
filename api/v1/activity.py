"""What the team of the workspace did, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.v1 import answers, paging
from api.v1.door import Asking
from api.v1.paging import Page
from services import feed
from services.errors import Invalid
from services.feed import Kind

router = APIRouter(tags=["team"])
_EXAMPLE: dict[str, Any] = {
    "at": "2026-11-27T09:00:00Z",
    "kind": "status",
    "by": "sales@example.com",
    "by_id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e94",
    "number": 12,
    "about": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e93",
    "name": "Café Forum",
    "detail": {"from": "new", "to": "contacted"},
    "is_deleted": False,
}


class Act(BaseModel):
    """One act. ``about`` is the id of the company, of several the last one, of the campaign or the bulk order, and
    ``number`` how many companies, leads or rows, at most 1,001 companies. ``by`` is null for who is not in the
    workspace any more, ``by_id`` too where nobody did it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    at: datetime
    kind: str
    by: str | None
    by_id: UUID | None
    number: int
    about: UUID | None
    name: str | None
    detail: dict[str, Any]
    is_deleted: bool


class Acts(Page):
    """A part of what was done: all of fifty moments."""

    items: tuple[Act, ...]


class ActQuery(BaseModel):
    """Which part: of one kind, by one person, from ``since`` until ``before``."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind | None = None
    by_id: UUID | None = None
    since: AwareDatetime | None = None
    before: AwareDatetime | None = None
    cursor: str | None = Field(
        default=None, max_length=1000, description="`next_cursor` of the part before; nothing for the first."
    )


@router.get("/activity", summary="Read what the team did", responses=answers.page("What was done."))
def listing(
    request: Request, response: Response, person: Asking, asked: Annotated[ActQuery, Query()]
) -> Acts:
    """Notes, changes, campaigns, downloads and hand-offs, newest first. What one act did to many companies is one."""
    if asked.cursor is not None and feed.place(asked.cursor) is None:
        raise Invalid({"cursor": "This is no cursor that was given out. Begin without one."})
    found = feed.look(person, asked.kind, asked.by_id, asked.since, asked.before, asked.cursor)
    paging.link(request, response, found.next_cursor)
    same = ("at", "kind", "number", "about", "name", "detail", "is_deleted")
    return Acts(
        items=tuple(
            Act(**{name: getattr(row, name) for name in same}, by=row.user, by_id=row.user_id)
            for row in found.rows
        ),
        next_cursor=found.next_cursor,
    )
