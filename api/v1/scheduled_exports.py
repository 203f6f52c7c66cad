"""Files that are sent again and again: set up, read, changed, tried, paused, removed, and what came of each time."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from api.v1 import answers, replays, sending_model
from api.v1.door import Asking, IdempotencyKey
from api.v1.exports import FILE, streamed
from api.v1.sending_model import (
    HostKey,
    NewSending,
    ScheduledExport,
    ScheduledExports,
    Sending,
    SentTimes,
    Server,
)
from services import book_files, export_places, scheduled_exports, schedules
from services.errors import NotFound
from services.identity import Person

router = APIRouter(prefix="/scheduled-exports", tags=["scheduled-exports"])
_MISSING = answers.problems(404)
_FITS = answers.problems(404, 409)


@router.post(
    "",
    summary="Have a file sent regularly",
    status_code=201,
    response_model=ScheduledExport,
    responses=answers.created("The schedule, which sends for the first time when it is due."),
)
def add(
    request: Request, person: Asking, new: NewSending, idempotency_key: IdempotencyKey = None
) -> Response:
    """Have a file of what a filter lets through sent again and again, in the name of whom the key acts for. Needs
    `submit`, and a key without a money limit."""

    def make(made_id: UUID) -> ScheduledExport:
        return read(person, scheduled_exports.add(person, new.filter, new.sort, new.delivery(), made_id))

    return replays.once(request, person, idempotency_key, new, make)


@router.get("", summary="List files that are sent regularly")
def listing(person: Asking) -> ScheduledExports:
    """Those of the workspace, without secrets; none for a key that only reads."""
    return ScheduledExports(items=tuple(map(sending_model.of, scheduled_exports.listing(person))))


@router.post("/host-key", summary="Ask a server for its key")
def host_key(person: Asking, server: Server) -> HostKey:
    """The key that a server that speaks SFTP shows now: compare it with what its owner says. Needs `submit`."""
    return HostKey(host_key=export_places.key_shown(person, server.model_dump()))


@router.get("/{schedule_id}", summary="Read one that is sent regularly", responses=_MISSING)
def read(person: Asking, schedule_id: UUID) -> ScheduledExport:
    """One of the workspace, without its secret. Needs `submit`."""
    return sending_model.of(scheduled_exports.get(person, schedule_id))


@router.put("/{schedule_id}", summary="Change one that is sent regularly", responses=_FITS)
def change(person: Asking, schedule_id: UUID, changed: Sending) -> ScheduledExport:
    """Send otherwise from now on; one that is paused stays so. Needs `submit`, of another's `admin`."""
    filter, sort = scheduled_exports.held(scheduled_exports.get(person, schedule_id))
    shown = (changed.filter or filter, changed.sort or sort)
    scheduled_exports.change(person, schedule_id, changed.delivery(), shown)
    return read(person, schedule_id)


@router.post("/{schedule_id}/try", summary="Try whether files arrive", status_code=204, responses=_MISSING)
def try_out(person: Asking, schedule_id: UUID) -> None:
    """Write a few bytes where its files go and remove them, or send a message that says it is a test; nothing for
    `mail` and `link`. What does not work is told as a problem with `place`. Needs `submit`, of another's `admin`."""
    row = scheduled_exports.get(person, schedule_id)
    export_places.try_out(person, scheduled_exports.delivery_of(row), schedule_id)


@router.post("/{schedule_id}/pause", summary="Pause one that is sent regularly", responses=_MISSING)
def pause(person: Asking, schedule_id: UUID) -> ScheduledExport:
    """Send nothing more until it is resumed. Needs `submit`, of another's `admin`."""
    return _after(person, schedule_id, schedules.pause)


@router.post("/{schedule_id}/resume", summary="Resume one that is sent regularly", responses=_FITS)
def resume(person: Asking, schedule_id: UUID) -> ScheduledExport:
    """Send again from the next time on. Needs `submit`, of another's `admin`."""
    return _after(person, schedule_id, schedules.resume)


@router.post("/{schedule_id}/run", summary="Send one now", responses=_FITS)
def run(person: Asking, schedule_id: UUID) -> ScheduledExport:
    """Have a file made within a minute, and again when it is due next. Needs `submit`, of another's `admin`."""
    return _after(person, schedule_id, schedules.run_now)


@router.delete("/{schedule_id}", summary="Remove one", status_code=204, responses=_MISSING)
def remove(person: Asking, schedule_id: UUID) -> None:
    """Forget it with its history and files that wait; what was sent stays where it is. Needs `submit`, of another's
    `admin`."""
    scheduled_exports.get(person, schedule_id)
    schedules.remove(person, schedule_id)


@router.get("/{schedule_id}/runs", summary="Read what was sent", responses=_MISSING)
def runs(person: Asking, schedule_id: UUID) -> SentTimes:
    """What came of each time it was due. Needs `submit`."""
    scheduled_exports.get(person, schedule_id)
    return SentTimes(items=tuple(map(sending_model.run_of, scheduled_exports.runs(person, schedule_id))))


@router.post("/{schedule_id}/runs/{run_id}/send-again", summary="Send a file again", responses=_MISSING)
def send_again(person: Asking, schedule_id: UUID, run_id: UUID) -> SentTimes:
    """Send a file that was not sent once more, to where the schedule sends now. Needs `submit`, of another's
    `admin`."""
    _check_run(person, schedule_id, run_id)
    scheduled_exports.send_again(person, run_id)
    return runs(person, schedule_id)


@router.get(
    "/{schedule_id}/runs/{run_id}/file",
    summary="Fetch a file that waits",
    response_class=StreamingResponse,
    responses=FILE,
)
def fetch(person: Asking, schedule_id: UUID, run_id: UUID) -> Response:
    """For who made the schedule, while `has_file`. Needs `submit`."""
    _check_run(person, schedule_id, run_id)
    return streamed(book_files.download(person, run_id))


def _check_run(person: Person, schedule_id: UUID, run_id: UUID) -> None:
    if all(run.id != run_id for run in scheduled_exports.runs(person, schedule_id)):
        raise NotFound(scheduled_exports.NO_FILE)


def _after(person: Person, schedule_id: UUID, act: Callable[[Person, UUID], None]) -> ScheduledExport:
    scheduled_exports.get(person, schedule_id)
    act(person, schedule_id)
    return read(person, schedule_id)
