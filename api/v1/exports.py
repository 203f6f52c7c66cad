"""Files of the whole book, however large: made by a worker, then fetched part by part."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from api.v1 import answers, replays
from api.v1.bodies import Body
from api.v1.door import Asking, IdempotencyKey
from api.v1.lead_query import BodyFilter
from api.v1.problems import PREFIX
from pipeline.output.export import USUAL_SPELLING, Spelling
from pipeline.output.formats import csv
from services import book_files
from services.book_files import Download, FileRow, FileState
from services.errors import Conflict
from services.results import LeadSort

router = APIRouter(prefix="/exports", tags=["exports"])
_EXAMPLE: dict[str, Any] = {
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e95",
    "url": "/api/v1/exports/01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e95",
    "format": csv.FORMAT.key,
    "state": "ready",
    "passed": 120,
    "expected": 120,
    "rows": 120,
    "left_out": 0,
    "size": 40960,
    "name": "prospectpro-leads-20261127.csv",
    "said": "",
    "created_at": "2026-11-27T09:00:00Z",
    "ends_at": "2026-11-28T09:00:00Z",
}


FILE: Final[answers.Answers] = {
    200: {
        "description": "The file, part by part.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    },
    **answers.problems(404, 409),
}
"""What the document says of an address that gives a file."""


class Wanted(Body):
    """Which companies, in which format; ``columns`` are headings, and none means all."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"format": csv.FORMAT.key, "filter": {"has_email": True}}]}
    )

    format: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")] = csv.FORMAT.key
    filter: BodyFilter = BodyFilter()
    sort: LeadSort = LeadSort.BEST
    columns: Annotated[tuple[Annotated[str, Field(max_length=60)], ...], Field(max_length=100)] = ()
    spelling: Spelling = USUAL_SPELLING


class Export(BaseModel):
    """A file. ``passed`` of ``expected`` companies have gone by; ``said`` is why it was not made, ``ends_at`` when it
    is removed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    url: str
    format: str
    state: FileState
    passed: int
    expected: int | None
    rows: int | None
    left_out: int | None
    size: int | None
    name: str | None
    said: str
    created_at: datetime
    ends_at: datetime | None


class Exports(BaseModel):
    """The files of who asks, newest first."""

    items: tuple[Export, ...]


@router.post(
    "",
    summary="Have a file made",
    status_code=201,
    response_model=Export,
    responses=answers.created("The file, which waits for a worker."),
)
def ask(request: Request, person: Asking, wanted: Wanted, idempotency_key: IdempotencyKey = None) -> Response:
    """Have a worker write every company that a filter lets through. One is made at a time. Needs `submit`."""

    def make(_: UUID) -> Export:
        file_id = book_files.ask(
            person, wanted.filter, wanted.sort, wanted.format, wanted.columns, wanted.spelling
        )
        return _told(book_files.one(person, file_id))

    return replays.once(request, person, idempotency_key, wanted, make)


@router.get("", summary="List files")
def listing(person: Asking) -> Exports:
    """The last few are kept."""
    return Exports(items=tuple(map(_told, book_files.mine(person))))


@router.get("/{file_id}", summary="Read how far a file is", responses=answers.problems(404))
def read(person: Asking, file_id: UUID) -> Export:
    """One file."""
    return _told(book_files.one(person, file_id))


@router.get(
    "/{file_id}/file",
    summary="Fetch a file",
    response_class=StreamingResponse,
    responses=FILE,
)
def fetch(person: Asking, file_id: UUID) -> Response:
    """Sent part by part, so that any size needs the same memory. Needs `submit`."""
    if book_files.one(person, file_id).state is not FileState.READY:
        raise Conflict("This file is not ready. Read how far it is, and fetch it then.")
    return streamed(book_files.download(person, file_id))


def streamed(found: Download) -> Response:
    """A file, part by part."""
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Content-Length": str(found.size),
    }
    return StreamingResponse(found.parts, media_type=found.mime, headers=headers)


@router.delete("/{file_id}", summary="Let go of a file", status_code=204, responses=answers.problems(404))
def discard(person: Asking, file_id: UUID) -> None:
    """Needs `submit`."""
    book_files.discard(person, file_id)


def _told(row: FileRow) -> Export:
    same = ("id", "format", "state", "passed", "expected", "rows", "left_out", "size", "name", "said")
    return Export(
        **{name: getattr(row, name) for name in same},
        url=f"{PREFIX}/exports/{row.id}",
        created_at=row.created_at,
        ends_at=row.ends_at,
    )
