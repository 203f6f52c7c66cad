"""What a source of businesses returns, and what it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One business as one source records it: values verbatim, missing ones ``None``.

    ``source`` is the source's key (``"openstreetmap"``), ``source_ref`` its own id (``"node/123"``),
    ``category`` an OSM tag (``"amenity=cafe"``), ``lat``/``lon`` WGS 84 degrees or
    None for a business without premises, and for one whose source states an address and no position, which
    ``is_by_postcode`` says; ``country`` an ISO 3166 alpha-2 code, ``observed_on`` the day of the snapshot the values
    were read from. The catalogue finds what ``is_by_postcode`` by the middle of its postcode, and keeps that point to
    itself. ``licence`` is that of the record by its SPDX identifier, ``attribution`` whom to credit for it; empty where
    the declaration of the source says both.
    """

    source: str
    source_ref: str
    name: str
    category: str
    lat: float | None
    lon: float | None
    street: str | None = None
    housenumber: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str | None = None
    phone: str | None = None
    website: str | None = None
    email: str | None = None
    opening_hours: str | None = None
    brand: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    observed_on: date | None = None
    licence: str = ""
    attribution: str = ""
    is_by_postcode: bool = False

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude of a place that has premises; raises ValueError for one that has none."""
        if self.lat is None or self.lon is None:
            raise ValueError(f"{self.source_ref} has no position")
        return self.lat, self.lon


class Level(StrEnum):
    """What of an address names a locality: its city, its part of one, its postcode ..."""

    CITY = "city"
    PART = "part"
    POSTCODE = "postcode"
    COUNTY = "county"
    STATE = "state"
    COUNTRY = "country"


# Tags that name a part of a city, https://wiki.openstreetmap.org/wiki/Key:addr:*
PART_TAGS = (
    "addr:suburb",
    "addr:quarter",
    "addr:neighbourhood",
    "addr:district",
    "addr:subdistrict",
    "addr:borough",
    "addr:city_district",
    "addr:hamlet",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How records name an area, which decides who belongs to it; a circle decides only for those that name none.

    ``spellings`` are the values of the address that name it, as they are recorded. ``outer`` are the cities that
    records inside may name, where the area is none itself; empty where any may be. ``reach_km`` is how far from the
    middle records that name it lie. ``ceded`` are squares (as ``square_number`` counts them) of the circle where most
    records name another.
    """

    level: Level
    spellings: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()
    reach_km: float = 0.0
    ceded: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where to look: a circle of ``radius_km`` around a point, under the name a person reads.

    ``country`` (ISO 3166 alpha-2) is the default region for phone numbers, when the area has one. ``named`` is set
    where the whole of a named place is meant and records say who belongs to it.
    """

    label: str
    lat: float
    lon: float
    radius_km: float
    country: str | None = None
    named: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeMatch:
    """What one typed business type means: OSM tags, or, when no category fits, words to search for.

    With both, a business needs one of the tags and every word: ``vegan cafe``.
    """

    typed: str
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQuery:
    """One question to a source: these types, in this area; of more than ``limit`` places only so many are needed."""

    types: tuple[TypeMatch, ...]
    area: Area
    limit: int
