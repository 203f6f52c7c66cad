"""Pages by key: what comes behind a position, so that no page reads the rows of those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Key:
    """One expression rows are ordered by; never null."""

    value: sa.ColumnElement[Any]
    descending: bool = False

    def order(self) -> sa.ColumnElement[Any]:
        """As ``order by`` takes it."""
        return self.value.desc() if self.descending else self.value.asc()

    def behind(self, position: object) -> sa.ColumnElement[bool]:
        """Rows whose key lies behind a position."""
        return sa.and_(self.value < position if self.descending else self.value > position)

    def not_before(self, position: object) -> sa.ColumnElement[bool]:
        """Rows whose key lies at a position or behind it."""
        return sa.and_(self.value <= position if self.descending else self.value >= position)


def page(
    query: sa.Select[Any],
    keys: Sequence[Key],
    after: Sequence[Any] | None,
    limit: sa.BindParameter[int] | int | None,
) -> sa.Select[Any]:
    """The rows of ``query`` in the order of ``keys``, from just behind ``after``; ``limit`` None means all of them.

    No two rows may share all keys, or a page would leave some of them out.
    """
    ordered = query.order_by(*(key.order() for key in keys)).limit(limit)
    return ordered if after is None else ordered.where(_behind(keys, after))


def _behind(keys: Sequence[Key], position: Sequence[Any]) -> sa.ColumnElement[bool]:
    """One range of an index on the keys when all run the same way."""
    if len({key.descending for key in keys}) == 1:
        row = sa.tuple_(*(key.value for key in keys))
        place = sa.tuple_(*position, types=[key.value.type for key in keys])
        return row < place if keys[0].descending else row > place
    first, *others = keys
    at, *rest = position
    return sa.and_(first.not_before(at), sa.or_(first.behind(at), _behind(others, rest)))
