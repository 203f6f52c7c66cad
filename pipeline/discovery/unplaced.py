"""Which records may be one business where one of them has no position.

One without premises can only be recognised by its phone or domain, wherever the other stands. A register states an
address and no position: its companies are known again by their name together with an address, a postcode, a phone or a
domain, and never by one of these alone; two of one register are never one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.discovery.distances import NEAR_M, distance_m, has_position
from pipeline.discovery.records import Record
from pipeline.discovery.street_words import house_marks, street_words
from pipeline.words.text import folded

Key = tuple[str, ...]


def without_position(records: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Pairs, by their numbers, of which one has no position, those of which it is surest first."""
    unplaced = [index for index, record in enumerate(records) if not has_position(record)]
    registered = [index for index in unplaced if records[index].place.is_by_postcode]
    for keys in (_address_keys, _postcode_keys, _named_contact_keys):
        yield from _sharing(records, registered, keys)
    yield from _sharing(records, unplaced, contact_keys)


def contact_keys(record: Record) -> Iterator[Key]:
    """Its phone number and its company domain."""
    return ((field, value) for field in ("phone", "domain") if (value := record.value(field)))


def share_place(a: Record, b: Record) -> bool:
    """Whether records of one name, one of them of a register, state one postcode, or one address."""
    if not (a.place.is_by_postcode or b.place.is_by_postcode):
        return False
    return bool({*_postcode_keys(a), *_address_keys(a)} & {*_postcode_keys(b), *_address_keys(b)})


def are_of_one_register(a: Record, b: Record) -> bool:
    """Whether one register has them under two numbers."""
    return a.place.is_by_postcode and b.place.is_by_postcode and a.origin.source == b.origin.source


def _sharing(
    records: Sequence[Record], wanted: Sequence[int], keys: Callable[[Record], Iterable[Key]]
) -> Iterator[tuple[int, int]]:
    """Pairs of those wanted and of others that share a key."""
    if not wanted:
        return
    sharing: dict[Key, list[int]] = defaultdict(list)
    for index, record in enumerate(records):
        for key in keys(record):
            sharing[key].append(index)
    for index in wanted:
        for key in keys(records[index]):
            others = [other for other in sharing[key] if other != index]
            # A register knows one address of a chain: which of several branches it means, nobody can tell.
            if not (records[index].place.is_by_postcode and _lie_apart(records, others)):
                yield from ((index, other) for other in others)


def _lie_apart(records: Sequence[Record], among: Iterable[int]) -> bool:
    """Whether some of them are several places."""
    placed = [records[index] for index in among if has_position(records[index])]
    return any(distance_m(placed[0], other) > NEAR_M for other in placed[1:])


def _named(record: Record, *key: str) -> Key:
    return (*key, *sorted(record.name_key))


def _named_contact_keys(record: Record) -> Iterator[Key]:
    return (_named(record, *key) for key in contact_keys(record))


def _postcode_keys(record: Record) -> Iterator[Key]:
    if code := _postcode(record):
        yield _named(record, code)


def _address_keys(record: Record) -> Iterator[Key]:
    where = _postcode(record) or folded(record.value("city") or "")
    street = " ".join(word for word in street_words(record.place) if word.isalpha() and len(word) > 1)
    if where and street:
        yield from (_named(record, where, street, mark) for mark in house_marks(record.place))


def _postcode(record: Record) -> str:
    return "".join((record.value("postcode") or "").split()).upper()
