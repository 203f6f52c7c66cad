"""The gazetteer: which localities the catalogue's own places speak of, where they are and whom they hold.

Two things tell where a locality is: the places whose address names it, and its own point on the map. An address that
names its city, its part of one or its postcode decides where it belongs. One that names none belongs to the circle it
lies in, except in squares where most records name another locality.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.geo import recorded
from pipeline.geo.countries import country_name, country_names
from pipeline.geo.ground import Ground
from pipeline.geo.labels import labelled
from pipeline.geo.localities import Locality, contains
from pipeline.geo.location import distance_km
from pipeline.geo.map_points import joined
from pipeline.geo.place_words import keys_of, place_key
from pipeline.geo.recorded import GridCount
from pipeline.place import Level

# With fewer towns outside one another the catalogue holds part of a country and does not offer the whole.
_TOWNS_OF_A_COUNTRY = 5
_TOWN_KINDS = ("city", "town", "village")
_MARGIN_KM = 1.2


def derive(counts: Sequence[GridCount], nodes: Sequence[Locality]) -> list[Locality]:
    """Every locality the places and nodes speak of, with its reach and its number of places."""
    at = {level: [count for count in counts if count.level is level] for level in Level}
    named = {level: recorded.localities(level, at[level]) for level in Level if level is not Level.COUNTRY}
    ground = Ground(at)
    narrow = (*joined(nodes, named[Level.CITY], named[Level.PART]), *named[Level.POSTCODE])
    located = [ground.described(item) for item in narrow]
    wide = [_with_its_towns(item, located) for item in (*named[Level.COUNTY], *named[Level.STATE])]
    return labelled([*located, *wide, *_countries(at[Level.CITY], located)])


def _with_its_towns(wide: Locality, localities: Sequence[Locality]) -> Locality:
    """A county or state with the cities that are known to lie in it: few addresses name more than their city."""
    towns = [item for item in localities if item.level is Level.CITY and _is_of(item, wide)]
    named = {spelling for town in towns for spelling in town.spellings}
    return replace(
        wide,
        outer=tuple(sorted({*wide.outer, *named})),
        radius_km=max([wide.radius_km, *(_reach_km(wide, town) for town in towns)]),
        places=max(wide.places, sum(town.places for town in towns)),
    )


def _is_of(town: Locality, wide: Locality) -> bool:
    recorded_as = town.region if wide.level is Level.STATE else town.county
    return town.country == wide.country and place_key(recorded_as or "") in wide.keys


def _reach_km(wide: Locality, town: Locality) -> float:
    return distance_km(wide.lat, wide.lon, town.lat, town.lon) + town.radius_km


def _countries(counts: Sequence[GridCount], localities: Sequence[Locality]) -> Iterator[Locality]:
    towns = sorted((item for item in localities if item.kind in _TOWN_KINDS), key=lambda item: -item.places)
    apart: dict[str, list[Locality]] = defaultdict(list)
    for town in towns:
        known = apart[town.country or ""]
        if len(known) < _TOWNS_OF_A_COUNTRY and not any(contains(bigger, town) for bigger in known):
            known.append(town)
    for code, known in apart.items():
        if code and len(known) == _TOWNS_OF_A_COUNTRY:
            yield _country(code, [count for count in counts if count.country_code == code])


def _country(code: str, counts: Sequence[GridCount]) -> Locality:
    lats, lons = zip(*(count.point for count in counts), strict=True)
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    radius_km = max(distance_km(lat, lon, *count.point) for count in counts) + _MARGIN_KM
    return Locality(
        name=country_name(code),
        kind="country",
        level=Level.COUNTRY,
        keys=keys_of(country_names(code)),
        lat=lat,
        lon=lon,
        radius_km=radius_km,
        country=code,
        places=sum(count.places for count in counts),
        spellings=tuple(sorted({count.country for count in counts if count.country})),
        reach_km=radius_km,
    )
