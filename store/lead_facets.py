"""How many leads of a list each value of a filter would leave, in one statement that reads a bounded number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection

from store.book_search import BookSearch, without
from store.lead_where import LeadWhere, Scope, conditions
from store.tables import leads

MOST_READ = 10_000
"""Leads that are read of each list; where more match, a count says “at least”."""
_MOST_CAMPAIGNS = 1000
"""Campaigns that are counted of a company; more never found the same one."""
NOBODY = ""
"""The value of companies without an owner."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The counts of one filter by value; ``is_cut``: more leads match than were read, so each is “at least”."""

    counts: Mapping[str, int]
    is_cut: bool


_Values = Callable[[sa.CTE], sa.Select[Any]]


def _of_column(name: str) -> _Values:
    return lambda some: sa.select(sa.func.coalesce(some.c[name], NOBODY).label("value"))


def _of_tags(some: sa.CTE) -> sa.Select[Any]:
    each = sa.func.unnest(some.c.tags).table_valued("value", name="each_tag").render_derived()
    return sa.select(each.c.value).select_from(some.join(each, sa.true()))


def _of_sources(some: sa.CTE) -> sa.Select[Any]:
    """Each source once a lead, however many of its records were merged."""
    origin = sa.column("origin", JSONB())
    each = (
        sa.func.jsonb_array_elements(some.c.origins).table_valued(origin, name="each_origin").render_derived()
    )
    source = each.c.origin["source"].astext
    return sa.select(some.c.id, source.label("value")).select_from(some.join(each, sa.true())).distinct()


def _of_campaigns(some: sa.CTE) -> sa.Select[Any]:
    by = leads.alias("by")
    same = sa.and_(by.c.workspace_id == some.c.workspace_id, by.c.company_id == some.c.company_id)
    # Company by company: joined freely, Postgres may read the index of everybody's companies.
    each = sa.select(by.c.campaign_id).where(same).limit(_MOST_CAMPAIGNS).lateral("found_by")
    value = sa.cast(each.c.campaign_id, sa.Text()).label("value")
    return sa.select(value).select_from(some.join(each, sa.true()))


# Each filter, the parts of a condition that are its own, and its values.
_FACETS: Mapping[str, tuple[tuple[str, ...], _Values]] = {
    "category": (("category",), _of_column("category")),
    "status": (("status",), _of_column("email_status")),
    "team_status": (("team_status",), _of_column("status")),
    "owner": (("owner", "has_owner"), _of_column("owner_id")),
    "tag": (("tag",), _of_tags),
    "source": (("source",), _of_sources),
    "campaign": (("campaign",), _of_campaigns),
}


def facets(conn: Connection, scope: Scope, where: LeadWhere) -> Mapping[str, Facet]:
    """Every filter's counts among the leads that all other filters let through."""
    read: dict[LeadWhere, sa.CTE] = {}
    parts: list[sa.SelectBase] = []
    for name, (own, values) in _FACETS.items():
        others = without(where, own)
        some = read.setdefault(others, _some(scope, others))
        found = values(some).subquery()
        count = sa.func.count()
        parts.append(
            sa.select(sa.literal(name).label("facet"), found.c.value, count.label("leads"))
            .select_from(found)
            .group_by(found.c.value)
        )
        parts.append(sa.select(sa.literal(name), sa.null(), count).select_from(some))
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    matching: dict[str, int] = {}
    rows: sa.CursorResult[Any] = conn.execute(sa.union_all(*parts))
    for row in rows:
        if row.value is None:
            matching[row.facet] = row.leads
        else:
            counted[row.facet][row.value] = row.leads
    return {name: Facet(counted[name], is_cut=matching[name] > MOST_READ) for name in _FACETS}


def _some(scope: Scope, where: LeadWhere) -> sa.CTE:
    team = scope.team
    wanted = (
        leads.c.workspace_id,
        leads.c.id,
        leads.c.company_id,
        leads.c.category,
        leads.c.email_status,
        leads.c.origins,
        scope.status.label("status"),
        sa.cast(team.owner_id, sa.Text()).label("owner_id"),
        team.tags,
    )
    if scope.is_book:
        return BookSearch(scope.workspace_id, where).some(wanted, MOST_READ + 1).cte()
    query = sa.select(*wanted).select_from(scope.tables).where(*conditions(scope, where))
    return query.limit(MOST_READ + 1).cte()
