"""What a customer system has to be able to do, and what is said to it: an adapter speaks its wire format alone.

Who is the same company there, and which of its values may be written, is ``pipeline.crm.matching``'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

_LONGEST_HOST = 253
BATCH = 50
"""Companies of one batch, where a system takes that many at once; our own choice."""
MOST_CUSTOMERS = 50_000
"""Customers that are fetched; our own choice."""


class CrmError(Exception):
    """It did not do what was asked; the message is a sentence for people.

    ``is_final``: asking again does not help before somebody has mended something. ``is_lost``: what was asked may have
    been done all the same. ``wait_s``: how long it wants to be left alone.
    """

    def __init__(
        self, said: str, *, is_final: bool = False, is_lost: bool = False, wait_s: float | None = None
    ) -> None:
        super().__init__(said)
        self.is_final = is_final
        self.is_lost = is_lost
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One company, or its contact, was not taken; ``why`` is a sentence for people that names nobody."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A company as it stands there, with those of its values that are not empty."""

    id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A company of ours as it would be written, by its own properties of theirs. ``known_id`` and ``contact_id`` are
    those of an earlier push; ``sent`` says what that wrote, as marks of values by property."""

    key: str
    values: Mapping[str, str] = field(repr=False)
    name: str | None = None
    domain: str | None = None
    email: str | None = field(default=None, repr=False)
    phone: str | None = None
    known_id: str | None = None
    contact_id: str | None = None
    sent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer by what it is known by again."""

    id: str
    name: str = ""
    domain: str = ""
    phone: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""


class Crm(Protocol):
    """An open connection to one account. Every method raises CrmError."""

    def properties(self) -> frozenset[str]:
        """The properties of its companies that can be written."""

    def find(self, wanted: Sequence[Outgoing], names: Sequence[str]) -> Mapping[str, Known]:
        """Those that are there already, by our key: by the id of an earlier push, then domain, e-mail address, phone,
        then whoever has the same name and all the values we would write; with their values of these properties."""

    def create(self, wanted: Sequence[Outgoing]) -> Mapping[str, str | Refused]:
        """Make companies; what came of each, by our key, its id or why not. Whoever is missing is looked for anew."""

    def update(self, changes: Mapping[str, Mapping[str, str]]) -> Mapping[str, Refused]:
        """Write values of companies, by their id; those that were not taken."""

    def contacts(self, wanted: Mapping[str, Outgoing]) -> Mapping[str, str | Refused]:
        """Make a contact with the e-mail address of each, at the company whose id is the key, unless there is one; what
        came of each, by our key."""

    def customers(self) -> Sequence[Customer]:
        """Everybody it calls a customer, at most ``MOST_CUSTOMERS``."""

    def close(self) -> None:
        """Close all connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a system is opened with: what was typed into its fields, what we call ourselves, when it is, the server that
    gets every request instead (empty: none), and the proxy that leads out of a company's network."""

    typed: Mapping[str, str] = field(repr=False)
    user_agent: str
    at: datetime
    gateway: str = ""
    proxy: str = ""


def pasted(value: str) -> str | None:
    """A token or key as it was pasted, without the space around it; None for what cannot be one."""
    token = value.strip()
    return token if re.fullmatch("[!-~]{8,500}", token) else None


def host_under(ending: str) -> Callable[[str], str | None]:
    """Reads a host under this ending, which a person types as an address, a host or its first part; None for any
    other."""

    def read(value: str) -> str | None:
        host = value.strip().lower().removeprefix("https://").partition("/")[0]
        host = host if "." in host else f"{host}.{ending}"
        labels = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
        return host if re.fullmatch(labels + re.escape(ending), host) and len(host) <= _LONGEST_HOST else None

    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something an admin types to connect a system. ``read`` gives what is kept of it, or None for what it cannot be,
    about which ``wrong`` is a sentence for people."""

    key: str
    label: str
    read: Callable[[str], str | None] = pasted
    wrong: str = "Paste it as it was given: 8 to 500 letters, digits and signs."
    is_secret: bool = True
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A customer system: what people call it, what is typed to connect it and where that is found there, which of our
    columns go into which of its properties unless somebody says otherwise, one of which columns it needs of each
    company, whom it calls customers (empty: it cannot be asked), how many companies are handed over at once, whether
    it keeps contacts beside companies, and how it is opened.
    """

    key: str
    label: str
    fields: Sequence[Field]
    told: str
    defaults: Mapping[str, str]
    needs: Sequence[str]
    customers: str
    open: Callable[[Access], Crm]
    batch: int = BATCH
    has_contacts: bool = True


def kept(kind: Kind, typed: Mapping[str, str]) -> str:
    """What was typed as one text: of a single field its value, which is how a token alone was always kept."""
    return json.dumps(dict(typed)) if len(kind.fields) > 1 else typed[kind.fields[0].key]


def typed_in(kind: Kind, text: str) -> Mapping[str, str]:
    """What was typed, from the text it was kept as."""
    typed: Mapping[str, str] = json.loads(text) if len(kind.fields) > 1 else {kind.fields[0].key: text}
    return typed


COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Name",
        "domain": "Domain",
        "website": "Website",
        "phone": "Phone",
        "email": "E-mail address",
        "address": "Address on one line",
        "street": "Street",
        "city": "City",
        "postcode": "Postcode",
        "state": "State",
        "country": "Country",
        "description": "Category and whom to credit",
        "opening_hours": "Opening hours",
        "confidence": "Confidence",
        "reach": "Reach",
    }
)
"""Our columns that can be handed over, as people read them."""
