"""Bulk orders before they are placed: what people wrote, what each row means, and what all of it would cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline import bulk_rows
from pipeline.bulk_rows import MAX_ORDERS, MAX_WRITTEN, TOO_MANY, BulkRow, Common
from pipeline.campaign import CampaignSpec
from pipeline.imports import bulk_table
from pipeline.imports.bulk_table import Column as Column
from pipeline.imports.bulk_table import Head as Head
from pipeline.imports.table_text import Unreadable
from pipeline.money.estimate import Estimate
from services import planning
from services.errors import Invalid
from services.identity import Person

_NOTHING = "There is no order here. Write one a line: dentist; Helsinki; 20."
_NEEDED = "Choose the column of the types of business and that of the place."
_TWICE = "One column of the file is chosen twice. Choose each for one thing."


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkQuote:
    """What the orders would find, cost and take together, from low to high. Of a company that several of them find each
    counts it, so both ends are at the safe side. Money in micro-dollars; ``duration_s`` is one after the other."""

    orders: int
    leads: tuple[int, int]
    cost_micros: tuple[int, int]
    duration_s: tuple[int, int]


def pasted(text: str, common: Common) -> tuple[BulkRow, ...]:
    """The orders of a pasted list. Raises Invalid for none, and for too many."""
    if len(text) > MAX_WRITTEN:
        raise Invalid(TOO_MANY)
    return _some(bulk_rows.of_lines(text, common))


def crossed(types: Sequence[str], places: Sequence[str], common: Common) -> tuple[BulkRow, ...]:
    """Every type in every place. Raises Invalid for none, and for too many."""
    if len(types) * len(places) > MAX_ORDERS:
        raise Invalid(f"These are {len(types) * len(places):,} campaigns. {TOO_MANY}")
    return _some(bulk_rows.crossed(types, places, common))


def head(data: bytes) -> Head:
    """The columns of a table. Raises Invalid for a file that cannot be read."""
    try:
        return bulk_table.head(data)
    except Unreadable as problem:
        raise Invalid(str(problem)) from None


def uploaded(data: bytes, columns: Mapping[Column, int], common: Common) -> tuple[BulkRow, ...]:
    """The orders of a table. Raises Invalid for columns that cannot be, a file that cannot be read, and too many."""
    if any(needed not in columns for needed in bulk_table.NEEDED):
        raise Invalid({"columns": _NEEDED})
    if len(set(columns.values())) < len(columns):
        raise Invalid({"columns": _TWICE})
    try:
        return _some(tuple(bulk_table.rows(data, columns, common)))
    except Unreadable as problem:
        raise Invalid(str(problem)) from None


def estimates(person: Person, specs: Iterable[CampaignSpec]) -> Iterator[Estimate]:
    """The plan of each order, one after the other: of hundreds it takes a while."""
    for spec in specs:
        yield planning.estimate(person, spec)


def quote(found: Sequence[Estimate]) -> BulkQuote:
    """The plans put together."""
    return BulkQuote(
        orders=len(found),
        leads=(sum(one.leads_low for one in found), sum(one.leads_high for one in found)),
        cost_micros=(sum(one.cost_low_micros for one in found), sum(one.cost_high_micros for one in found)),
        duration_s=(sum(one.duration_low_s for one in found), sum(one.duration_high_s for one in found)),
    )


def _some(rows: tuple[BulkRow, ...]) -> tuple[BulkRow, ...]:
    if not rows:
        raise Invalid(_NOTHING)
    if len(rows) > MAX_ORDERS:
        raise Invalid(f"These are {len(rows):,} campaigns. {TOO_MANY}")
    return rows
