"""Lists of companies: uploaded, checked by a worker, kept by a decision, or ordered as a campaign."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.v1 import answers
from api.v1.bodies import Body
from api.v1.door import Asking
from pipeline.output.formats import csv as csv_format
from pipeline.suppression import MAX_REASON
from services import lists
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.lists import LONGEST_NAME, Column, ListKind, ListRow, ListState, Upload

router = APIRouter(prefix="/lists", tags=["lists"])
_EXAMPLE: dict[str, Any] = {
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e96",
    "name": "Customers",
    "kind": "customers",
    "state": "checked",
    "reason": "On the list Customers",
    "said": "",
    "rows": 120,
    "usable": 118,
    "bad": 1,
    "repeated": 1,
    "known": 40,
    "companies": 40,
    "created_by": "sales@example.com",
    "created_at": "2026-11-27T09:00:00Z",
    "removed_at": None,
    "problems": [{"row": 7, "why": "It names no company."}],
}


class NewList(Body):
    """A list as CSV. Columns are known by their titles; ``columns`` says what others are, by title. ``country`` is of
    rows that name none. To have the companies looked up, use the kind `own`, and order by the list's id as `own_list`
    with its name as `location`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Customers",
                    "kind": "customers",
                    csv_format.FORMAT.key: "name,website\nCafé Example,https://cafe.example.com\n",
                }
            ]
        }
    )

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    kind: ListKind
    csv: Annotated[str, Field(min_length=1)]
    reason: Annotated[str, Field(max_length=MAX_REASON)] = ""
    country: Annotated[str, Field(max_length=60)] = ""
    columns: dict[Column, str] = Field(default_factory=dict)


class RowProblem(BaseModel):
    """A row that cannot be used."""

    row: int
    why: str


class CompanyList(BaseModel):
    """A list. ``known`` of its usable rows mean ``companies`` of the book."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    name: str
    kind: ListKind
    state: ListState
    reason: str
    said: str
    rows: int
    usable: int
    bad: int
    repeated: int
    known: int
    companies: int
    created_by: str | None
    created_at: datetime
    removed_at: datetime | None
    problems: tuple[RowProblem, ...]


class Lists(BaseModel):
    """The lists of the workspace, newest first."""

    items: tuple[CompanyList, ...]


@router.post("", summary="Upload a list", status_code=201, responses=answers.problems(409))
def offer(person: Asking, new: NewList) -> CompanyList:
    """Have a list checked. Nothing has an effect before it is kept, or ordered. Needs `submit`."""
    data = new.csv.encode(errors="replace")
    upload = Upload(
        name=new.name,
        kind=new.kind,
        reason=new.reason,
        country=new.country,
        columns=_columns(data, new.columns),
    )
    return _one(person, lists.offer(person, data, upload))


@router.get("", summary="List lists")
def listing(person: Asking) -> Lists:
    """Those of the workspace."""
    return Lists(items=tuple(map(_told, lists.newest(person))))


@router.get("/{list_id}", summary="Read a list", responses=answers.problems(404))
def read(person: Asking, list_id: UUID) -> CompanyList:
    """How far it has come, and what the check found."""
    return _one(person, list_id)


@router.post("/{list_id}/keep", summary="Keep a list", responses=answers.problems(404, 409))
def keep(person: Asking, list_id: UUID) -> CompanyList:
    """Have a checked list take effect. Needs `submit`."""
    if _row(person, list_id).state is not ListState.CHECKED:
        raise Conflict("Only a list that is checked and not kept yet can be kept.")
    lists.keep(person, list_id)
    return _one(person, list_id)


@router.delete("/{list_id}", summary="Remove a list", status_code=204, responses=answers.problems(404))
def remove(person: Asking, list_id: UUID) -> None:
    """Forget one that was not kept, or take a kept one's marks away. Needs `submit`; of an exclusion list `admin`."""
    is_kept = _row(person, list_id).state is ListState.KEPT
    (lists.remove if is_kept else lists.discard)(person, list_id)


def _columns(data: bytes, named: dict[Column, str]) -> dict[Column, int]:
    head = lists.read(data)
    places = {title.casefold(): place for place, title in enumerate(head.titles)}
    wrong = [title for title in named.values() if title.casefold() not in places]
    if wrong:
        raise Invalid({"columns": f"The list has no column “{wrong[0]}”. It has {', '.join(head.titles)}."})
    given = {column: places[title.casefold()] for column, title in named.items()}
    guessed = {column: place for column, place in head.guessed.items() if place not in given.values()}
    return {**guessed, **given}


def _one(person: Person, list_id: UUID) -> CompanyList:
    return _told(_row(person, list_id))


def _row(person: Person, list_id: UUID) -> ListRow:
    found = next((row for row in lists.newest(person) if row.id == list_id), None)
    if found is None:
        raise NotFound("There is no such list any more.")
    return found


def _told(row: ListRow) -> CompanyList:
    same = (
        *(
            "id",
            "name",
            "kind",
            "state",
            "reason",
            "said",
            "rows",
            "usable",
            "bad",
            "repeated",
            "known",
            "companies",
        ),
        *("created_by", "created_at", "removed_at"),
    )
    problems = tuple(RowProblem(row=place, why=why) for place, why in row.problems)
    return CompanyList(**{name: getattr(row, name) for name in same}, problems=problems)
