"""Sending files that schedules had made: what a worker does beside its campaigns (``jobs.side_work``).

A file is sent whole or not at all: under a name that is the same at each try of one time, so that whoever dies midway
leaves nothing that the next try does not put right.
"""

from __future__ import annotations

import hashlib
import io
import logging
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from pydantic import ValidationError

import settings
from jobs import export_delivery, mail_server
from jobs.mail_server import GiveUp
from pipeline import events
from pipeline.delivery.places import DeliveryError, LinkPlace, MailPlace, Parcel, WebhookPlace, place_of
from pipeline.output.ending_mail import message_id
from pipeline.output.export_mail import ReadyFile, compose
from pipeline.output.export_presets import known
from pipeline.output.file_names import scheduled_file_name
from pipeline.output.mail_message import Stamp
from pipeline.output.notices import counted
from pipeline.output.webhook_message import Message
from store import in_force, sealing, send_work
from store.database import Role, transaction
from store.scheduled_exports import PURPOSE
from store.send_work import SendWork

log = logging.getLogger(__name__)

WAITS_S: Final = (60, 300, 1800, 7200)
"""Seconds until the next try, the last one two and a half hours after the first; our own choice."""
EVENT: Final = "export.ready"
"""The kind of message that brings a file."""
MAILED, LINKED = "mail", "link"
"""Where a file went that waits in the application."""
# Above what a server may keep silent for.
_LEASE_S, _BEAT_S = 120, 10.0
_ROUND_S = 60.0


class _Lost(Exception):
    """The file was let go, or somebody else sends it by now."""


def are_due() -> bool:
    """Whether a file waits to be sent."""
    with transaction(Role.SYSTEM) as conn:
        return send_work.are_due(conn)


def run_due() -> Iterator[str]:
    """Send files as long as there are any, and begin none after a minute; yields a line on each for people."""
    until_s = time.monotonic() + _ROUND_S
    while time.monotonic() < until_s:
        with transaction(Role.WORKER) as conn:
            work = send_work.take(conn, _LEASE_S)
        if work is None:
            return
        yield _carried_out(work)


def _carried_out(work: SendWork) -> str:
    try:
        went_to = _delivered(work)
    except _Lost:
        return "A file of a schedule was let go while it was sent."
    except DeliveryError as error:
        return _not_sent(work, error)
    with transaction(Role.WORKER, lease=work) as conn:
        send_work.done(conn, went_to)
    return f"A file of a schedule with {counted(work.row_count, 'lead')} was sent."


def _not_sent(work: SendWork, error: DeliveryError) -> str:
    wait_s = None if error.is_final or work.tries > len(WAITS_S) else WAITS_S[work.tries - 1]
    with transaction(Role.WORKER, lease=work) as conn:
        send_work.failed(conn, str(error), wait_s)
    events.warning(log, "export_not_sent", run_id=work.job_id, target=work.target, reason=str(error))
    return f"A file of a schedule was not sent: {error}"


def _delivered(work: SendWork) -> str:
    try:
        place, mime = place_of(work.target, dict(work.place)), known()[work.format].mime
    except (ValidationError, KeyError):
        raise DeliveryError(
            "What is kept of the place or format is not known any more. Change it.", is_final=True
        ) from None
    if isinstance(place, MailPlace):
        return _mailed(work)
    if isinstance(place, LinkPlace):
        return LINKED
    secret = _unsealed(work)
    name = scheduled_file_name(work.name, work.due_at, work.job_id)
    with _read(work) as file:
        if isinstance(place, WebhookPlace):
            return export_delivery.post(place, secret, (_message(work, name, mime, file), _now_s(work)))
        watched = _Watched(file, work)
        return export_delivery.send(place, secret, Parcel(name=name, mime=mime, size=work.size, file=watched))


def _unsealed(work: SendWork) -> str:
    try:
        return sealing.unseal(PURPOSE, work.sealed or "")
    except sealing.Unreadable:
        raise DeliveryError(
            "The secret cannot be read: APP_SECRET changed. Type it again under Change.", is_final=True
        ) from None


@contextmanager
def _read(work: SendWork) -> Iterator[BinaryIO]:
    """The whole file as it was made."""
    digest, number = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as file:
        while True:
            with transaction(Role.WORKER, lease=work) as conn:
                data = send_work.part(conn, number)
            if data is None:
                break
            digest.update(data)
            file.write(data)
            number += 1
        if digest.digest() != work.sha256:
            raise _Lost
        file.seek(0)
        yield file


class _Watched(io.RawIOBase):
    """A file that is read while it is sent: each piece says that the work goes on. Raises _Lost from ``read``."""

    def __init__(self, file: BinaryIO, work: SendWork) -> None:
        self._file, self._work = file, work
        self._beat_at_s = time.monotonic() + _BEAT_S

    def read(self, size: int = -1, /) -> bytes:
        if time.monotonic() > self._beat_at_s:
            self._beat_at_s = time.monotonic() + _BEAT_S
            with transaction(Role.WORKER, lease=self._work) as conn:
                if not send_work.go_on(conn, _LEASE_S):
                    raise _Lost
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _message(work: SendWork, name: str, mime: str, file: BinaryIO) -> Message:
    if work.size > export_delivery.MOST_POSTED:
        raise DeliveryError(
            f"The file is larger than the {export_delivery.MOST_POSTED // 1_000_000} MB that travel in a message."
            " Narrow the filters, or send it by SFTP or into a bucket.",
            is_final=True,
        )
    data = {
        "schedule": work.called,
        "due_at": work.due_at.isoformat(),
        "leads": work.row_count,
        "file_name": name,
        "content_type": mime,
        "bytes": work.size,
        "sha256": work.sha256.hex(),
        "content_base64": b64encode(file.read()).decode(),
    }
    return Message(id=work.job_id, event=EVENT, at=work.begun_at, data=data)


def _now_s(work: SendWork) -> int:
    return int(work.now_at.timestamp())


def _mailed(work: SendWork) -> str:
    config = in_force.mail()
    if not config.smtp_host:
        raise DeliveryError(
            "No mail server is set. The file can be downloaded here; an administrator sets one on Providers.",
            is_final=True,
        )
    file = ReadyFile(
        called=work.called,
        leads=work.row_count,
        url=f"{settings.get().address()}/exports/{work.job_id}",
        until=f"{work.ends_at:%a %Y-%m-%d %H:%M} UTC",
    )
    problem = mail_server.handed_over(
        lambda: compose(
            file,
            Stamp(
                sender=config.mail_from,
                recipient=mail_server.deliverable(work.recipient),
                message_id=message_id(work.job_id, 0, config.mail_from),
                date=work.now_at,
            ),
        ),
    )
    if problem:
        raise DeliveryError(str(problem), is_final=isinstance(problem, GiveUp))
    return MAILED
