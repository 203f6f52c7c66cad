"""The fields of a lead, in one table: what each is called, how it is read from a place, and where people see it.

Records, businesses, the stored columns, the reasons for empty fields, the lead's page, the command line and the columns
of exports are made from it. What rules speak of (a phone number, a website) is an attribute of ``Business`` and has a
column in the database. Any other field is one row here: its value is kept among the ``details`` of the business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline import field_readers, place_address, place_contacts, place_facts
from pipeline.contact.contacts import Reading
from pipeline.field_readers import BETWEEN as BETWEEN
from pipeline.lead import Business
from pipeline.place import Place
from pipeline.place_address import country_of, text
from pipeline.words import register_tags
from pipeline.words.closure import doubt

Read = Callable[[Place, str | None], Reading]
"""Reads a field of a place; the second argument is the country (ISO 3166 alpha-2) of values that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a lead; its value is text.

    ``label`` is its heading on pages and in exports, ``noun`` what a sentence calls it ("no phone"), and ``wanted``
    what it is asked for as ("a phone number"; "a" and the noun where empty). ``read`` reads it
    from a place; without it the first of the ``tags`` that is there counts. ``is_contact``: a way to reach the business
    or to know when. ``is_explained``: a lead's page says where it is from or why it is empty. ``width`` is that of its
    column in exports, in characters; 0 keeps it out of them. ``is_several``: it holds values parted by ``BETWEEN``;
    ``others_of`` names the field whose further values they are. ``is_listed``: the table of leads has a column for it
    where one of them has a value. ``is_optional``: nobody misses it, so that nothing says why it is empty.
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
    is_several: bool = False
    others_of: str = ""
    is_listed: bool = True
    is_optional: bool = False

    @property
    def asked_for(self) -> str:
        """What a source is asked for, with its article."""
        return self.wanted or f"a {self.noun}"

    def reading(self, place: Place, region: str | None) -> Reading:
        """What a place says of it."""
        if self.read:
            return self.read(place, region)
        if self.others_of:
            return Reading(BETWEEN.join(BY_NAME[self.others_of].reading(place, region).others) or None)
        return Reading(next((value for tag in self.tags if (value := text(place.tags.get(tag)))), None))


def _stated(
    name: str, width: int, read: Read | None = None, *, tag: str = "", noun: str = "", is_listed: bool = False
) -> Field:
    """A field that registers of companies state."""
    words = name.replace("_", " ")
    tags = (tag,) if tag else ()
    return Field(
        name=name, label=words.capitalize(), noun=noun or words, read=read, tags=tags, width=width, is_listed=is_listed,
        is_optional=True,
    )  # fmt: skip


FIELDS: tuple[Field, ...] = (
    Field(
        name="address",
        label="Address",
        noun="street address",
        read=place_address.street,
        is_explained=True,
        width=40,
    ),
    Field(name="postcode", label="Postcode", noun="postcode", read=place_address.postcode, width=10),
    Field(name="city", label="City", noun="city", read=place_address.city, width=16),
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
        read=place_contacts.phones,
        is_contact=True,
        is_explained=True,
        width=18,
    ),
    Field(
        name="website",
        label="Website",
        noun="website",
        read=place_contacts.websites,
        is_contact=True,
        is_explained=True,
        width=36,
    ),
    Field(name="domain", label="Web domain", noun="website", read=field_readers.domain),
    Field(
        name="email",
        label="E-mail",
        noun="e-mail address",
        wanted="an e-mail address",
        read=place_contacts.emails,
        is_contact=True,
        is_explained=True,
        width=32,
    ),
    Field(
        name="opening_hours",
        label="Opening hours",
        noun="opening hours",
        wanted="opening hours",
        read=field_readers.hours,
        is_contact=True,
        is_explained=True,
        width=30,
    ),
    Field(
        name="brand",
        label="Brand",
        noun="brand",
        read=lambda place, region: Reading(text(place.brand)),
        width=16,
    ),
    Field(
        name="street",
        label="Street",
        noun="street",
        read=place_address.street,
        is_listed=False,
        is_optional=True,
    ),
    Field(name="state", label="State", noun="state", read=place_address.state, width=10, is_optional=True),
    Field(
        name="other_phones",
        label="Other phones",
        noun="further phone",
        wanted="further phone numbers",
        others_of="phone",
        width=30,
        is_optional=True,
        is_several=True,
        is_listed=False,
    ),
    Field(
        name="other_emails",
        label="Other e-mails",
        noun="further e-mail address",
        others_of="email",
        width=32,
        is_optional=True,
        is_several=True,
        is_listed=False,
    ),
    Field(
        name="other_websites",
        label="Other websites",
        noun="further website",
        others_of="website",
        width=36,
        is_optional=True,
        is_several=True,
        is_listed=False,
    ),
    Field(
        name="profiles",
        label="Profiles",
        noun="page on a social network",
        read=field_readers.profiles,
        width=40,
        is_optional=True,
        is_several=True,
        is_listed=False,
    ),
    Field(
        name="doubt",
        label="Doubt",
        noun="sign of a closure",
        read=lambda place, region: Reading(doubt(place)),
        width=30,
        is_optional=True,
    ),
    Field(
        name="also",
        label="Also",
        noun="further category",
        read=field_readers.further_categories,
        width=24,
        is_optional=True,
        is_several=True,
    ),
    Field(name="rating", label="Rating", noun="rating", read=place_facts.rating, width=8, is_optional=True),
    Field(
        name="reviews",
        label="Reviews",
        noun="number of reviews",
        read=place_facts.reviews,
        width=9,
        is_optional=True,
    ),
    _stated("legal_name", 32, field_readers.legal_name),
    _stated("register", 22, field_readers.register),
    _stated("company_number", 14, tag=register_tags.NUMBER),
    _stated(
        "founded", 12, place_facts.founded, tag=register_tags.FOUNDED, noun="date of founding", is_listed=True
    ),
    _stated("company_size", 12, place_facts.size, tag=register_tags.SIZE, is_listed=True),
    _stated("company_status", 20, tag=register_tags.STATUS),
    _stated("registered_office", 40, place_address.registered_office),
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
