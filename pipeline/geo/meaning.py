"""What a typed name means among the localities that bear its words: one, one of several, or none.

The data is asked before anything is decided: ``MD`` is a state or a country by what the catalogue knows of the place
it follows. Several that fit are offered, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.geo.countries import whole_country
from pipeline.geo.localities import Locality, contains
from pipeline.geo.location import distance_km
from pipeline.geo.place_words import keys_of
from pipeline.geo.typed import Span, TypedName
from pipeline.place import Level
from pipeline.words.osm_tags import LOCALITY_KINDS

MOST_OFFERED = 8
"""Candidates offered at once; our own choice."""
_MOST_NAMES = 4
# Of one name and inside one another, with businesses nearly as many: a city that is a state of its own.
_SAME_SHARE = 0.9
# An address of this name far from the town of the name is an error more often than a town; so are a few addresses
# that give their country for their city.
_STRAY_PLACES, _STRAY_SHARE, _STRAY_SHARE_OF_COUNTRY = 2, 0.01, 0.1
# What people call the small one by its full name and the large one by its first word.
_MUCH_LARGER = 5
_RANK = {
    level: rank
    for rank, level in enumerate(
        (Level.COUNTRY, Level.STATE, Level.COUNTY, Level.CITY, Level.PART, Level.POSTCODE)
    )
}
# Words that say what kind of place is meant, and the kinds of localities they may mean.
_KINDS = {
    **{kind: (kind,) for kind in (*LOCALITY_KINDS, "county", "state", "country", "postcode")},
    "district": ("county", "borough", "suburb"),
    "province": ("state",),
    "region": ("state",),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a typed name can mean, largest first: certain when it is one and ``is_near`` is not set. ``is_near``: none
    bears all of the words, these come near."""

    candidates: tuple[Locality, ...] = ()
    is_near: bool = False

    @property
    def chosen(self) -> Locality | None:
        return self.candidates[0] if len(self.candidates) == 1 and not self.is_near else None


def meaning(typed: TypedName, known: Sequence[Locality]) -> Meaning:
    """What the name means among ``known``, every locality that bears some of its words in a row as a name."""
    by_key = _by_key(known)
    for reading in typed.readings(_MOST_NAMES):
        found = list(_fitting(reading, by_key))
        if typed.near and found:
            point = typed.near
            found = [min(found, key=lambda item: distance_km(point.lat, point.lon, item.lat, item.lon))]
        if found:
            return Meaning(_offered(distinct(found)))
    return Meaning(_offered(distinct(_heads(typed, by_key))), is_near=True)


def with_larger_namesakes(found: Meaning, typed: TypedName, longer: Iterable[Locality]) -> Meaning:
    """Also those whose name goes on after the words and that are much larger: ``Frankfurt`` is Frankfurt am Main to
    most."""
    chosen = found.chosen
    if chosen is None:
        return found
    begun = tuple(f"{key} " for key in typed.whole.keys)
    larger = [
        item
        for item in longer
        if item.places > _MUCH_LARGER * max(chosen.places, 1)
        and any(key.startswith(begun) for key in item.keys)
    ]
    return Meaning(_offered(distinct([chosen, *larger])))


def _by_key(known: Iterable[Locality]) -> Mapping[str, list[Locality]]:
    by_key: dict[str, list[Locality]] = {}
    for item in known:
        for key in item.keys:
            by_key.setdefault(key, []).append(item)
    return by_key


def _bearers(span: Span, by_key: Mapping[str, list[Locality]]) -> dict[int, Locality]:
    """By the first of its keys that anything bears: a name in its own letters goes before one in Latin letters."""
    found = next((by_key[key] for key in span.keys if key in by_key), [])
    return {id(item): item for item in found}


def _fitting(reading: Sequence[Span], by_key: Mapping[str, list[Locality]]) -> Iterator[Locality]:
    """Localities named by one of the names that lie in what each of the others means."""
    for index, head in enumerate(reading):
        others = [*reading[:index], *reading[index + 1 :]]
        for item in _bearers(head, by_key).values():
            if all(_lies_in(item, other, by_key) for other in others):
                yield item


def _lies_in(item: Locality, around: Span, by_key: Mapping[str, list[Locality]]) -> bool:
    kinds = _KINDS.get(around.text)
    if kinds:
        return item.kind in kinds
    if item.country and whole_country(around.text) == item.country:
        return True
    if not item.around.isdisjoint(around.keys):
        return True
    return any(
        other is not item and _RANK[other.level] <= _RANK[item.level] and _is_around(other, item)
        for other in _bearers(around, by_key).values()
    )


def _is_around(outer: Locality, inner: Locality) -> bool:
    """Whether one locality lies in another by its middle, and records do not say that it lies elsewhere."""
    if not contains(outer, inner) or outer.radius_km < inner.radius_km:
        return False
    if outer.country and inner.country and outer.country != inner.country:
        return False
    by_records = {Level.CITY: inner.parent, Level.STATE: inner.region, Level.COUNTY: inner.county}
    told = by_records.get(outer.level)
    return told is None or outer.level is inner.level or bool(_keys(told) & set(outer.keys))


def _keys(name: str) -> set[str]:
    return set(keys_of([name]))


def _heads(typed: TypedName, by_key: Mapping[str, list[Locality]]) -> Iterator[Locality]:
    """What the longest known name among the words means, when the others do not fit it or are known to nobody."""
    for span in sorted(typed.spans(), key=lambda span: -len(span.text)):
        found = list(_bearers(span, by_key).values())
        if found:
            yield from found
            return


def distinct(found: Iterable[Locality]) -> list[Locality]:
    """Largest first, without stray addresses, empty places and what is the same ground under the same name."""
    ordered = sorted({id(item): item for item in found}.values(), key=lambda item: (-item.places, item.label))
    kept: list[Locality] = []
    for item in ordered:
        if kept and (item.places == 0 or _is_stray(item, kept[0])):
            continue
        same = next((other for other in kept if _is_same_ground(other, item)), None)
        if same is None:
            kept.append(item)
        elif item.level is Level.CITY:
            kept[kept.index(same)] = item
    return kept


def _is_stray(item: Locality, largest: Locality) -> bool:
    if item.ref is not None:
        return False
    if largest.level is Level.COUNTRY and item.country == largest.country:
        return item.places < _STRAY_SHARE_OF_COUNTRY * largest.places and not _is_other_name(item, largest)
    return item.places <= _STRAY_PLACES and item.places < _STRAY_SHARE * largest.places


def _is_other_name(one: Locality, other: Locality) -> bool:
    return set(one.keys).isdisjoint(other.keys)


def _is_same_ground(one: Locality, other: Locality) -> bool:
    if _is_other_name(one, other) or not contains(one, other):
        return False
    return other.places >= _SAME_SHARE * one.places


def _offered(found: Sequence[Locality]) -> tuple[Locality, ...]:
    return tuple(found[:MOST_OFFERED])
