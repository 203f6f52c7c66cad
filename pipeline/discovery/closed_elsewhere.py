"""What records that say "closed" mean for the open ones that other sources have of the same business.

A business is left out where its own record says that it is gone. What another source says of it is a doubt: it may know
better, or mean the one that was there before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pipeline.discovery.duplicates import groups
from pipeline.discovery.records import Record
from pipeline.lead import Origin

Ref = tuple[str, str]
"""A source and its own id of a record."""

# Wider than two records of one business may be apart up to 80 degrees of latitude; only an outline, made exact later.
_CELL_DEGREES = 0.01


def closed_elsewhere(records: Sequence[Record], gone: Sequence[Record]) -> Mapping[Ref, Origin]:
    """Which of ``records`` another source says the business of is gone, and which record says so: one that is not older
    than they are. ``gone``: records whose own words are that the business closed."""
    if not gone:
        return {}
    cells = {cell for record in gone for cell in _around(record)}
    names = {record.name_key for record in gone}
    unplaced = {record.name_key for record in gone if _cell(record) is None}
    near = [
        record
        for record in records
        if (cell := _cell(record)) in cells or record.name_key in (names if cell is None else unplaced)
    ]
    closed = {_ref(record) for record in gone}
    said: dict[Ref, Origin] = {}
    for group in groups([*near, *gone]):
        witnesses = [record for record in group if _ref(record) in closed]
        for record in group:
            witness = next((other for other in witnesses if _knows_better(other, record)), None)
            if witness and _ref(record) not in closed:
                said[_ref(record)] = witness.origin
    return said


def _knows_better(witness: Record, record: Record) -> bool:
    """Within one source the open record is what is said today."""
    if witness.origin.source == record.origin.source or witness.origin.observed_on is None:
        return False
    return witness.origin.observed_on >= (record.origin.observed_on or date.min)


def _ref(record: Record) -> Ref:
    return record.origin.source, record.origin.ref


def _cell(record: Record) -> tuple[int, int] | None:
    lat, lon = record.place.lat, record.place.lon
    if lat is None or lon is None:
        return None
    return math.floor(lat / _CELL_DEGREES), math.floor(lon / _CELL_DEGREES)


def _around(record: Record) -> Iterator[tuple[int, int]]:
    if cell := _cell(record):
        yield from ((cell[0] + up, cell[1] + across) for up in (-1, 0, 1) for across in (-1, 0, 1))
