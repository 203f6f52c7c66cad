"""One source record made comparable: every value read, every key computed once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.campaign import clean_text
from pipeline.contact.contacts import NOTHING, Reading, email_address, phone_e164
from pipeline.contact.websites import company_domain, website_url
from pipeline.geo.countries import NUMBER_FIRST
from pipeline.lead import Origin
from pipeline.place import Place
from pipeline.words.text import folded

CONTACT_FIELDS = ("phone", "website", "email", "opening_hours")
_MAX_TEXT = 300

_CLOSED_TAGS = ("disused", "abandoned", "demolished", "razed", "closed", "permanently_closed")
_CLOSED_WORDS = frozenset({"closed", "permanently_closed", "vacant", "disused", "abandoned"})
_LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "as", "bv", "co", "company", "corp", "ey", "ek", "gbr", "gmbh", "inc", "kft", "kg",
        "ky", "lda", "llc", "llp", "ltd", "limited", "mbh", "nv", "ohg", "oy", "oyj", "plc", "sa", "sarl",
        "sas", "sl", "slu", "sprl", "srl", "tmi", "ug",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A place with its values read and its keys for comparing.

    ``readings`` holds one reading a field ("address" is the street line alone); ``street_words`` and
    ``numbers`` are the address to compare by.
    """

    place: Place
    origin: Origin
    name: str
    name_key: tuple[str, ...]
    readings: Mapping[str, Reading]
    street_words: tuple[str, ...]
    numbers: frozenset[str]

    def value(self, field: str) -> str | None:
        return self.readings[field].value

    @property
    def richness(self) -> int:
        """How many fields are filled."""
        return sum(reading.value is not None for reading in self.readings.values())


def is_open(place: Place, today: date) -> bool:
    """Whether a record is a business that exists: it has a name, and nothing says that it closed."""
    tags = place.tags
    position = (place.lat, place.lon)
    if text(place.name) is None or not all(value is None or math.isfinite(value) for value in position):
        return False
    if place.category.partition("=")[2] in _CLOSED_WORDS:
        return False
    if any(tags.get(key, "no") not in ("no", "false") for key in _CLOSED_TAGS):
        return False
    if tags.get("operational_status", "") in _CLOSED_WORDS:
        return False
    ended = re.match(r"\d{4}(-\d\d)?(-\d\d)?$", tags.get("end_date", ""))
    # ISO dates order as text, and a year that has begun is no proof: "2026" ends on its last day.
    return not (ended and ended.group() < today.isoformat()[: len(ended.group())])


def read(place: Place, default_country: str | None) -> Record:
    """The record of a place; ``default_country`` is the region of values that name none."""
    country = _country(place.country)
    region = country or default_country
    street, number = text(place.street), _house_number(place.housenumber)
    website = website_url(place.website)
    readings = {
        "address": Reading(_street(street, number, region)),
        "city": Reading(_city(place.city)),
        "postcode": Reading(text(place.postcode)),
        "country": Reading(country),
        "phone": phone_e164(place.phone, region),
        "website": website,
        "domain": company_domain(website.value) if website.value else NOTHING,
        "email": email_address(place.email),
        "opening_hours": Reading(text(place.opening_hours)),
        "brand": Reading(text(place.brand)),
    }
    name = text(place.name) or ""
    return Record(
        place=place,
        origin=_origin(place),
        name=name,
        name_key=name_words(name),
        readings=readings,
        street_words=tuple(folded((street or "").replace("tr.", "trasse")).split()),
        numbers=frozenset(folded(number or "").split()),
    )


def text(value: str | None) -> str | None:
    """One clean line of at most 300 characters, or None when nothing readable is left."""
    try:
        line = str(clean_text(value or ""))
    except ValueError:
        return None
    return line[:_MAX_TEXT].rstrip() or None


def name_words(name: str) -> tuple[str, ...]:
    """The words of a business name without its legal form; the bare name when it holds no word."""
    found = tuple(folded(name).split())
    return tuple(word for word in found if word not in _LEGAL_FORMS) or found or (name.casefold(),)


def _origin(place: Place) -> Origin:
    on_map = place.source == "openstreetmap"
    url = f"https://www.openstreetmap.org/{place.source_ref}" if on_map else None
    return Origin(source=place.source, ref=place.source_ref, observed_on=place.observed_on, url=url)


def _country(value: str | None) -> str | None:
    code = (value or "").strip().upper()
    return code if re.fullmatch("[A-Z]{2}", code) else None


def _city(value: str | None) -> str | None:
    """A city's name holds a letter; the data also has floor numbers in this field."""
    city = text(value)
    return city if city and any(char.isalpha() for char in city) else None


def _house_number(value: str | None) -> str | None:
    number = text(value)
    return re.sub(r"\s*;\s*", "/", number) if number else None


def _street(street: str | None, number: str | None, region: str | None) -> str | None:
    if street is None or number is None:
        return street
    return f"{number} {street}" if region in NUMBER_FIRST else f"{street} {number}"
