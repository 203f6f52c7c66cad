"""The map's own points of towns and quarters, joined with what records say of the same places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.geo.localities import DEFAULT_RADIUS_KM, PART_KINDS, Locality
from pipeline.geo.location import distance_km, square_of
from pipeline.geo.place_words import place_key
from pipeline.place import Level
from pipeline.words.osm_tags import LOCALITY_KINDS

_SAME_LOCALITY_KM = 30
# A quarter is never taken for smaller than this.
_SMALLEST_KM = 0.5
# A quarter ends on the way to its neighbour, a little past the middle as quarters are not round.
_SHARE_OF_WAY = 0.7
_NEAR = (-2, -1, 0, 1, 2)


def joined(nodes: Sequence[Locality], towns: list[Locality], parts: list[Locality]) -> list[Locality]:
    """Each point of the map with the records of its name nearby, and all that records name and the map does not."""
    cities, quarters = _by_key(towns), _by_key(parts)
    found: list[Locality] = []
    for node in sorted(as_far_as_neighbours(nodes), key=_largest_kind_first):
        part = _taken(quarters, node) if node.level is Level.PART else None
        town = _taken(cities, node)
        together = _joined(node, town) if town else node
        found.append(_joined(together, part) if part else together)
    return [*found, *_without_doubles(cities, quarters)]


def _by_key(localities: Sequence[Locality]) -> dict[str, list[Locality]]:
    free: dict[str, list[Locality]] = defaultdict(list)
    for locality in localities:
        free[place_key(locality.name)].append(locality)
    return free


def _taken(free: dict[str, list[Locality]], node: Locality) -> Locality | None:
    """What records of the same name nearby speak of; it is then no locality of its own any more."""
    pairs = (other for key in node.keys for other in free.get(key, ()) if _is_same(node, other))
    pair = next(pairs, None)
    if pair:
        free[place_key(pair.name)].remove(pair)
    return pair


def _is_same(node: Locality, other: Locality) -> bool:
    return distance_km(node.lat, node.lon, other.lat, other.lon) <= max(other.radius_km, _SAME_LOCALITY_KM)


def _largest_kind_first(node: Locality) -> tuple[int, str]:
    return LOCALITY_KINDS.index(node.kind), node.ref or ""


def _joined(node: Locality, recorded: Locality) -> Locality:
    """The point of the map with the reach of the records; what people call the centre is that point."""
    away_km = distance_km(node.lat, node.lon, recorded.lat, recorded.lon)
    return replace(
        node,
        keys=tuple(dict.fromkeys((*node.keys, *recorded.keys))),
        radius_km=max(recorded.radius_km + away_km, node.radius_km if node.spellings else 0),
        country=node.country or recorded.country,
        region=recorded.region or node.region,
        parent=recorded.parent or node.parent,
        places=max(node.places, recorded.places),
        spellings=tuple(sorted({*node.spellings, *recorded.spellings})),
        outer=tuple(sorted({*node.outer, *recorded.outer})),
        reach_km=max(node.reach_km, recorded.reach_km + away_km),
    )


def _without_doubles(
    cities: dict[str, list[Locality]], quarters: dict[str, list[Locality]]
) -> Iterator[Locality]:
    """What only records name; of a name that some record as a city and some as a part of one, most decide."""
    for key, parts in quarters.items():
        for part in parts:
            town = next((other for other in cities.get(key, ()) if _is_same(part, other)), None)
            if town is None:
                yield part
            elif town.places < part.places:
                cities[key].remove(town)
                yield _joined(part, town)
    yield from (town for rest in cities.values() for town in rest)


def as_far_as_neighbours(nodes: Sequence[Locality]) -> Iterator[Locality]:
    """Quarters no larger than the way to the next quarter of their kind allows: a neighbourhood inside a suburb is a
    part of it."""
    quarters: dict[tuple[int, int], list[Locality]] = defaultdict(list)
    for node in nodes:
        if node.kind in PART_KINDS:
            quarters[square_of(node.lat, node.lon)].append(node)
    for node in map(_bare, nodes):
        row, column = square_of(node.lat, node.lon)
        around = [quarters.get((row + down, column + right), []) for down in _NEAR for right in _NEAR]
        ways = [
            distance_km(node.lat, node.lon, other.lat, other.lon)
            for others in around
            for other in others
            if other.ref != node.ref and other.kind == node.kind
        ]
        reach = _SHARE_OF_WAY * min(ways) if ways else node.radius_km
        is_quarter = node.kind in PART_KINDS
        yield replace(node, radius_km=max(_SMALLEST_KM, min(reach, node.radius_km))) if is_quarter else node


def _bare(node: Locality) -> Locality:
    """A point of the map without what earlier records said of it."""
    return Locality(
        ref=node.ref,
        name=node.name,
        kind=node.kind,
        level=Level.PART if node.kind in PART_KINDS else Level.CITY,
        keys=node.keys,
        lat=node.lat,
        lon=node.lon,
        radius_km=DEFAULT_RADIUS_KM[node.kind],
        country=node.country,
    )
