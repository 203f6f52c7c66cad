"""Files that are sent again and again, as programs set them up and see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.v1.bodies import Body
from api.v1.lead_query import BodyFilter
from api.v1.problems import PREFIX
from api.v1.schedule_model import PauseCause, cause_of
from pipeline.delivery.places import Target
from pipeline.output.export import USUAL_SPELLING, Spelling
from pipeline.output.formats import csv
from services.export_places import Delivery
from services.repeating import MAX_NAME
from services.results import LeadSort
from services.scheduled_exports import ExportScheduleRow, SendRow

_BUCKET = {
    **{"endpoint": "https://s3.eu-central-1.amazonaws.com", "region": "eu-central-1", "bucket": "our-leads"},
    **{"prefix": "in/", "access_key": "AKIAEXAMPLE"},
}
_SFTP: dict[str, Any] = {"host": "files.example.com", "port": 22, "user": "leads", "folder": "/in"}
_HOST_KEY = "ssh-ed25519 SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDYcpMx6Xo8kFvM3Wc"
_SENT: dict[str, Any] = {
    **{
        "name": "Cafes, mornings",
        "cron": "0 8 * * *",
        "time_zone": "Europe/Helsinki",
        "format": csv.FORMAT.key,
    },
    **{"columns": ["Name", "E-mail"], "target": "s3", "place": _BUCKET},
}
_FILTER: dict[str, Any] = {"has_email": True}
_EXAMPLE: dict[str, Any] = {
    **_SENT,
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7eb1",
    "url": "/api/v1/scheduled-exports/01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7eb1",
    "spelling": USUAL_SPELLING.model_dump(),
    "filter": _FILTER,
    "sort": "best",
    "next_at": "2026-11-30T06:00:00Z",
    "paused_at": None,
    "pause_cause": None,
    "made_by": "sales@example.com",
    "created_at": "2026-11-27T09:00:00Z",
    "runs": 4,
}
_RUN: dict[str, Any] = {
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7eb2",
    "due_at": "2026-11-30T06:00:00Z",
    "begun_at": "2026-11-30T06:00:21Z",
    "missed": 0,
    "outcome": "sent",
    "rows": 120,
    "left_out": 0,
    "bytes": 40960,
    "place": "s3://our-leads/in/prospectpro-leads-20261130T060000Z-8e8f21.csv",
    "said": "",
    "tries": 1,
    "try_at": None,
    "sent_at": "2026-11-30T06:00:24Z",
    "has_file": False,
    "can_send_again": False,
}


class Server(Body):
    """A server that speaks SFTP."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SFTP]})

    host: Annotated[str, Field(min_length=1, max_length=200)]
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    user: Annotated[str, Field(min_length=1, max_length=200)]
    folder: Annotated[str, Field(max_length=200)] = ""


class HostKey(BaseModel):
    """The key a server shows, to be compared with what its owner says, and given as `host_key` of a place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"host_key": _HOST_KEY}]})

    host_key: str


class Sending(Body):
    """When a file is sent, as what and where. ``cron`` has five fields, by the clock of ``time_zone``; ``columns`` are
    headings, none for all. ``place`` is by ``target``: nothing for `mail`; ``days`` for `link`; ``host``, ``port``,
    ``user``, ``folder``, ``host_key`` for `sftp`; ``endpoint``, ``region``, ``bucket``, ``prefix``, ``access_key`` for
    `s3`; ``url`` for `webhook`. ``secret`` is the password or private key, the secret key of a bucket, or what messages
    are signed with; it is told to nobody again, and empty keeps the one there is. A ``filter`` or ``sort`` that is null
    stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_SENT, "secret": "", "filter": _FILTER}]})

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    cron: Annotated[str, Field(min_length=1, max_length=100)]
    time_zone: Annotated[str, Field(min_length=1, max_length=64)]
    format: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")] = csv.FORMAT.key
    columns: Annotated[tuple[Annotated[str, Field(max_length=60)], ...], Field(max_length=100)] = ()
    spelling: Spelling = USUAL_SPELLING
    target: Target
    place: Annotated[dict[str, str | int], Field(max_length=10)] = Field(default_factory=dict)
    secret: Annotated[str, Field(max_length=10_000, repr=False, json_schema_extra={"writeOnly": True})] = ""
    filter: BodyFilter | None = None
    sort: LeadSort | None = None

    def delivery(self) -> Delivery:
        """The same for the service."""
        same = ("name", "cron", "time_zone", "format", "columns", "spelling", "target", "place", "secret")
        return Delivery(**{name: getattr(self, name) for name in same})


class NewSending(Sending):
    """A file that is sent from now on; without a filter it holds every company of the book."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_SENT, "secret": "the secret key", "filter": _FILTER}]}
    )

    filter: BodyFilter = BodyFilter()
    sort: LeadSort = LeadSort.BEST


class ScheduledExport(BaseModel):
    """A file that is sent again and again. ``next_at`` is null while it is paused; ``filter`` has what is set alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    url: str
    name: str
    cron: str
    time_zone: str
    format: str
    columns: tuple[str, ...]
    spelling: Spelling
    filter: dict[str, Any]
    sort: LeadSort
    target: Target
    place: dict[str, Any]
    next_at: datetime | None
    paused_at: datetime | None
    pause_cause: PauseCause | None
    made_by: str | None
    created_at: datetime
    runs: int


class ScheduledExports(BaseModel):
    """Those of the workspace, the ones first that are due next."""

    items: tuple[ScheduledExport, ...]


class Sent(BaseModel):
    """What came of one time. ``missed`` counts times after it that passed while nothing ran; ``place`` is where the
    file went, ``said`` why it did not, or not yet; ``try_at`` when it is tried next. ``has_file``: who asks may fetch
    it; ``can_send_again``: it was not sent, and is there still."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RUN]})

    id: UUID
    due_at: datetime
    begun_at: datetime
    missed: int
    outcome: Literal["making", "sent", "failed", "let_go", "still_running"]
    rows: int | None
    left_out: int | None
    bytes: int | None
    place: str | None
    said: str
    tries: int
    try_at: datetime | None
    sent_at: datetime | None
    has_file: bool
    can_send_again: bool


class SentTimes(BaseModel):
    """The last fifty, the newest first."""

    items: tuple[Sent, ...]


def of(row: ExportScheduleRow) -> ScheduledExport:
    """A file that is sent again and again."""
    same = (
        "id",
        "name",
        "cron",
        "time_zone",
        "format",
        "target",
        "next_at",
        "paused_at",
        "created_at",
        "runs",
    )
    asked: Mapping[str, Any] = row.asked
    return ScheduledExport(
        **{name: getattr(row, name) for name in same},
        **{name: asked[name] for name in ("columns", "spelling", "filter", "sort")},
        url=f"{PREFIX}/scheduled-exports/{row.id}",
        place=dict(row.place),
        pause_cause=cause_of(row),
        made_by=row.created_by,
    )


def run_of(row: SendRow) -> Sent:
    """What came of one time."""
    same = set(Sent.model_fields) - {"rows"}
    return Sent(**{name: getattr(row, name) for name in same}, rows=row.row_count)
