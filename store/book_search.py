"""Which companies of the book match: found by an index whatever is asked for, and a bounded number of them.

Postgres trusts few operators with rows that row-level security has not let through yet; words, labels and patterns are
not among them. What is asked of those is looked up first by ``book_ids`` (migrations/sql/0044_open_now.sql). When it
brings all there are, the other conditions are asked of these alone; when there are too many, leads that match are met
soon anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from store.lead_marks import Mark, Wanted, having, probed
from store.lead_search import query_of, typed_words, words_of
from store.lead_where import LeadWhere, Scope, asked, of_book
from store.tables import leads

MOST_COUNTED = 10_000
"""More that match are not counted: the number would cost more the larger the book is."""
# Of these no statistics say how often they hold.
_UNKNOWN = (
    *("text", "place", "tag", "source", "email_kind", "has_profile", "near", "campaign"),
    *("is_exported", "exported_since", "exported_before", "is_suppressed", "is_open"),
)
# Of those that lack these there are indexes.
_LISTED = {"has_phone", "has_website"}
_Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class BookSearch:
    """The leads of the book that match ``where``, and of which ``more`` holds; no more than ``most`` are counted."""

    workspace_id: UUID
    where: LeadWhere
    more: tuple[_Condition, ...] = ()
    most: int = MOST_COUNTED

    @cached_property
    def scope(self) -> Scope:
        scope = of_book(self.workspace_id)
        return replace(scope, every=(*scope.every, *self.more), marked=probed(self.workspace_id))

    @property
    def is_everything(self) -> bool:
        """Nothing is asked for."""
        return _is_empty(self.where) and not self.more

    def counted(self, key: sa.ColumnElement[Any]) -> tuple[sa.CTE, sa.Subquery]:
        """How many match, at most one more than ``most``, as ``n``; and when they are not more than that, each one's
        ``id`` and ``key``."""
        each = [leads.c.id, key.label("key")]
        count = sa.select(sa.func.count().label("n"))
        if self._looked_up is not None and not self._is_answered:
            # What was looked up is read for both at once, as an index alone can answer neither.
            found = self.some(each, self.most + 1).cte()
            counted = count.select_from(found).cte()
            return counted, sa.select(found).where(self.are_few(counted)).subquery()
        which = self._looked_up
        if self.is_everything:
            # An index alone counts these.
            every = sa.select(sa.literal(1)).where(*self.scope.every).limit(self.most + 1)
            counted = count.select_from(every.subquery()).cte()
        elif which is None:
            counted = count.select_from(
                self.some([sa.literal(1).label("one")], self.most + 1).subquery()
            ).cte()
        else:
            counted = count.select_from(which).cte()
        return counted, self.some(each, self.most + 1, self.are_few(counted)).subquery()

    def some(self, columns: Sequence[Any], limit: int, *more: _Condition) -> sa.Select[Any]:
        """Columns of leads that match, at most so many, in no order; ``more`` has to hold as well."""
        every = (*self.scope.every, *more)
        if self._looked_up is None:
            query = sa.select(*columns).where(*every, *asked(self.scope, self.where)).limit(limit)
            return query.order_by(leads.c.id) if self._is_of_most and not more else query
        ids = self._looked_up
        are_all = sa.select(sa.func.count() <= self.most).select_from(ids).scalar_subquery()
        key = leads.c.company_id if self._mark else leads.c.id
        found = key == sa.any_(sa.func.array(sa.select(ids.c.id).scalar_subquery(), type_=ARRAY(sa.Uuid())))
        few = sa.select(*columns).where(*every, are_all, found, *asked(self.scope, self._rest))
        many = (
            sa.select(*columns).where(*every, sa.not_(are_all), *asked(self.scope, self.where)).limit(limit)
        )
        either = sa.union_all(few, sa.select(many.subquery())).subquery()
        return sa.select(*either.c).limit(limit)

    def met_in_order(self) -> Iterator[_Condition]:
        """What has to hold of leads that are read in an order: an order is worth it where many match, which Postgres
        cannot know of all conditions. It takes those that stand in a ``coalesce`` to hold of every second row."""
        yield from self.scope.every
        yield from asked(self.scope, without(self.where, _UNKNOWN))
        known = tuple(field.name for field in fields(LeadWhere) if field.name not in (*_UNKNOWN, "today"))
        for condition in asked(self.scope, without(self.where, known)):
            yield sa.func.coalesce(condition, sa.false())

    def are_few(self, counted: sa.CTE) -> _Condition:
        """No more match than are counted."""
        return sa.select(counted.c.n <= self.most).scalar_subquery()

    @cached_property
    def _looked_up(self) -> sa.CTE | None:
        where = self.where
        words = [*typed_words(where.text or ""), *words_of(where.place or "")]
        if not self._is_by_label:
            return self._marked
        query = sa.func.to_tsquery("simple", query_of(self.workspace_id, words)) if words else sa.null()
        found = sa.func.book_ids(
            self.workspace_id,
            sa.cast(query, TSQUERY()),
            sa.cast(list(where.tag) or None, ARRAY(sa.Text())),
            *(sa.cast(one, sa.Text()) for one in (where.source, where.email_kind)),
            sa.cast(where.is_open, sa.Boolean()),
            self.most + 1,
        )
        ids = found.table_valued(sa.column("id", sa.Uuid()), name="found").render_derived()
        return sa.select(ids.c.id).cte()

    @property
    def _is_by_label(self) -> bool:
        """Words, labels or who is open are asked for."""
        where = self.where
        words = typed_words(where.text or "") or words_of(where.place or "")
        labels = where.tag or where.source or where.email_kind
        return bool(words or labels) or where.is_open is not None

    @property
    def _mark(self) -> tuple[tuple[str, ...], Mark, Wanted] | None:
        """The mark whose companies are looked up, with its names in the conditions; most are not suppressed."""
        where = self.where
        if self._is_by_label:
            return None
        if where.is_suppressed:
            return ("is_suppressed",), Mark.SUPPRESSED, True
        if where.exported:
            return ("exported_since", "exported_before"), Mark.EXPORTED, where.exported
        return None if where.is_exported is None else (("is_exported",), Mark.EXPORTED, where.is_exported)

    @property
    def _marked(self) -> sa.CTE | None:
        """Companies, each of which has one lead in the book."""
        if self._mark is None:
            return None
        _, mark, wanted = self._mark
        return having(self.workspace_id, mark, wanted).limit(self.most + 1).cte()

    @property
    def _is_of_most(self) -> bool:
        """Only what most leads lack is asked for, and no index lists those: they are met one after the other, where
        Postgres would rather make a list of the whole workspace first."""
        unset = LeadWhere(today=self.where.today)
        asked_for = {
            field.name: getattr(self.where, field.name)
            for field in fields(LeadWhere)
            if getattr(self.where, field.name) != getattr(unset, field.name)
        }
        return bool(asked_for.keys() - _LISTED) and all(value is False for value in asked_for.values())

    @property
    def _is_answered(self) -> bool:
        """Nothing remains to be asked of leads that were looked up."""
        return _is_empty(self._rest) and not self.more

    @cached_property
    def _rest(self) -> LeadWhere:
        """What remains to be asked of leads that were looked up: a place stands in some columns alone, and a text
        without words was not looked up."""
        if self._mark is not None:
            return without(self.where, self._mark[0])
        answered = ["tag", "source", "email_kind", "is_open"]
        answered += ["text"] if typed_words(self.where.text or "") else []
        return without(self.where, answered)


def _is_empty(where: LeadWhere) -> bool:
    return where == LeadWhere(today=where.today)


def without(where: LeadWhere, names: Sequence[str]) -> LeadWhere:
    """The conditions without some of them."""
    defaults: dict[str, Any] = {
        field.name: field.default for field in fields(LeadWhere) if field.name in names
    }
    return replace(where, **defaults)
