"""The gazetteer: which localities the catalogue's own places speak of, where they are and how far they reach.

Two things tell where a locality is: the places whose address names it, and its own point on the map. An
address often lacks its city, so a locality is a circle, and every place inside belongs to it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.geo.countries import country_name, country_names
from pipeline.geo.localities import Locality, contains, keys_of
from pipeline.geo.location import distance_km
from pipeline.words.osm_tags import LOCALITY_KINDS
from pipeline.words.text import folded

# Places are counted on a grid of hundredths of a degree, about a kilometre.
GRID_PER_DEGREE = 100
# A town goes on a little behind the last address that names it.
_MARGIN_KM = 1.2
# Half a degree: places of one name in tiles that do not touch are localities of the same name.
_TILE = 50
_SAME_LOCALITY_KM = 30
# An address farther out than this many times the usual (median) distance is taken for an error; a locality
# is never taken for smaller than this.
_OUTLIER_FACTOR = 4
_SMALLEST_KM = 0.5
# A quarter ends on the way to its neighbour, a little past the middle as quarters are not round.
_SHARE_OF_WAY = 0.7
_QUARTER_KINDS = ("suburb", "quarter", "neighbourhood")
_LONGEST_NAME = 60
# With fewer towns outside one another the catalogue holds part of a country and does not offer the whole.
_TOWNS_OF_A_COUNTRY = 5
_TOWN_KINDS = ("city", "town", "village")
_NEAR = (-2, -1, 0, 1, 2)


@dataclass(frozen=True, slots=True)
class GridCount:
    """How many places of one city lie in one square of the grid, and their mean point."""

    city: str | None
    country: str | None
    region: str | None
    lat: float
    lon: float
    places: int

    @property
    def point(self) -> tuple[float, float]:
        return self.lat, self.lon

    @property
    def square(self) -> tuple[int, int]:
        return _square(self.lat, self.lon)


def derive(counts: Sequence[GridCount], nodes: Sequence[Locality]) -> list[Locality]:
    """Every locality the places and nodes speak of, with its reach and its number of places."""
    by_name: dict[str, list[GridCount]] = defaultdict(list)
    for count in counts:
        name = _address_name(count.city)
        if name:
            by_name[folded(name)].append(replace(count, city=name))
    towns = [_from_addresses(cluster) for found in by_name.values() for cluster in _clusters(found)]
    merged = _merged(towns, nodes)
    everywhere = _by_square(counts)
    counted = [_counted(locality, everywhere) for locality in merged]
    return [*counted, *_countries(counts, counted)]


def _address_name(city: str | None) -> str | None:
    """``Farringdon, London`` names Farringdon; house numbers and whole addresses name nothing."""
    name = (city or "").split(",")[0].strip()
    usable = name and len(name) <= _LONGEST_NAME and not any(char.isdigit() for char in name)
    return name if usable and folded(name) else None


def _clusters(counts: Sequence[GridCount]) -> Iterator[list[GridCount]]:
    """Squares whose coarse tiles touch, together."""
    tiles: dict[tuple[int, int], list[GridCount]] = defaultdict(list)
    for count in counts:
        tiles[count.square[0] // _TILE, count.square[1] // _TILE].append(count)
    while tiles:
        _, found = tiles.popitem()
        edge = [found]
        for members in edge:
            row, column = (part // _TILE for part in members[0].square)
            around = ((row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1))
            edge.extend(tiles.pop(tile) for tile in list(around) if tile in tiles)
        yield [count for members in edge for count in members]


def _from_addresses(cluster: Sequence[GridCount]) -> Locality:
    lat = _weighted_median([(count.point[0], count.places) for count in cluster])
    lon = _weighted_median([(count.point[1], count.places) for count in cluster])
    distances = [(distance_km(lat, lon, *count.point), count.places) for count in cluster]
    limit = max(_OUTLIER_FACTOR * _weighted_median(distances), _MARGIN_KM)
    name = _most(cluster, "city")
    return Locality(
        name=name or "",
        kind="town",
        keys=keys_of([name or ""]),
        lat=lat,
        lon=lon,
        radius_km=max(distance for distance, _ in distances if distance <= limit) + _MARGIN_KM,
        country=_most(cluster, "country"),
        region=_most(cluster, "region"),
    )


def _most(counts: Iterable[GridCount], field: str) -> str | None:
    votes: Counter[str] = Counter()
    for count in counts:
        value = getattr(count, field)
        if value:
            votes[value] += count.places
    return max(votes, key=lambda value: (votes[value], value)) if votes else None


def _weighted_median(values: list[tuple[float, int]]) -> float:
    half = sum(weight for _, weight in values) / 2
    for value, weight in sorted(values):
        half -= weight
        if half <= 0:
            return value
    return max(values)[0]


def _merged(towns: Sequence[Locality], nodes: Sequence[Locality]) -> list[Locality]:
    """Each point of the map joined with the addresses of its name nearby; either alone without the other."""
    free: dict[str, list[Locality]] = defaultdict(list)
    for town in towns:
        free[folded(town.name)].append(town)
    joined = []
    for node in sorted(_as_far_as_neighbours(nodes), key=_largest_kind_first):
        pair = next((town for key in node.keys for town in free[key] if _is_same(node, town)), None)
        if pair is None:
            joined.append(node)
            continue
        free[folded(pair.name)].remove(pair)
        joined.append(_joined(node, pair))
    return [*joined, *(town for rest in free.values() for town in rest)]


def _largest_kind_first(node: Locality) -> tuple[int, str]:
    return LOCALITY_KINDS.index(node.kind), node.ref or ""


def _joined(node: Locality, town: Locality) -> Locality:
    """The point of the map with the reach of the addresses; what people call the centre is that point."""
    return replace(
        node,
        keys=tuple(dict.fromkeys((*node.keys, *town.keys))),
        radius_km=town.radius_km + distance_km(node.lat, node.lon, town.lat, town.lon),
        country=node.country or town.country,
        region=town.region,
    )


def _is_same(node: Locality, town: Locality) -> bool:
    return distance_km(node.lat, node.lon, town.lat, town.lon) <= max(town.radius_km, _SAME_LOCALITY_KM)


def _as_far_as_neighbours(nodes: Sequence[Locality]) -> Iterator[Locality]:
    """Quarters no larger than the way to the next quarter allows."""
    quarters: dict[tuple[int, int], list[Locality]] = defaultdict(list)
    for node in nodes:
        if node.kind in _QUARTER_KINDS:
            quarters[_square(node.lat, node.lon)].append(node)
    for node in nodes:
        row, column = _square(node.lat, node.lon)
        around = [quarters.get((row + down, column + right), []) for down in _NEAR for right in _NEAR]
        ways = [
            distance_km(node.lat, node.lon, other.lat, other.lon)
            for others in around
            for other in others
            if other is not node
        ]
        reach = _SHARE_OF_WAY * min(ways, default=node.radius_km / _SHARE_OF_WAY)
        is_quarter = node.kind in _QUARTER_KINDS
        yield replace(node, radius_km=max(_SMALLEST_KM, min(reach, node.radius_km))) if is_quarter else node


_Squares = Mapping[tuple[int, int], Sequence[GridCount]]


def _square(lat: float, lon: float) -> tuple[int, int]:
    return math.floor(lat * GRID_PER_DEGREE), math.floor(lon * GRID_PER_DEGREE)


def _by_square(counts: Iterable[GridCount]) -> _Squares:
    squares: dict[tuple[int, int], list[GridCount]] = defaultdict(list)
    for count in counts:
        squares[count.square].append(count)
    return squares


def _counted(locality: Locality, squares: _Squares) -> Locality:
    inside = [count for count in _around(locality, squares) if _lies_in(count, locality)]
    return replace(
        locality,
        places=sum(count.places for count in inside),
        country=locality.country or _most(inside, "country"),
    )


def _lies_in(count: GridCount, locality: Locality) -> bool:
    return distance_km(locality.lat, locality.lon, *count.point) <= locality.radius_km


def _around(locality: Locality, squares: _Squares) -> Iterator[GridCount]:
    reach = int(locality.radius_km / 1.1) + 1
    row, column = _square(locality.lat, locality.lon)
    # Meridians converge: at 60 degrees a square is half as wide, at most a sixth is assumed.
    wide = reach * (2 if abs(locality.lat) < 60 else 6)
    for down in range(row - reach, row + reach + 1):
        for right in range(column - wide, column + wide + 1):
            yield from squares.get((down, right), ())


def _countries(counts: Sequence[GridCount], localities: Sequence[Locality]) -> Iterator[Locality]:
    towns = sorted((item for item in localities if item.kind in _TOWN_KINDS), key=lambda item: -item.places)
    apart: dict[str, list[Locality]] = defaultdict(list)
    for town in towns:
        known = apart[town.country or ""]
        if len(known) < _TOWNS_OF_A_COUNTRY and not any(contains(bigger, town) for bigger in known):
            known.append(town)
    for code, known in apart.items():
        if code and len(known) == _TOWNS_OF_A_COUNTRY:
            yield _country(code, [count for count in counts if count.country == code])


def _country(code: str, counts: Sequence[GridCount]) -> Locality:
    lats, lons = zip(*(count.point for count in counts), strict=True)
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    return Locality(
        name=country_name(code),
        kind="country",
        keys=keys_of(country_names(code)),
        lat=lat,
        lon=lon,
        radius_km=max(distance_km(lat, lon, *count.point) for count in counts) + _MARGIN_KM,
        country=code,
        places=sum(count.places for count in counts),
    )
