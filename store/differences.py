"""What two runs differ in, by an index of both: which companies only one of them has, and which values changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.lead_rows import COLUMNS, Reader
from store.leads import StoredLead
from store.tables import leads

MARKED = (
    *("name", "category", "phone", "email", "email_status", "website", "address", "opening_hours"),
    "doubt",
)
"""The values two runs are compared by, in the order of the bits and of ``leads.marks``."""

_D = sa.func.run_differences(
    sa.bindparam("workspace", type_=sa.Uuid()),
    sa.bindparam("earlier", type_=sa.Uuid()),
    sa.bindparam("later", type_=sa.Uuid()),
).table_valued(
    sa.column("changed", sa.Integer()),
    *(sa.column(name, sa.Uuid()) for name in ("was", "becomes", "company")),
    sa.column("figure", sa.Integer()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Two runs of one workspace."""

    workspace_id: UUID
    earlier: UUID
    later: UUID

    def given(self) -> dict[str, UUID]:
        """As the statements take them."""
        return {"workspace": self.workspace_id, "earlier": self.earlier, "later": self.later}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many companies only the later run has, only the earlier one, both with the same values, both with others; and
    how often each value is another one."""

    new: int
    gone: int
    same: int
    changed: int
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The leads both runs have of one company; ``values`` are those that are others."""

    was: UUID | None
    becomes: UUID | None
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAgain:
    """A business the later run found as well without making it a lead of the same company. ``is_lead``: of another."""

    confidence: int
    reach: int | None
    chain: str | None
    is_lead: bool
    details: Mapping[str, str] = field(default_factory=dict)


def counts(conn: Connection, runs: Runs) -> Counts:
    """All differences, counted."""
    only_later, only_earlier = _D.c.was.is_(None), _D.c.becomes.is_(None)
    parts = (only_later.label("is_new"), only_earlier.label("is_gone"), _D.c.changed)
    query = sa.select(*parts, sa.func.count().label("companies")).group_by(*parts)
    new = gone = same = changed = 0
    values: dict[str, int] = {}
    for row in conn.execute(query, runs.given()):
        if row.is_new:
            new += row.companies
        elif row.is_gone:
            gone += row.companies
        elif not row.changed:
            same += row.companies
        else:
            changed += row.companies
            for name in _names(row.changed):
                values[name] = values.get(name, 0) + row.companies
    return Counts(new=new, gone=gone, same=same, changed=changed, values=values)


def new(conn: Connection, runs: Runs, offset: int, limit: int | None) -> list[Pair]:
    """Companies that only the later run has, the best first."""
    return _pairs(conn, runs, _D.c.was.is_(None), offset, limit)


def gone(conn: Connection, runs: Runs, offset: int, limit: int | None) -> list[Pair]:
    """Companies that only the earlier run has, the best first."""
    return _pairs(conn, runs, _D.c.becomes.is_(None), offset, limit)


def changed(conn: Connection, runs: Runs, value: str | None, offset: int, limit: int | None) -> list[Pair]:
    """Companies of both with another value, or with another one of ``MARKED``, the best first."""
    bits = _D.c.changed if value is None else _D.c.changed.op("&")(1 << MARKED.index(value))
    both = sa.and_(_D.c.was.is_not(None), _D.c.becomes.is_not(None))
    return _pairs(conn, runs, sa.and_(both, bits > 0), offset, limit)


def leads_of(conn: Connection, workspace_id: UUID, ids: Iterable[UUID]) -> dict[UUID, StoredLead]:
    """These leads, by id."""
    query = sa.select(leads.c.id, *COLUMNS).where(
        leads.c.workspace_id == workspace_id, leads.c.id == sa.any_(sa.bindparam("ids"))
    )
    rows, reader = conn.execute(query, {"ids": list(ids)}), Reader()
    return {row.id: StoredLead(id=row.id, lead=reader.lead_of(row)) for row in rows}


def found_again(conn: Connection, runs: Runs, ids: Iterable[UUID]) -> dict[UUID, FoundAgain]:
    """Which of the earlier run's leads the later one met as businesses, by any record of theirs."""
    rows = conn.execute(
        sa.text("""
            select distinct on (l.id) l.id, b.confidence, b.reach, b.chain, b.details, n.id is not null as is_lead
            from leads l
            cross join lateral jsonb_array_elements(l.origins) as o
            join businesses b on b.workspace_id = l.workspace_id
                and b.campaign_id = :later
                and b.match_key = (o ->> 'source') || ':' || (o ->> 'ref')
            left join leads n on n.workspace_id = b.workspace_id
                and n.campaign_id = b.campaign_id
                and n.business_id = b.id
            where l.workspace_id = :workspace
                and l.campaign_id = :earlier
                and l.id = any(:ids)
            order by l.id, is_lead desc
        """),
        {**runs.given(), "ids": list(ids)},
    )
    return {
        row.id: FoundAgain(
            confidence=row.confidence,
            reach=row.reach,
            chain=row.chain,
            is_lead=row.is_lead,
            details=row.details,
        )
        for row in rows
    }


def _pairs(
    conn: Connection, runs: Runs, wanted: sa.ColumnElement[bool], offset: int, limit: int | None
) -> list[Pair]:
    query = sa.select(_D.c.was, _D.c.becomes, _D.c.changed).where(wanted)
    ordered = query.order_by(_D.c.figure.desc(), _D.c.company).offset(offset).limit(limit)
    return [
        Pair(was=row.was, becomes=row.becomes, values=_names(row.changed) if row.was and row.becomes else ())
        for row in conn.execute(ordered, runs.given())
    ]


def _names(bits: int) -> tuple[str, ...]:
    return tuple(name for place, name in enumerate(MARKED) if bits >> place & 1)
