"""The suppression list: who is on it, asked, put on it and taken off."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.v1 import answers, paging
from api.v1.bodies import Body
from api.v1.door import Asking
from api.v1.paging import Page, Part
from pipeline.campaign import MAX_TEXT, Line
from pipeline.suppression import MAX_REASON, SuppressedBy, SuppressedKind
from services import suppression_list
from services.errors import Invalid
from services.suppression_list import EntryView

router = APIRouter(tags=["suppressions"])
_MOST = 1000
_ENTRY: dict[str, Any] = {
    "id": "6b1b36cbb04b41490bfc0ab2bfa26f86d1f0c3e2a6b6c1f4d3c8f0f1d5a7e9b2",
    "kind": "email",
    "hint": "i…@cafe.example.com",
    "reason": "Asked not to be contacted",
    "source": "typed",
    "since": "2026-11-27T09:00:00Z",
    "added_by": "sales@example.com",
    "is_installation": False,
}


class Entry(BaseModel):
    """An entry, which tells nobody who it is about. ``is_installation``: it holds for every workspace."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]})

    id: str
    kind: SuppressedKind
    hint: str
    reason: str
    source: SuppressedBy
    since: datetime
    added_by: str | None
    is_installation: bool


class Entries(Page):
    """A part of the list, newest first."""

    items: tuple[Entry, ...]


class Whom(Body):
    """Somebody: an address, a domain, a phone number, or a company by its name and place. ``country`` is of phone
    numbers that name none."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"who": "info@cafe.example.com"}]})

    who: Line
    place: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    country: Annotated[str | None, Field(pattern="^[A-Z]{2}$")] = None


class Additions(Body):
    """Whom to put on the list, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"entries": [{"who": "info@cafe.example.com"}], "reason": "Asked not to be contacted"}
            ]
        },
    )

    entries: Annotated[tuple[Whom, ...], Field(min_length=1, max_length=_MOST)]
    reason: Annotated[str, Field(max_length=MAX_REASON)] = ""


class Added(BaseModel):
    """How many came onto the list, and how many were on it before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"new": 1, "known": 0}]})

    new: int
    known: int


class Found(BaseModel):
    """The entry that covers somebody; null when there is none."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"entry": _ENTRY}]})

    entry: Entry | None


class Which(Part):
    """Which entries."""

    kind: SuppressedKind | None = Field(default=None, description="Only those of this kind.")


@router.get(
    "/suppressions", summary="List entries", responses=answers.page("Entries of the workspace, newest first.")
)
def listing(
    request: Request, response: Response, person: Asking, asked: Annotated[Which, Query()]
) -> Entries:
    """The list of the workspace."""
    found = suppression_list.entries(person, asked.kind, asked.begins(), asked.limit)
    paging.link(request, response, found.next_cursor)
    return Entries(items=tuple(map(_told, found.rows)), next_cursor=found.next_cursor)


@router.post("/suppressions", summary="Put people and companies on the list")
def add(person: Asking, additions: Additions) -> Added:
    """From now on they are in no campaign and no export; all are added or none. Needs `submit`."""
    subjects, wrong = [], {}
    for place, whom in enumerate(additions.entries):
        try:
            subjects.append(suppression_list.understood(whom.who, whom.place, whom.country))
        except Invalid as problem:
            wrong[f"entries/{place}/who"] = str(problem)
    if wrong:
        raise Invalid(wrong)
    added = suppression_list.add(person, subjects, additions.reason, SuppressedBy.COMMAND)
    return Added(new=added.new, known=added.known)


@router.post("/suppression-check", summary="Ask whether somebody is on the list")
def check(person: Asking, whom: Whom) -> Found:
    """The entry that covers somebody, also by their domain. Any key may ask."""
    found = suppression_list.check(person, whom.who, whom.place, whom.country)
    return Found(entry=_told(found) if found else None)


@router.delete(
    "/suppressions/{entry_id}",
    summary="Take an entry off the list",
    status_code=204,
    responses=answers.problems(404),
)
def remove(person: Asking, entry_id: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> None:
    """Needs `admin`, of an admin or the owner of the workspace."""
    suppression_list.remove(person, bytes.fromhex(entry_id))


def _told(row: EntryView) -> Entry:
    same = ("kind", "hint", "reason", "source", "since", "added_by", "is_installation")
    return Entry(id=row.hash.hex(), **{name: getattr(row, name) for name in same})
