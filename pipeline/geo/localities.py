"""A locality: a named circle that a typed location can mean, and how records name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.geo.countries import country_name
from pipeline.geo.location import distance_km
from pipeline.geo.place_words import keys_of, place_key
from pipeline.geo.regions import region_of
from pipeline.place import Area, Level, Named, Place

# How far a locality reaches when no address names it: our rule of thumb, by its kind.
DEFAULT_RADIUS_KM: Mapping[str, float] = {
    "city": 10,
    "town": 4,
    "borough": 3,
    "village": 2,
    "suburb": 1.5,
    "quarter": 1,
    "hamlet": 1,
    "neighbourhood": 0.7,
}
PART_KINDS = ("borough", "suburb", "quarter", "neighbourhood")
_NAME_TAGS = ("name", "alt_name", "official_name", "short_name", "int_name", "loc_name", "old_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Locality:
    """A named circle. ``ref`` is the source's id when the name is a point of the map itself.

    ``keys`` are its names in every language, ready to compare; ``parent`` is the city it lies in, ``county`` and
    ``region`` (a state or province) what is around that; ``places`` counts what belongs to it. ``label`` is the text
    that means this locality and no other. The rest is what ``Named`` says of it.
    """

    name: str
    kind: str
    keys: tuple[str, ...]
    lat: float
    lon: float
    radius_km: float
    level: Level = Level.CITY
    country: str | None = None
    region: str | None = None
    county: str | None = None
    parent: str | None = None
    places: int = 0
    ref: str | None = None
    label: str = ""
    spellings: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()
    reach_km: float = 0.0
    ceded: tuple[int, ...] = ()

    @property
    def around(self) -> frozenset[str]:
        """The keys of all it is recorded to lie in, its country aside."""
        region = region_of(self.country, self.region) if self.region else None
        names = [name for name in (self.parent, self.county, self.region) if name]
        return frozenset((*keys_of(names), *(region.keys if region else ())))

    @property
    def where(self) -> str:
        """Its name with what it lies in: ``Wedding, Berlin, Germany``."""
        country = country_name(self.country) if self.country else None
        parent = self.parent if self.level in (Level.PART, Level.POSTCODE) else None
        parts: dict[str, str] = {}
        for part in filter(None, (self.name, parent, self.region, country)):
            parts.setdefault(place_key(part), part)
        return ", ".join(parts.values())

    def area(self, radius_km: float | None) -> Area:
        """Where to look for it: the whole of it, or so far around its middle."""
        named = Named(
            level=self.level,
            spellings=self.spellings,
            outer=self.outer,
            reach_km=self.reach_km,
            ceded=self.ceded,
        )
        return Area(
            label=self.label or self.name,
            lat=self.lat,
            lon=self.lon,
            radius_km=radius_km or self.radius_km,
            country=self.country,
            named=None if radius_km else named,
        )


def from_node(place: Place) -> Locality:
    """A locality's own point (``place=suburb`` ...), as far as localities of its kind usually reach."""
    kind = place.category.partition("=")[2]
    tagged = (text for tag, text in place.tags.items() if tag.split(":")[0] in _NAME_TAGS)
    return Locality(
        ref=place.source_ref,
        name=place.name,
        kind=kind,
        level=Level.PART if kind in PART_KINDS else Level.CITY,
        keys=keys_of(name for text in (place.name, *tagged) for name in text.split(";")),
        lat=place.point[0],
        lon=place.point[1],
        radius_km=DEFAULT_RADIUS_KM[kind],
        country=place.country,
    )


def contains(outer: Locality, inner: Locality) -> bool:
    """Whether the middle of one locality lies in the circle of another."""
    return distance_km(outer.lat, outer.lon, inner.lat, inner.lon) <= outer.radius_km
