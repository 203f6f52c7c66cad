"""Any other system: each company is posted as a signed message to an address of its own.

Signed as Standard Webhooks describes it (https://github.com/standard-webhooks/standard-webhooks, version 1). It cannot
be asked whom it has. So each push sends, and a message keeps its id while the company's values stay the same, by which
the other side tells that it has it already.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid4, uuid5

from pipeline.crm.adapter import COLUMNS, Access, CrmError, Customer, Field, Kind, Known, Outgoing, Refused
from pipeline.crm.wire import Rejected, made_singly, not_taken
from pipeline.network.public_address import Unreachable
from pipeline.network.web_post import Poster, address_of
from pipeline.output import webhook_message
from pipeline.output.webhook_message import TEST, Message

HANDED_OVER: Final = "company.handed_over"
"""The type of a message that brings a company."""
_LABEL = "The webhook"
_BATCH = 25
"""Companies at once: each waits ten seconds at most, and a worker holds a hand-off for ten minutes."""
_LONGEST_URL = 500
_WAIT_S = 10.0
_PREFIX, _FEWEST, _MOST = "whsec_", 24, 64
"""What a secret begins with, and how many bytes it has."""
_FIRST_GOOD, _FIRST_OTHER, _SERVER = 200, 300, 500
_TOO_MANY = 429
_CLOSED = frozenset({401, 403, 404, 405, 410})


class Webhook:
    """An address that takes companies."""

    def __init__(self, access: Access) -> None:
        self._url, self._secret = access.typed["url"], access.typed["secret"]
        self._opened_at, self._opened_s = access.at, time.monotonic()
        self._poster = Poster(access.user_agent, gateway=access.gateway, proxy=access.proxy)

    def close(self) -> None:
        """Close all connections."""
        self._poster.close()

    def properties(self) -> frozenset[str]:
        """Our own columns, once a message to try the address is taken."""
        self._send(uuid4(), TEST, {})
        return frozenset(COLUMNS)

    def find(self, wanted: Sequence[Outgoing], names: Sequence[str]) -> dict[str, Known]:
        """Those that were sent before; what is known of them there nobody can ask."""
        return {one.key: Known(id=one.known_id, values={}) for one in wanted if one.known_id}

    def create(self, wanted: Sequence[Outgoing]) -> dict[str, str | Refused]:
        """Send companies one by one; each is known there by our id."""
        return made_singly(_LABEL, wanted, lambda one: self._handed_over(one.key, one.values))

    def update(self, changes: Mapping[str, Mapping[str, str]]) -> dict[str, Refused]:
        """Send companies that were sent before, with all their values."""
        refused: dict[str, Refused] = {}
        for id, values in changes.items():
            try:
                self._handed_over(id, values)
            except Rejected as error:
                refused[id] = not_taken(_LABEL, error)
        return refused

    def contacts(self, wanted: Mapping[str, Outgoing]) -> dict[str, str | Refused]:
        """None: the address of a company goes with it."""
        return {}

    def customers(self) -> list[Customer]:
        """Nobody can be asked for them."""
        raise CrmError(f"{_LABEL} cannot be asked for customers.", is_final=True)

    def _handed_over(self, company: str, values: Mapping[str, str]) -> str:
        told = "|".join(f"{name}={value}" for name, value in sorted(values.items()))
        self._send(uuid5(UUID(company), told), HANDED_OVER, {"company_id": company, **values})
        return company

    def _send(self, id: UUID, event: str, data: Mapping[str, str]) -> None:
        now = self._opened_at + timedelta(seconds=time.monotonic() - self._opened_s)
        message = Message(id=id, event=event, at=now, data=data)
        headers = webhook_message.headers(message, int(now.timestamp()), [self._secret])
        try:
            status = self._poster.post(self._url, message.body(), headers)
        except Unreachable as error:
            raise CrmError(str(error), is_lost=True) from None
        if not _FIRST_GOOD <= status < _FIRST_OTHER:
            raise _refused(status)


def _refused(status: int) -> CrmError:
    if status == _TOO_MANY:
        return CrmError(f"{_LABEL} asks to be left alone for a while.", wait_s=_WAIT_S)
    if status >= _SERVER:
        return CrmError(f"{_LABEL} answered with the status {status}.", is_lost=True)
    if status in _CLOSED:
        said = f"{_LABEL} is closed: it answered with the status {status}. See to it there."
        return CrmError(said, is_final=True)
    return Rejected(_LABEL, f"status {status}")


def _url(value: str) -> str | None:
    url = value.strip()
    try:
        address_of(url)
    except Unreachable:
        return None
    return url if len(url) <= _LONGEST_URL and url.isprintable() else None


def _secret(value: str) -> str | None:
    secret = value.strip()
    try:
        count = len(b64decode(secret.removeprefix(_PREFIX), validate=True))
    except ValueError:
        return None
    return secret if secret.startswith(_PREFIX) and _FEWEST <= count <= _MOST else None


KIND = Kind(
    key="webhook",
    label="Webhook",
    fields=(
        Field(
            key="url",
            label="Address",
            read=_url,
            wrong="Type a public web address that begins with https://, of at most 500 characters.",
            is_secret=False,
            example="https://crm.example.com/companies",
        ),
        Field(
            key="secret",
            label="Signing secret",
            read=_secret,
            wrong="Type whsec_ and 24 to 64 bytes in base 64, as the other side has it.",
        ),
    ),
    told=(
        "For any other system: each company is posted to the address as JSON, signed with the secret as Standard"
        " Webhooks describes it."
    ),
    defaults=MappingProxyType({column: column for column in COLUMNS}),
    needs=("name", "domain"),
    customers="",
    open=Webhook,
    batch=_BATCH,
    has_contacts=False,
)
