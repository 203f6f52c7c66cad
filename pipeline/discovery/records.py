"""One source record made comparable: every value read, every key computed once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.contact.contacts import Reading
from pipeline.fields import FIELDS, NAMED
from pipeline.lead import Origin
from pipeline.place import Place
from pipeline.place_address import country_of, house_number, text
from pipeline.providers.registry import registry
from pipeline.words.closure import is_ahead, is_closed
from pipeline.words.text import folded

LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "as", "bv", "co", "company", "corp", "ey", "ek", "gbr", "gmbh", "inc", "kft", "kg",
        "ky", "lda", "llc", "llp", "ltd", "limited", "mbh", "nv", "ohg", "oy", "oyj", "plc", "sa", "sarl",
        "sas", "sl", "slu", "sprl", "srl", "tmi", "ug",
    }
)  # fmt: skip
"""Words of a name that say what a company is in law; book_name in migrations/sql/0032_lists.sql has them as well."""


@dataclass(frozen=True, slots=True)
class Record:
    """A place with its values read and its keys for comparing.

    ``readings`` holds one reading a field ("address" is the street line alone); ``street_words`` and
    ``numbers`` are the address to compare by. ``region`` is its country, or that of values that name none.
    """

    place: Place
    origin: Origin
    name: str
    name_key: tuple[str, ...]
    readings: Mapping[str, Reading]
    street_words: tuple[str, ...]
    numbers: frozenset[str]
    region: str | None

    def value(self, field: str) -> str | None:
        return self.readings[field].value

    @property
    def richness(self) -> int:
        """How many fields are filled."""
        return sum(self.readings[field.name].value is not None for field in NAMED)


def is_open(place: Place, today: date) -> bool:
    """Whether a record is a business that exists: it has a name, and nothing says that it closed or is yet to open."""
    return _is_business(place) and not (is_closed(place, today) or is_ahead(place, today))


def is_gone(place: Place, today: date) -> bool:
    """Whether a record is a business that existed, and says itself that it closed."""
    return _is_business(place) and is_closed(place, today)


def _is_business(place: Place) -> bool:
    position = (place.lat, place.lon)
    return text(place.name) is not None and all(value is None or math.isfinite(value) for value in position)


def read(place: Place, default_country: str | None) -> Record:
    """The record of a place; ``default_country`` is the region of values that name none."""
    region = country_of(place) or default_country
    name = text(place.name) or ""
    return Record(
        place=place,
        origin=_origin(place),
        name=name,
        name_key=name_words(name),
        readings={field.name: field.reading(place, region) for field in FIELDS},
        street_words=tuple(folded((text(place.street) or "").replace("tr.", "trasse")).split()),
        numbers=frozenset(folded(house_number(place) or "").split()),
        region=region,
    )


def name_words(name: str) -> tuple[str, ...]:
    """The words of a business name without its legal form; the bare name when it holds no word."""
    found = tuple(folded(name).split())
    return tuple(word for word in found if word not in LEGAL_FORMS) or found or (name.casefold(),)


def _origin(place: Place) -> Origin:
    on_map = place.source == "openstreetmap"
    url = f"https://www.openstreetmap.org/{place.source_ref}" if on_map else None
    # What the terms of a source say of everything there is not kept with each value.
    is_declared = bool(registry().terms(place.source).licence)
    return Origin(
        source=place.source,
        ref=place.source_ref,
        observed_on=place.observed_on,
        url=url,
        licence=None if is_declared else place.licence or None,
        attribution=None if is_declared else place.attribution or None,
    )
