"""Where files of schedules may go, as people type it, and trying whether that works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import ValidationError

from jobs import export_delivery
from pipeline.delivery.places import (
    PLACES,
    DeliveryError,
    LinkPlace,
    MailPlace,
    Place,
    S3Place,
    SftpPlace,
    Target,
    WebhookPlace,
    place_of,
)
from pipeline.delivery.sftp import host_key, is_private_key
from pipeline.network.public_address import Unreachable
from pipeline.network.web_post import address_of
from pipeline.output import webhook_message
from pipeline.output.export import Spelling
from pipeline.output.webhook_message import TEST, Message
from services import identity
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from services.schedules import GONE
from store import clock, scheduled_exports, sealing
from store.database import Connection, Role, transaction
from store.ids import new_id
from store.scheduled_exports import PURPOSE
from store.scheduled_exports import ExportScheduleRow as ExportScheduleRow

_LONGEST_SECRET: Final = 10_000
_NAMES: Final = {
    "host": "The server",
    "port": "The port",
    "user": "The user",
    "folder": "The folder",
    "host_key": "The key of the server",
    "endpoint": "The endpoint",
    "region": "The region",
    "bucket": "The bucket",
    "prefix": "The folder",
    "access_key": "The access key",
    "url": "The address",
    "days": "The link",
}
_TYPED_WRONG: Final = {
    "days": "is open for 1 to 90 days",
    "port": "is a number from 1 to 65535",
    "region": "has letters, digits and hyphens, such as eu-central-1",
    "bucket": "has 3 to 63 small letters, digits, dots and hyphens",
    "access_key": "is the id of the key, as it was given",
    "host_key": "is its kind and fingerprint. Ask the server for it again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """When files are sent, as what, and where, as it was typed. ``columns`` are headings, none for all; ``place`` has
    the fields of the target's model in ``pipeline.delivery.places``. ``secret`` is the password or private key, the
    secret key of a bucket, or what messages are signed with; empty keeps the one there is."""

    name: str
    cron: str
    time_zone: str
    format: str
    columns: Sequence[str]
    spelling: Spelling
    target: Target
    place: Mapping[str, object]
    secret: str = field(default="", repr=False)


def key_shown(person: Person, server: Mapping[str, object]) -> str:
    """The key that a server shows now, to be compared and confirmed. Raises NotAllowed, and Invalid for the place's
    fields and ``place`` when it cannot be reached."""
    require(person, Right.EXPORT_LEADS)
    found = place_typed(Target.SFTP, {**server, "host_key": ""})
    try:
        return host_key(found, export_delivery.reach()) if isinstance(found, SftpPlace) else ""
    except DeliveryError as error:
        raise Invalid({"place": str(error)}) from None


def try_out(person: Person, delivery: Delivery, schedule_id: UUID | None = None) -> None:
    """Write a few bytes where files would go and remove them, or send a message that says it is a test.

    An empty secret is that of the schedule. Raises NotAllowed, NotFound, and Invalid for the place's fields,
    ``secret``, and ``place`` when it does not work.
    """
    require(person, Right.EXPORT_LEADS)
    place, secret = place_typed(delivery.target, delivery.place), delivery.secret
    check_secret(place, secret, kept_row(person, schedule_id) if schedule_id else None)
    with transaction(Role.WEB, proof=person.proof) as conn:
        secret = secret or _kept_secret(conn, person, schedule_id)
        now = clock.now(conn)
    try:
        if isinstance(place, WebhookPlace):
            message = Message(id=new_id(), event=TEST, at=now, data={})
            export_delivery.post(place, secret, (message, int(now.timestamp())))
        else:
            export_delivery.check(place, secret)
    except DeliveryError as error:
        raise Invalid({"place": str(error)}) from None


def kept_row(person: Person, schedule_id: UUID) -> ExportScheduleRow:
    """One of the workspace. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = scheduled_exports.listing(conn, person.workspace_id)
    row = next((row for row in found if row.id == schedule_id), None)
    if row is None:
        raise NotFound(GONE)
    return row


def place_typed(target: Target, typed: Mapping[str, object]) -> Place:
    """The place that was typed. Raises Invalid by its fields."""
    try:
        place = PLACES[target].model_validate(dict(typed))
        _check_reach(place)
    except ValidationError as error:
        raise Invalid(
            dict(_said(each["loc"], each["type"], each["msg"]) for each in error.errors())
        ) from None
    except Unreachable as error:
        raise Invalid({"url": f"{error} Type one such as https://crm.example.com/files."}) from None
    return place


def _said(where: Sequence[object], kind: str, message: str) -> tuple[str, str]:
    name = str(where[0]) if where else "place"
    why = _TYPED_WRONG.get(name) or message.removeprefix("Value error, ")
    if kind in ("missing", "too_short", "string_too_short"):
        why = "is missing"
    return name, f"{_NAMES.get(name, 'This')} {why[:1].lower()}{why[1:]}."


def _check_reach(place: Place) -> None:
    """What names can tell before anybody connects. Raises Invalid."""
    if isinstance(place, WebhookPlace):
        address_of(place.url)
    if not isinstance(place, S3Place):
        return
    found = urlsplit(place.endpoint)
    port = found.port or (443 if found.scheme == "https" else 80)
    if not export_delivery.reach().is_excepted(found.hostname or "", port) and (
        found.scheme != "https" or port != 443
    ):
        raise Invalid(
            {"endpoint": "The endpoint begins with https:// and names no port, unless EXPORT_HOSTS lists it."}
        )


def check_secret(place: Place, secret: str, before: ExportScheduleRow | None) -> None:
    """What was kept for one server is not told another one, whoever asks for that. Raises Invalid."""
    if isinstance(place, MailPlace | LinkPlace):
        return
    if not secret and before and before.target == _target_of(place):
        kept = place_of(before.target, dict(before.place))
        if kept.asks_secret_of == place.asks_secret_of:
            return
    if not secret or len(secret) > _LONGEST_SECRET:
        raise Invalid({"secret": "Type the password or the key."})
    if isinstance(place, SftpPlace) and secret.startswith("-----") and not is_private_key(secret):
        raise Invalid({"secret": "This private key cannot be read. It must have no password of its own."})
    if isinstance(place, WebhookPlace) and not webhook_message.is_secret(secret):
        raise Invalid({"secret": "The secret begins with whsec_, as it was shown."})


def _target_of(place: Place) -> Target:
    return next(target for target, model in PLACES.items() if isinstance(place, model))


def _kept_secret(conn: Connection, person: Person, schedule_id: UUID | None) -> str:
    if schedule_id is None:
        return ""
    kept = scheduled_exports.secret(conn, person.workspace_id, schedule_id)
    if kept is None:
        raise NotFound(GONE)
    try:
        return sealing.unseal(PURPOSE, kept)
    except sealing.Unreadable:
        raise Invalid({"secret": "It cannot be read any more: APP_SECRET changed. Type it again."}) from None


def sealed(secret: str) -> str:
    """The secret as it is kept. Raises Conflict without APP_SECRET."""
    if not identity.can_vouch():
        raise Conflict(identity.NO_SECRET)
    return sealing.seal(PURPOSE, secret)
