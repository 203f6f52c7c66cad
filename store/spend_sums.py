"""What was spent, summed: by day, campaign, provider, person and workspace.

What campaigns that ended came to stands summed up further (migrations/sql/0045_spend_sums.sql), so that sums over years
are sums over few rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import tables
from store.spent_where import Where, during


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What one group cost. Money in micro-dollars; ``missed`` bought nothing, ``uncertain`` may not be billed."""

    group: str
    calls: int
    cost_micros: int
    saved_micros: int
    missed_micros: int
    uncertain_micros: int


_Column = sa.ColumnElement[Any]
_C, _U, _W = tables.campaigns.c, tables.users.c, tables.workspaces.c
_S, _K = tables.call_sums.c, tables.spend_sums.c
_MOST_GROUPS = 400
_PARTS = ("calls", "cost_micros", "saved_micros", "missed_micros", "uncertain_micros")
# As the columns of spend_sums say it.
_EVERYBODY = UUID(int=0)
_EVER: _Column = sa.literal_column("date '-infinity'")
_OF_CAMPAIGNS = ""


def sums(conn: Connection, where: Where, by: str) -> list[Sum]:
    """Sums by day, campaign, provider, person or workspace, the latest or dearest first, at most 400.

    Those of all workspaces are told to administrators alone; to others they are empty.
    """
    return [Sum(**row._mapping) for row in conn.execute(sums_of(where, by))]


def sums_of(where: Where, by: str) -> sa.Select[Any]:
    """What ``sums`` reads."""
    if by == "campaign" or where.campaign_id is not None:
        return _by_campaign(where, by)
    spent = _summed_up(where, by).subquery("spent")
    group = _group_of(spent.c, by, where).label("group")
    query = sa.select(group, *_totals(spent.c)).where(spent.c.provider != _OF_CAMPAIGNS)
    query = query.outerjoin_from(spent, tables.users, _U.id == spent.c.user_id) if by == "user" else query
    if by == "workspace":
        query = query.join_from(spent, tables.workspaces, _W.id == spent.c.workspace_id)
    # What went on again, or went, leaves nothing where it was until its rows are put together.
    is_any = sa.or_(_total(spent.c.calls) != 0, _total(spent.c.saved_micros) != 0)
    return _ordered(query.group_by(group).having(is_any), by)


def usable(conn: Connection, where: Where) -> tuple[int, int]:
    """What the campaigns ordered in that time cost in micro-dollars, and how many leads with a verified address they
    have."""
    if where.campaign_id is not None:
        its = (_C.workspace_id == where.workspace_id, _C.id == where.campaign_id)
        by_whom = [_C.created_by == where.user_id] if where.user_id else []
        query = sa.select(_total(_C.spent_micros), _total(_C.emails_verified)).where(
            *its, *by_whom, *during(_C.created_at, where.since, where.until)
        )
    else:
        query = _orders(_summed_up(where, "provider").subquery("spent"))
    row = conn.execute(query).one()
    return int(row[0]), int(row[1])


def usable_by_day(conn: Connection, workspace_id: UUID, since: date) -> list[tuple[date, int, int]]:
    """The same of each day (UTC) a workspace ordered campaigns on, oldest first: day, micro-dollars, leads."""
    spent = _summed_up(Where(workspace_id=workspace_id, since=since), "day").subquery("spent")
    query = _orders(spent).add_columns(spent.c.day).group_by(spent.c.day).order_by(spent.c.day)
    return [(row[2], int(row[0]), int(row[1])) for row in conn.execute(query)]


def hit_rates(conn: Connection) -> dict[str, tuple[int, int]]:
    """How often each provider was asked and found something, over the last 90 days and all tenants."""
    rows = conn.execute(sa.text("select provider, asked, hits from ledger_hit_rates()"))
    return {row.provider: (int(row.asked), int(row.hits)) for row in rows}


def compact(conn: Connection) -> None:
    """Put together what campaigns that ended since added."""
    conn.execute(sa.text("select spend_sums_compact()"))


