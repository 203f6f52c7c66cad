"""Leads of the book in an order: few that match are sorted, of many the first ones are met in the order of an index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from store.book_parts import Part, parts_of
from store.book_search import BookSearch
from store.keyset import Key
from store.lead_orders import LeadSort, order_of
from store.tables import leads, users

_Condition = sa.ColumnElement[bool]


def chosen(search: BookSearch, sort: LeadSort, offset: int, limit: int) -> tuple[sa.Subquery, sa.CTE]:
    """Leads that match behind so many others, by ``id``, with what they are ordered by, ``part`` and ``place``; and how
    many match, at most one more than are counted, as ``n``."""
    key = order_of(sort).key
    need = offset + limit
    counted, few = search.counted(key.value)
    if search.is_everything:
        ranked = sa.union_all(*_met(search, sort, [], need)).subquery()
    else:
        keys = (Key(few.c.key, key.descending), Key(few.c.id, key.descending))
        sorted_few = _placed(0, few, keys).order_by("place").limit(need)
        ranked = sa.union_all(
            sorted_few, *_met(search, sort, [sa.not_(search.are_few(counted))], need)
        ).subquery()
    query = sa.select(ranked).order_by(ranked.c.part, ranked.c.place)
    return query.offset(offset).limit(limit).subquery(), counted


def _met(search: BookSearch, sort: LeadSort, gates: Sequence[_Condition], need: int) -> list[sa.Select[Any]]:
    """The parts of an order, each of which is read when those before it did not bring enough."""
    found: list[sa.CTE] = []
    for number, part in enumerate(parts_of(sort), start=1):
        before = [sa.select(sa.func.count() < need).select_from(each).scalar_subquery() for each in found]
        which = [*search.met_in_order(), *gates, *before]
        rows = _of_people(part, which, need) if part.by_person else _of_part(part, which, need)
        keys = [Key(column, part.descending) for column in rows.c]
        found.append(_placed(number, rows, keys).cte())
    return [sa.select(each) for each in found]


def _of_part(part: Part, which: Sequence[_Condition], need: int) -> sa.Subquery:
    if part.which is not None:
        which = [*which, part.which]
    keys = part.order()
    named = [key.value.label("id" if key is keys[-1] else "key") for key in keys]
    return sa.select(*named).where(*which).order_by(*(key.order() for key in keys)).limit(need).subquery()


def _of_people(part: Part, which: Sequence[_Condition], need: int) -> sa.Subquery:
    """Person by person, as the addresses of owners stand in no index of leads."""
    own = sa.select(leads.c.id).where(*which, leads.c.owner_id == users.c.id)
    each = own.order_by(*(key.order() for key in part.order())).limit(need).lateral("each_owner")
    keys = (Key(sa.func.lower(users.c.email), part.descending), Key(each.c.id, part.descending))
    rows = sa.select(keys[0].value.label("key"), each.c.id).select_from(users.join(each, sa.true()))
    return rows.order_by(*(key.order() for key in keys)).limit(need).subquery()


def _placed(part: int, rows: sa.Subquery, keys: Sequence[Key]) -> sa.Select[Any]:
    place = sa.func.row_number().over(order_by=[key.order() for key in keys])
    return sa.select(sa.literal(part).label("part"), place.label("place"), rows.c.id)
