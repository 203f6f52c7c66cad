"""What a customer system has to be able to do, and what is said to it: an adapter speaks its wire format alone.

Who is the same company there, and which of its values may be written, is ``pipeline.crm.matching``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

BATCH = 50
"""Companies of one batch; our own choice, below what the systems take at once."""


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
        """Those that are there already, by our key: by the id of an earlier push, then domain, e-mail address, phone;
        with their values of these properties."""

    def create(self, wanted: Sequence[Outgoing]) -> Mapping[str, str | Refused]:
        """Make companies; what came of each, by our key, its id or why not. Whoever is missing is looked for anew."""

    def update(self, changes: Mapping[str, Mapping[str, str]]) -> Mapping[str, Refused]:
        """Write values of companies, by their id; those that were not taken."""

    def contacts(self, wanted: Mapping[str, Outgoing]) -> Mapping[str, str | Refused]:
        """Make a contact with the e-mail address of each, at the company whose id is the key, unless there is one; what
        came of each, by our key."""

    def customers(self) -> Sequence[Customer]:
        """Everybody it calls a customer."""

    def close(self) -> None:
        """Close all connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A customer system: what people call it, what its token is called there, where it is, which of our columns go into
    which of its properties unless somebody says otherwise, and how it is opened (address, token, user agent, proxy)."""

    key: str
    label: str
    token_label: str
    told: str
    base_url: str
    defaults: Mapping[str, str]
    open: Callable[[str, str, str, str], Crm]


COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Name",
        "domain": "Domain",
        "website": "Website",
        "phone": "Phone",
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
