"""What is recorded in each square, and what that says of the localities on it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.geo.localities import Locality
from pipeline.geo.location import distance_km, square_number, square_of
from pipeline.geo.recorded import GridCount, city_names, most, region_name, region_told
from pipeline.place import Level

_Square = tuple[int, int]
_Votes = Mapping[tuple[str, _Square], Counter[str]]


class Ground:
    """The squares of everything that was counted."""

    def __init__(self, at: Mapping[Level, Sequence[GridCount]]) -> None:
        self._at = {level: _by_square(counts) for level, counts in at.items()}
        self._rows = {level: _columns_by_row(squares) for level, squares in self._at.items()}
        self._regions = _votes_by_city(at[Level.POSTCODE], _region)
        self._counties = _votes_by_city(at[Level.COUNTY], lambda count: city_names(count.name)[:1])

    def described(self, found: Locality) -> Locality:
        """With the number of its places and what it lies in; squares of its circle that others hold are left out."""
        inside = [count for count in self._around(found, Level.CITY) if _lies_in(count, found)]
        found = _with_outer(found, inside)
        ceded = self._ceded(found)
        own = [count for count in inside if _may_be_of(count, found)]
        country = found.country or most((count.country_code, count.places) for count in own or inside)
        return replace(
            found,
            ceded=tuple(sorted(map(square_number, ceded))),
            places=found.places + self._silent(found, [count for count in own if count.square not in ceded]),
            country=country,
            region=found.region or region_name(country, own) or most(_votes_of(self._regions, own)),
            county=most(_votes_of(self._counties, own)),
        )

    def _ceded(self, found: Locality) -> set[_Square]:
        """Squares of the circle where more records name others of its level than name it; none where none does."""
        votes: dict[_Square, int] = defaultdict(int)
        own = set(found.spellings)
        for count in self._around(found, found.level) if own else ():
            if count.name:
                votes[count.square] += count.places if count.name in own else -count.places
        return {square for square, lead in votes.items() if lead < 0}

    def _silent(self, found: Locality, own: Sequence[GridCount]) -> int:
        """How many of these places name nothing that decides, so that the circle does."""
        if found.level is Level.CITY:
            return sum(count.places for count in own if not city_names(count.name))
        beside = self._at[found.level] if found.spellings else {}
        speaking = sum(
            count.places for square in {count.square for count in own} for count in beside.get(square, ())
        )
        return max(0, sum(count.places for count in own) - speaking)

    def _around(self, found: Locality, level: Level) -> Iterator[GridCount]:
        rows = self._rows[level]
        reach = int(found.radius_km / 1.1) + 1
        row, column = square_of(found.lat, found.lon)
        # Meridians converge: at 60 degrees a square is half as wide, at most a sixth is assumed.
        wide = reach * (2 if abs(found.lat) < 60 else 6)
        for down in range(row - reach, row + reach + 1):
            columns = rows.get(down, ())
            for right in columns[bisect_left(columns, column - wide) : bisect_right(columns, column + wide)]:
                yield from self._at[level][down, right]


def _with_outer(found: Locality, inside: Sequence[GridCount]) -> Locality:
    """A town that no address names lies in another as a quarter does: addresses inside name that one."""
    is_city = found.level is Level.CITY and (found.spellings or found.kind == "city")
    if found.level is Level.POSTCODE or is_city:
        return found
    parent = found.parent or most(
        (name, count.places) for count in inside for name in city_names(count.name)[-1:]
    )
    recorded = {count.name for count in inside if count.name and parent in city_names(count.name)}
    return replace(found, level=Level.PART, parent=parent, outer=tuple(sorted({*found.outer, *recorded})))


def _may_be_of(count: GridCount, found: Locality) -> bool:
    """Whether what the places record as their city does not rule the locality out."""
    if not city_names(count.name):
        return True
    if found.level is Level.CITY:
        return count.name in found.spellings
    return not found.outer or count.name in found.outer


def _region(count: GridCount) -> tuple[str, ...]:
    name = region_told(count.country_code, count)
    return (name,) if name else ()


def _votes_by_city(counts: Iterable[GridCount], told: Callable[[GridCount], tuple[str, ...]]) -> _Votes:
    """What records tell of the city they name, by that city and square."""
    votes: dict[tuple[str, _Square], Counter[str]] = defaultdict(Counter)
    for count in counts:
        if count.parent:
            votes[count.parent, count.square].update(dict.fromkeys(told(count), count.places))
    return votes


def _votes_of(votes: _Votes, counts: Sequence[GridCount]) -> Iterator[tuple[str, int]]:
    for count in counts:
        yield from votes.get((count.name or "", count.square), Counter()).items()


def _by_square(counts: Iterable[GridCount]) -> Mapping[_Square, list[GridCount]]:
    squares: dict[_Square, list[GridCount]] = defaultdict(list)
    for count in counts:
        squares[count.square].append(count)
    return squares


def _columns_by_row(squares: Iterable[_Square]) -> Mapping[int, Sequence[int]]:
    """Where in each row of squares anything was counted: a circle in the desert holds few."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(squares):
        rows[row].append(column)
    return dict(rows)


def _lies_in(count: GridCount, found: Locality) -> bool:
    return distance_km(found.lat, found.lon, *count.point) <= found.radius_km
