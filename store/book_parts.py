"""The orders of the book as ranges of its indexes: those with a value first, those without one behind them.

An index is read in either direction, so that one serves an order and its reverse. What stands here are the expressions
of migrations/sql/0039_fast_book.sql and 0089_more_orders.sql, word for word: Postgres knows an index by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.keyset import Key
from store.lead_orders import (
    LeadSort,
    as_long,
    is_descending,
    likely_to_reach,
    order_of,
    size_place,
    team_place,
)
from store.tables import leads

_L = leads.c
_Column = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Leads of an order that stand together: ``which`` they are, all when None, and the ``key`` they are ordered by
    before their ids, none when None. ``by_person``: by the address of their owner."""

    which: sa.ColumnElement[bool] | None
    key: _Column | None
    descending: bool
    by_person: bool = False

    def order(self) -> tuple[Key, ...]:
        """Both keys run the same way, as the index does."""
        own = () if self.key is None else (Key(self.key, self.descending),)
        return (*own, Key(_L.id, self.descending))


def parts_of(sort: LeadSort) -> tuple[Part, ...]:
    """The parts of an order, first to last."""
    down, by = is_descending(sort), sort.one_way
    whole = _always_given(by)
    if whole is not None:
        return (Part(None, whole, down),)
    if by is LeadSort.OWNER:
        return (
            Part(_L.owner_id.is_not(None), None, down, by_person=True),
            Part(_L.owner_id.is_(None), None, down),
        )
    key, given = _sometimes_given(by)
    return (Part(given, key, down), Part(sa.not_(given), None, down))


def _always_given(by: LeadSort) -> _Column | None:
    match by:
        case LeadSort.BEST | LeadSort.CONFIDENCE | LeadSort.COST | LeadSort.NEWEST | LeadSort.LAST_SEEN:
            return order_of(by).key.value
        case LeadSort.CATEGORY:
            return _L.category
        case LeadSort.NAME:
            return sa.func.lower(_L.name)
        case LeadSort.EMAIL_STATUS:
            return likely_to_reach()
        case LeadSort.TEAM_STATUS:
            return team_place()
    return None


def _sometimes_given(by: LeadSort) -> tuple[_Column, sa.ColumnElement[bool]]:
    """What an order is by, and when a lead has it."""
    match by:
        case LeadSort.REACH | LeadSort.FOLLOW_UP | LeadSort.PHONE:
            column: _Column = {LeadSort.REACH: _L.reach, LeadSort.PHONE: _L.phone}.get(by, _L.follow_up_on)
            return column, column.is_not(None)
        case LeadSort.COMPANY_SIZE:
            return size_place(), sa.func.jsonb_extract_path_text(_L.details, by.value).is_not(None)
        case LeadSort.TAGS:
            return sa.func.book_tag_text(_L.tags), _L.tags != sa.literal_column("'{}'")
        case LeadSort.SOURCE:
            text: _Column = sa.func.jsonb_extract_path_text(_L.origins, "0", "source")
        case _ if by.value in _L:
            text = _L[by.value]
        case _:
            text = sa.func.jsonb_extract_path_text(_L.details, by.value)
    key = as_long(text) if by is LeadSort.REVIEWS else text
    return sa.func.lower(key), text.is_not(None)
