"""Webhooks: what other systems are told of a workspace, set up by its admins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from pipeline.network.public_address import Unreachable
from pipeline.network.web_post import address_of
from pipeline.output import webhook_message
from pipeline.output.webhook_message import TEST
from pipeline.output.webhook_message import Event as Event
from services import identity
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, may, require
from store import sealing, webhooks
from store.database import Role, transaction
from store.ids import new_id
from store.webhooks import PURPOSE
from store.webhooks import DeliveryRow as DeliveryRow
from store.webhooks import WebhookRow as WebhookRow

CHANGE_OVER_H: Final = 24
"""Hours for which the secret before signs beside a new one."""
MOST, MOST_SHOWN = 10, 50
_LONGEST_URL = 500
IN_WORDS: Final = {
    Event.CAMPAIGN_ENDED: "A campaign has ended, however it did",
    Event.LEAD_VERIFIED: "The e-mail address of a lead was verified",
    Event.ALERT_RAISED: "An alert of the installation was raised",
    Event.ALERT_RESOLVED: "An alert of the installation was resolved",
}
"""Each event as people read it."""
_OF_INSTALLATION = frozenset({Event.ALERT_RAISED, Event.ALERT_RESOLVED})
_GONE = "We can't find that webhook. It may have been removed already."


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new webhook with its secret, the only time it is seen."""

    id: UUID
    secret: str = field(repr=False)


def listing(person: Person) -> tuple[WebhookRow, ...]:
    """The webhooks of the workspace, the oldest first. Raises NotAllowed."""
    require(person, Right.MANAGE_WEBHOOKS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(webhooks.listing(conn, person.workspace_id))


def events(person: Person) -> tuple[Event, ...]:
    """What a webhook of the person's may be told of: alerts are the administrators' of the installation."""
    may_see = may(person, Right.SEE_ALL_JOBS)
    return tuple(event for event in Event if may_see or event not in _OF_INSTALLATION)


def add(person: Person, url: str, about: Sequence[Event]) -> Made:
    """Tell an address of these events from now on.

    Raises NotAllowed, Invalid for ``url`` and ``events``, and Conflict beyond ten and without APP_SECRET.
    """
    require(person, Right.MANAGE_WEBHOOKS)
    where, what = _checked(person, url, about)
    made = Made(id=new_id(), secret=webhook_message.new_secret())
    kept = {"url": where, "events": what, "secret": _sealed(made.secret), "most": MOST}
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not webhooks.add(conn, person.workspace_id, person.id, made.id, kept):
            raise Conflict(f"A workspace has {MOST} webhooks at most. Remove one first.")
    return made


def change(person: Person, webhook_id: UUID, url: str, about: Sequence[Event]) -> None:
    """Send elsewhere, or something else; messages that wait go there, too. Raises NotAllowed, Invalid and NotFound."""
    require(person, Right.MANAGE_WEBHOOKS)
    where, what = _checked(person, url, about)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(webhooks.change(conn, person.workspace_id, webhook_id, where, what))


def pause(person: Person, webhook_id: UUID, *, is_paused: bool) -> None:
    """Promise it nothing more, or again; what was promised before is still sent. Raises NotAllowed and NotFound."""
    require(person, Right.MANAGE_WEBHOOKS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(webhooks.pause(conn, person.workspace_id, webhook_id, is_paused=is_paused))


def remove(person: Person, webhook_id: UUID) -> None:
    """Remove it with all messages to it, those that wait as well. Raises NotAllowed and NotFound."""
    require(person, Right.MANAGE_WEBHOOKS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(webhooks.remove(conn, person.workspace_id, webhook_id))


def renew_secret(person: Person, webhook_id: UUID) -> Made:
    """Sign with another secret, and for a day with the one before as well.

    Raises NotAllowed, NotFound, and Conflict without APP_SECRET.
    """
    require(person, Right.MANAGE_WEBHOOKS)
    made = Made(id=webhook_id, secret=webhook_message.new_secret())
    sealed = _sealed(made.secret)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(webhooks.renew_secret(conn, person.workspace_id, webhook_id, sealed, CHANGE_OVER_H))
    return made


def send_test(person: Person, webhook_id: UUID) -> None:
    """Send a message of the kind ``webhook.test``. Raises NotAllowed and NotFound."""
    require(person, Right.MANAGE_WEBHOOKS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        _found(webhooks.send(conn, person.workspace_id, webhook_id, new_id(), TEST))


def deliveries(person: Person, webhook_id: UUID) -> tuple[DeliveryRow, ...]:
    """The last messages to it, the newest first; none for a webhook there is not. Raises NotAllowed."""
    require(person, Right.MANAGE_WEBHOOKS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(webhooks.deliveries(conn, person.workspace_id, webhook_id, MOST_SHOWN))


def send_again(person: Person, delivery_id: UUID) -> None:
    """Send a message once more, under the same id and with as many tries as a new one.

    Raises NotAllowed, and NotFound when there is none or it is being tried anyway.
    """
    require(person, Right.MANAGE_WEBHOOKS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if not webhooks.send_again(conn, person.workspace_id, delivery_id):
            raise NotFound("This message is gone, or waits to be sent anyway.")


def _checked(person: Person, url: str, chosen: Sequence[Event]) -> tuple[str, list[str]]:
    wrong: dict[str, str] = {}
    where = url.strip()
    try:
        address_of(where)
    except Unreachable as error:
        wrong["url"] = f"{error} Type one such as https://crm.example.com/hooks/prospectpro."
    if len(where) > _LONGEST_URL or not where.isprintable():
        wrong["url"] = f"Type a web address of at most {_LONGEST_URL} ordinary characters."
    what = [event.value for event in Event if event in chosen]
    if not what:
        wrong["events"] = "Choose at least one event."
    if set(chosen) - set(events(person)):
        wrong["events"] = "Alerts are for administrators of the installation. Choose other events."
    if wrong:
        raise Invalid(wrong)
    return where, what


def _sealed(secret: str) -> str:
    if not identity.can_vouch():
        raise Conflict(identity.NO_SECRET)
    return sealing.seal(PURPOSE, secret)


def _found(is_there: bool) -> None:
    if not is_there:
        raise NotFound(_GONE)
