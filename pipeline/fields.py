"""The fields of a lead, in one table: what each is called, how it is read from a place, and where people see it.

Records, businesses, the stored columns, the reasons for empty fields, the lead's page, the command line and the columns
of exports are made from it. What rules speak of (a phone number, a website) is an attribute of ``Business`` and has a
column in the database. Any other field is one row here: its value is kept among the ``details`` of the business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from pipeline.campaign import clean_text
from pipeline.contact.contacts import NOTHING, Reading, email_address, phone_e164
from pipeline.contact.websites import company_domain, website_url
from pipeline.geo.countries import NUMBER_FIRST
from pipeline.lead import Business
from pipeline.place import Place

_MAX_TEXT = 300

Read = Callable[[Place, str | None], Reading]
"""Reads a field of a place; the second argument is the country (ISO 3166 alpha-2) of values that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a lead; its value is text.

    ``label`` is its heading on pages and in exports, ``noun`` what a sentence calls it ("no phone"), and ``wanted``
    what it is asked for as ("a phone number"; "a" and the noun where empty). ``read`` reads it
    from a place; without it the first of the ``tags`` that is there counts. ``is_contact``: a way to reach the business
    or to know when. ``is_explained``: a lead's page says where it is from or why it is empty. ``width`` is that of its
    column in exports, in characters; 0 keeps it out of them.
    """

    name: str
    label: str
    noun: str
    wanted: str = ""
    read: Read | None = None
    tags: tuple[str, ...] = ()
    is_contact: bool = False
    is_explained: bool = False
    width: int = 0

    @property
    def asked_for(self) -> str:
        """What a source is asked for, with its article."""
        return self.wanted or f"a {self.noun}"

    def reading(self, place: Place, region: str | None) -> Reading:
        """What a place says of it."""
        if self.read:
            return self.read(place, region)
        return Reading(next((value for tag in self.tags if (value := text(place.tags.get(tag)))), None))


def text(value: str | None) -> str | None:
    """One clean line of at most 300 characters, or None when nothing readable is left."""
    try:
        line = str(clean_text(value or ""))
    except ValueError:
        return None
    return line[:_MAX_TEXT].rstrip() or None


def country_of(place: Place) -> str | None:
    """The country a place names, when it is a code of ISO 3166 alpha-2."""
    code = (place.country or "").strip().upper()
    return code if re.fullmatch("[A-Z]{2}", code) else None


def house_number(place: Place) -> str | None:
    """The house number, several of them parted by slashes."""
    number = text(place.housenumber)
    return re.sub(r"\s*;\s*", "/", number) if number else None


def _street(place: Place, region: str | None) -> Reading:
    """The street line alone, in the order of the country."""
    street, number = text(place.street), house_number(place)
    if street is None or number is None:
        return Reading(street)
    return Reading(f"{number} {street}" if region in NUMBER_FIRST else f"{street} {number}")


def _city(place: Place, region: str | None) -> Reading:
    """A city's name holds a letter; the data also has floor numbers in this field."""
    city = text(place.city)
    return Reading(city if city and any(char.isalpha() for char in city) else None)


@lru_cache(maxsize=64)
def _website(raw: str | None) -> Reading:
    """Two fields are read from it, one after the other, and it takes a fifth of reading a record."""
    return website_url(raw)


def _domain(place: Place, region: str | None) -> Reading:
    website = _website(place.website).value
    return company_domain(website) if website else NOTHING


FIELDS: tuple[Field, ...] = (
    Field(name="address", label="Address", noun="street address", read=_street, is_explained=True, width=40),
    Field(
        name="postcode",
        label="Postcode",
        noun="postcode",
        read=lambda place, region: Reading(text(place.postcode)),
        width=10,
    ),
    Field(name="city", label="City", noun="city", read=_city, width=16),
    Field(
        name="country",
        label="Country",
        noun="country",
        read=lambda place, region: Reading(country_of(place)),
        width=8,
    ),
    Field(
        name="phone",
        label="Phone",
        noun="phone",
        wanted="a phone number",
        read=lambda place, region: phone_e164(place.phone, region),
        is_contact=True,
        is_explained=True,
        width=18,
    ),
    Field(
        name="website",
        label="Website",
        noun="website",
        read=lambda place, region: _website(place.website),
        is_contact=True,
        is_explained=True,
        width=36,
    ),
    Field(name="domain", label="Web domain", noun="website", read=_domain),
    Field(
        name="email",
        label="E-mail",
        noun="e-mail address",
        wanted="an e-mail address",
        read=lambda place, region: email_address(place.email),
        is_contact=True,
        is_explained=True,
        width=32,
    ),
    Field(
        name="opening_hours",
        label="Opening hours",
        noun="opening hours",
        wanted="opening hours",
        read=lambda place, region: Reading(text(place.opening_hours)),
        is_contact=True,
        is_explained=True,
    ),
    Field(
        name="brand",
        label="Brand",
        noun="brand",
        read=lambda place, region: Reading(text(place.brand)),
    ),
)
"""Every field, in the order people read them. A new one goes to the end, where importers of exports expect it."""

BY_NAME: Mapping[str, Field] = MappingProxyType({field.name: field for field in FIELDS})
NAMED = tuple(field for field in FIELDS if field.name in Business.__dataclass_fields__)
"""Those that are attributes of a business and columns of the database."""
DETAILS = tuple(field for field in FIELDS if field not in NAMED)
"""Those that are kept among the details of a business."""
EXPLAINED = tuple(field for field in FIELDS if field.is_explained)
TAGS = frozenset(tag for field in FIELDS for tag in field.tags)
"""The tags of a place that a field is read from; a source that keeps only some tags keeps these."""