def _total(micros: _Column) -> _Column:
    return sa.cast(sa.func.coalesce(sa.func.sum(micros), 0), sa.BigInteger)


def _totals(of: sa.ColumnCollection[str, Any]) -> list[_Column]:
    return [_total(of[name]).label(name) for name in _PARTS]


def _orders(spent: sa.Subquery) -> sa.Select[Any]:
    totals = (_total(spent.c.ordered_micros), _total(spent.c.usable))
    return sa.select(*totals).where(spent.c.provider == _OF_CAMPAIGNS)


def _group_of(of: sa.ColumnCollection[str, Any], by: str, where: Where) -> _Column:
    groups: dict[str, _Column] = {
        "day": sa.func.to_char(of.day, "YYYY-MM-DD"),
        "provider": of.provider,
        "workspace": _W.name,
        "user": sa.func.coalesce(
            _U.email, "Another member" if where.workspace_id is not None else "A former member"
        ),
        "campaign": _C.title
        + ", "
        + sa.func.to_char(sa.func.timezone("UTC", _C.created_at), "YYYY-MM-DD HH24:MI"),
    }
    return groups[by]


def _ordered(query: sa.Select[Any], by: str) -> sa.Select[Any]:
    return query.order_by(sa.desc("group" if by == "day" else "cost_micros"), "group").limit(_MOST_GROUPS)


def _summed_up(where: Where, by: str) -> sa.CompoundSelect[Any]:
    """Rows of what is asked for, the fewest that tell it: of campaigns that ended, and of those that run."""
    by_whom = by in ("user", "workspace") or where.user_id is not None
    if where.workspace_id is not None:
        of = _K.workspace_id == where.workspace_id
    else:
        of = _K.workspace_id != _EVERYBODY if by_whom else _K.workspace_id == _EVERYBODY
    by_day = by == "day" or where.since is not None or where.until is not None
    days = (_K.day > _EVER, *during(_K.day, where.since, where.until)) if by_day else (_K.day == _EVER,)
    names = [column.name for column in tables.running_sums.c]
    ended = sa.select(*(_K[name] for name in names)).where(of, *days)
    running = sa.select(tables.running_sums).where(
        *during(tables.running_sums.c.day, where.since, where.until)
    )
    if where.workspace_id is not None:
        running = running.where(tables.running_sums.c.workspace_id == where.workspace_id)
    if where.user_id is not None:
        ended = ended.where(_K.user_id == where.user_id)
        running = running.where(tables.running_sums.c.user_id == where.user_id)
    return sa.union_all(ended, running)


def _by_campaign(where: Where, by: str) -> sa.Select[Any]:
    """Sums of one campaign, or by campaign: of a stretch of time, or of the dearest ones."""
    its_campaign = sa.and_(_C.workspace_id == _S.workspace_id, _C.id == _S.campaign_id)
    group = _group_of(_S, by, where).label("group")
    query = (
        sa.select(group, *_totals(_S))
        .select_from(tables.call_sums)
        .join(tables.campaigns, its_campaign)
        .outerjoin(tables.users, _U.id == _C.created_by)
        .where(*where.of_sums())
    )
    if where.campaign_id is None and where.since is None and where.until is None:
        dearest = _dearest(where)
        query = query.join(dearest, sa.and_(dearest.c.workspace_id == _C.workspace_id, dearest.c.id == _C.id))
    # Two campaigns may bear the same name.
    return _ordered(query.group_by(_C.id, group) if by == "campaign" else query.group_by(group), by)


def _dearest(where: Where) -> sa.Subquery:
    """The campaigns that cost most, and all that run."""
    campaigns = sa.select(_C.workspace_id, _C.id).where(*where.of_campaigns())
    ended = campaigns.where(_C.ended_at.is_not(None))
    ended = ended.order_by(_C.ended_micros.desc(), _C.id.desc()).limit(_MOST_GROUPS)
    return sa.union_all(ended, campaigns.where(_C.ended_at.is_(None))).subquery("dearest")
