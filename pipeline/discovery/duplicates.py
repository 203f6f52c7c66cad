"""Which records are one business.

Two records of one source are the same when they stand close together and share a name, or a phone or company domain
and a similar name. Records of two sources are written by different hands, so they are weighed (``likeness``). Branches
of a chain share names, phones and domains, so nothing far apart, and nothing of one source with two different
addresses, phones or pages of its own, is ever one business, not even through a third record. What has no position
follows rules of its own (``unplaced``).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from pipeline.discovery.distances import METRES_PER_DEGREE, NEAR_M, distance_m, has_position
from pipeline.discovery.likeness import ONE_BUSINESS, has_other_page, likeness, says_other_address
from pipeline.discovery.records import Record
from pipeline.discovery.unplaced import are_of_one_register, contact_keys, share_place, without_position

SAME_PLACE_M = 60
"""A node and an area of one building are drawn at most this far apart."""

_SIMILAR = 0.85
_LEAST_WORD = 4
_Cell = tuple[int, int] | None
_Key = tuple[str, ...]


def groups(records: Sequence[Record]) -> list[list[Record]]:
    """The records of each business, in the order given."""
    clusters = _Clusters(records)
    for first, second in _candidates(records):
        if clusters.root(first) != clusters.root(second) and _same(records[first], records[second]):
            clusters.join(first, second)
    return clusters.groups()


class _Clusters:
    """Union-find that refuses a union of clusters in which any two records contradict each other."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._parent = list(range(len(records)))
        self._members = [[index] for index in range(len(records))]

    def root(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def join(self, first: int, second: int) -> None:
        keep, drop = sorted((self.root(first), self.root(second)))
        left, right = self._members[keep], self._members[drop]
        if any(_contradict(self._records[a], self._records[b]) for a in left for b in right):
            return
        self._parent[drop] = keep
        self._members[keep] = left + right

    def groups(self) -> list[list[Record]]:
        roots = [index for index, parent in enumerate(self._parent) if index == parent]
        return [[self._records[member] for member in sorted(self._members[root])] for root in roots]


def _candidates(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Pairs that share a name, phone, domain or id within neighbouring cells of a grid of 150 m."""
    cells = _grid(records)
    is_mixed = len({record.origin.source for record in records}) > 1
    blocks: dict[tuple[_Key, _Cell], list[int]] = defaultdict(list)
    for index, record in enumerate(records):
        for key in (*_keys(record), *(_word_keys(record) if is_mixed else ())):
            blocks[(key, cells[index])].append(index)
    for (key, cell), members in blocks.items():
        yield from combinations(members, 2)
        for neighbour in _neighbours(cell):
            for other in blocks.get((key, neighbour), ()):
                yield from ((member, other) for member in members)
    yield from without_position(records)


def _neighbours(cell: _Cell) -> tuple[_Cell, ...]:
    if cell is None:
        return ()
    row, column = cell
    return (row, column + 1), (row + 1, column - 1), (row + 1, column), (row + 1, column + 1)


def _keys(record: Record) -> Iterator[_Key]:
    yield ("id", record.origin.source, record.origin.ref)
    yield ("name", *sorted(record.name_key))
    yield from contact_keys(record)


def _word_keys(record: Record) -> Iterator[_Key]:
    """Two sources rarely write a name alike: one word in common is enough to be looked at."""
    yield from (("word", word) for word in record.name_key if len(word) >= _LEAST_WORD)


def _grid(records: Sequence[Record]) -> list[_Cell]:
    """The cell of each record: at least 150 m wide at every latitude among them."""
    highest = max((abs(record.place.lat or 0.0) for record in records), default=0.0)
    step = NEAR_M / METRES_PER_DEGREE
    wide = step / max(math.cos(math.radians(min(highest, 89.0))), 0.01)

    def cell(record: Record) -> _Cell:
        lat, lon = record.place.lat, record.place.lon
        return None if lat is None or lon is None else (math.floor(lat / step), math.floor(lon / wide))

    return [cell(record) for record in records]


def _same(a: Record, b: Record) -> bool:
    if (a.origin.source, a.origin.ref) == (b.origin.source, b.origin.ref):
        return True
    if not (has_position(a) and has_position(b)):
        if are_of_one_register(a, b):
            return False
        if share_place(a, b):
            return True
        return _share_contact(a, b) and _similar(a.name_key, b.name_key)
    if a.origin.source != b.origin.source:
        is_near = distance_m(a, b) <= SAME_PLACE_M or _share_contact(a, b) or _share_address(a, b)
        return is_near and likeness(a, b) >= ONE_BUSINESS
    if sorted(a.name_key) == sorted(b.name_key):
        return distance_m(a, b) <= (NEAR_M if _share_address(a, b) or _share_contact(a, b) else SAME_PLACE_M)
    # One name within the other, in another trade: the shop of a museum, the restaurant of a hotel.
    return a.place.category == b.place.category and _share_contact(a, b) and _similar(a.name_key, b.name_key)


def _share_contact(a: Record, b: Record) -> bool:
    return any(a.value(field) and a.value(field) == b.value(field) for field in ("phone", "domain"))


def _share_address(a: Record, b: Record) -> bool:
    return bool(a.numbers & b.numbers) and _similar(a.street_words, b.street_words)


def _similar(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """One name holds all words of the other, or they differ by little spelling."""
    return set(a) <= set(b) or set(b) <= set(a) or _ratio(a, b) >= _SIMILAR


def _ratio(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    return SequenceMatcher(None, " ".join(a), " ".join(b), autojunk=False).ratio()


def _contradict(a: Record, b: Record) -> bool:
    """Whether two records cannot be one business, however alike: too far, another address, or another phone or page of
    its own within one source (two units of a chain in one mall) or another phone for another trade (a hotel and its
    restaurant)."""
    if (a.origin.source, a.origin.ref) == (b.origin.source, b.origin.ref):
        return False
    if distance_m(a, b) > NEAR_M or are_of_one_register(a, b):
        return True
    if a.place.is_by_postcode or b.place.is_by_postcode:
        # The address of a register is often another one than that of the business.
        return False
    phones = {a.value("phone"), b.value("phone")} - {None}
    if a.origin.source == b.origin.source:
        return _other_address(a, b) or len(phones) == 2 or has_other_page(a, b)
    return says_other_address(a, b) or (len(phones) == 2 and a.place.category != b.place.category)


def _other_address(a: Record, b: Record) -> bool:
    """Whether both name a street, and it is another street or another house in it."""
    if not (a.street_words and b.street_words):
        return False
    if not _similar(a.street_words, b.street_words):
        return True
    return bool(a.numbers and b.numbers and not a.numbers & b.numbers)
