"""What records say of where they are, counted on a grid, and the localities that speak from it.

Records of one name whose squares lie near each other are one locality: its middle is where most of them are, its
circle leaves out those far from the rest, which are taken for errors.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.geo.countries import whole_country
from pipeline.geo.localities import Locality
from pipeline.geo.location import distance_km, square_of
from pipeline.geo.place_words import keys_of, place_key
from pipeline.geo.postcodes import code_keys, codes
from pipeline.geo.regions import region_at, region_of
from pipeline.place import Level

# Half a degree: places of one name in tiles that do not touch are localities of the same name.
_TILE = 50
# An address farther out than this many times the usual (median) distance is taken for an error.
_OUTLIER_FACTOR = 4
# A locality goes on a little behind the last address that names it.
_MARGIN_KM: Mapping[Level, float] = {Level.PART: 0.4, Level.POSTCODE: 0.4}
_MARGIN_OF_TOWN_KM = 1.2
# From the mean point of a square to any place in it.
_SQUARE_KM = 1.0
_LONGEST_NAME = 60
_KINDS = {Level.CITY: "town", Level.PART: "suburb"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCount:
    """How many places that record the same lie in one square of the grid, and their mean point.

    ``level`` says what of the address ``name`` is, as it is recorded; ``parent`` is the city, ``region`` the state and
    ``country`` the country they record beside it. Each place is counted once at ``Level.CITY``, with no name where it
    records none.
    """

    level: Level
    name: str | None
    lat: float
    lon: float
    places: int
    parent: str | None = None
    region: str | None = None
    country: str | None = None
    square: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "square", square_of(self.lat, self.lon))

    @property
    def point(self) -> tuple[float, float]:
        return self.lat, self.lon

    @property
    def country_code(self) -> str | None:
        return whole_country(self.country) if self.country else None


# Millions of records name thousands of cities.
@lru_cache(maxsize=65_536)
def city_names(recorded: str | None) -> tuple[str, ...]:
    """``Farringdon, London`` names Farringdon and London; house numbers and whole addresses name nothing."""
    names = [part.strip() for part in (recorded or "").split(",")]
    if not _is_name(names[0]):
        return ()
    return tuple(name for name in names if _is_name(name))


def _is_name(text: str) -> bool:
    return bool(text and len(text) <= _LONGEST_NAME and not any(map(str.isdigit, text)) and place_key(text))


def localities(level: Level, counts: Iterable[GridCount]) -> list[Locality]:
    """Every locality that records name at a level."""
    by_key: dict[str, list[tuple[str, GridCount]]] = defaultdict(list)
    for count in counts:
        for key, name in _names(level, count.country_code, count.name or ""):
            by_key[key].append((name, count))
    return [
        _from_cluster(level, cluster)
        for found in by_key.values()
        for cluster in _clusters(found)
        if level is not Level.CITY or any(_is_first(name, count) for name, count in cluster)
    ]


_Cluster = Sequence[tuple[str, GridCount]]


@lru_cache(maxsize=65_536)
def _names(level: Level, country: str | None, recorded: str) -> Sequence[tuple[str, str]]:
    """What a recorded value names, each with the key by which equal ones are told."""
    if level is Level.POSTCODE:
        return [(code_keys(code)[0], code) for code in codes(recorded)]
    if level is Level.STATE:
        region = region_of(country, recorded)
        name = region.name if region else recorded
        return [(place_key(name), name)] if _is_name(name) else []
    return [(place_key(name), name) for name in city_names(recorded)]


def _is_first(name: str, count: GridCount) -> bool:
    """Later parts of an address lend their records to a city, they make none."""
    return city_names(count.name)[0] == name


def _clusters(found: _Cluster) -> Iterator[_Cluster]:
    """Records whose coarse tiles touch, together."""
    tiles: dict[tuple[int, int], list[tuple[str, GridCount]]] = defaultdict(list)
    for name, count in found:
        row, column = count.square
        tiles[row // _TILE, column // _TILE].append((name, count))
    while tiles:
        _, first = tiles.popitem()
        edge = [first]
        for members in edge:
            row, column = (part // _TILE for part in members[0][1].square)
            around = ((row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1))
            edge.extend(tiles.pop(tile) for tile in list(around) if tile in tiles)
        yield [member for members in edge for member in members]


def _from_cluster(level: Level, cluster: _Cluster) -> Locality:
    counts = [count for _, count in cluster]
    lat = weighted_median((count.lat, count.places) for count in counts)
    lon = weighted_median((count.lon, count.places) for count in counts)
    distances = [(distance_km(lat, lon, *count.point), count.places) for count in counts]
    margin = _MARGIN_KM.get(level, _MARGIN_OF_TOWN_KM)
    farthest = max(distance for distance, _ in distances)
    limit = max(_OUTLIER_FACTOR * weighted_median(distances), _MARGIN_OF_TOWN_KM)
    near = max(distance for distance, _ in distances if distance <= limit)
    name = most((name, count.places) for name, count in cluster) or ""
    country = most((count.country_code, count.places) for count in counts)
    return Locality(
        name=name,
        kind=_KINDS.get(level, level.value),
        level=level,
        keys=_keys(level, name, country),
        lat=lat,
        lon=lon,
        radius_km=(farthest if level in (Level.STATE, Level.COUNTY) else near) + margin,
        country=country,
        region=region_name(country, counts),
        parent=_parent(counts) if level in (Level.PART, Level.POSTCODE) else None,
        places=sum(count.places for count in counts),
        spellings=tuple(sorted({count.name for count in counts if count.name})),
        outer=tuple(sorted({count.parent for count in counts if count.parent and city_names(count.parent)})),
        reach_km=farthest + _SQUARE_KM,
    )


def _parent(counts: Iterable[GridCount]) -> str | None:
    """The city most of the records name beside it."""
    return most((name, count.places) for count in counts for name in city_names(count.parent)[:1])


def _keys(level: Level, name: str, country: str | None) -> tuple[str, ...]:
    if level is Level.POSTCODE:
        return code_keys(name)
    region = region_of(country, name) if level is Level.STATE else None
    # A code of a state is too short for a name of its own: "IN" and "ME" are words.
    named = [key for key in region.keys if len(key) > 3] if region else []
    return tuple(dict.fromkeys((*keys_of([name]), *named)))


def region_name(country: str | None, counts: Iterable[GridCount]) -> str | None:
    """The state most records speak of, by its name where that is known: they record it, or a postcode of it."""
    return most((region_told(country, count), count.places) for count in counts)


def region_told(country: str | None, count: GridCount) -> str | None:
    """The state that records of a country tell, by its name where that is known."""
    recorded = count.name if count.level is Level.STATE else count.region
    return _region_of(country, recorded, count.name if count.level is Level.POSTCODE else None)


@lru_cache(maxsize=65_536)
def _region_of(country: str | None, recorded: str | None, at: str | None) -> str | None:
    region = region_of(country, recorded) if recorded else region_at(country, at)
    return region.name if region else recorded


def most(votes: Iterable[tuple[str | None, int]]) -> str | None:
    """The text with most votes, of equals the last in the alphabet; empty ones do not count."""
    counted: Counter[str] = Counter()
    for text, weight in votes:
        if text:
            counted[text] += weight
    return max(counted, key=lambda text: (counted[text], text)) if counted else None


def weighted_median(values: Iterable[tuple[float, int]]) -> float:
    """The value that half the weight lies below."""
    ordered = sorted(values)
    half = sum(weight for _, weight in ordered) / 2
    for value, weight in ordered:
        half -= weight
        if half <= 0:
            return value
    return ordered[-1][0]
