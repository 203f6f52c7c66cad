"""Where a workspace's money went, down to the single call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from pipeline.providers.registry import registry
from services import paging
from services.campaigns import owned
from services.identity import Person
from services.permissions import Right, require
from store import clock, spending
from store.database import Role, transaction
from store.spending import CallRow, Sum, Where

By = Literal["day", "campaign", "provider", "user"]
CallView = CallRow
SumView = Sum
_MAX_PAGE = 200

STATES = {
    "intent": "Being asked",
    "done": "Answered",
    "failed_free": "No answer, free",
    "unknown": "Uncertain",
    "held": "Answer held already",
    "spared": "Not needed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendView:
    """Sums by one thing, and all together."""

    rows: tuple[Sum, ...]
    total: Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """A page of calls, newest first."""

    rows: tuple[CallRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPoint:
    """Money spent so far at one provider."""

    at: datetime
    provider: str
    spent_micros: int


def summary(person: Person, by: By, since: date | None = None, campaign_id: UUID | None = None) -> SpendView:
    """What the person's workspace, or one campaign of it, spent, by ``by``. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        if campaign_id:
            owned(conn, person, campaign_id)
        where = Where(workspace_id=person.workspace_id, since=since, campaign_id=campaign_id)
        rows = spending.sums(conn, where, by)
    return SpendView(rows=tuple(_named(row, by) for row in rows), total=_total(rows))


def everybody(person: Person, by: By, days: int = 30) -> SpendView:
    """What all of the installation spent lately, by day, provider or person.

    Raises NotAllowed for anyone but administrators.
    """
    require(person, Right.SEE_ALL_SPENDING)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        found = spending.everybody(conn, clock.today(conn) - timedelta(days=days))
    index = {"day": 0, "provider": 1, "user": 2}[by if by != "campaign" else "day"]
    groups: dict[str, list[Sum]] = {}
    for item in found:
        groups.setdefault(str(item[index]), []).append(item[3])
    rows = [_total(sums, group) for group, sums in groups.items()]
    ordered = sorted(rows, key=lambda row: (row.group if by == "day" else "", row.cost_micros), reverse=True)
    return SpendView(rows=tuple(_named(row, by) for row in ordered), total=_total(rows))


def calls(
    person: Person,
    campaign_id: UUID | None = None,
    provider: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> CallPage:
    """A page of the workspace's calls. Raises NotFound for a campaign that is not the person's."""
    limit = max(1, min(limit, _MAX_PAGE))
    with transaction(Role.WEB, proof=person.proof) as conn:
        if campaign_id:
            owned(conn, person, campaign_id)
        where = Where(workspace_id=person.workspace_id, campaign_id=campaign_id, provider=provider)
        rows = spending.calls(conn, where, paging.after(cursor), limit + 1)
    more = len(rows) > limit
    shown = rows[:limit]
    last = paging.following(shown[-1].at, shown[-1].id) if more else None
    return CallPage(rows=tuple(shown), next_cursor=last)


def cost_over_time(person: Person, campaign_id: UUID) -> tuple[CostPoint, ...]:
    """How a campaign's cost grew, by provider. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        where = Where(workspace_id=person.workspace_id, campaign_id=campaign_id)
        rows = spending.over_time(conn, where)
    sums: dict[str, int] = {}
    points: list[CostPoint] = []
    for at, provider, cost in rows:
        sums[provider] = sums.get(provider, 0) + cost
        points.append(CostPoint(at=at, provider=label_of(provider), spent_micros=sums[provider]))
    return tuple(points)


def campaign_cost(person: Person, campaign_id: UUID) -> SpendView:
    """What a campaign cost, by provider. Raises NotFound."""
    return summary(person, "provider", campaign_id=campaign_id)


def providers() -> tuple[tuple[str, str], ...]:
    """Every provider that keeps a place in the ledger: its key and what people call it."""
    return tuple((spec.key, spec.label) for spec in registry() if spec.operations)


def label_of(provider: str) -> str:
    """What people call a provider."""
    return registry().label(provider)


def what(row: CallRow) -> str:
    """What was asked, in words."""
    operation = registry().operation(row.provider, row.operation)
    return operation.label if operation else row.operation.replace("_", " ")


def asked_for(row: CallRow) -> str:
    """What the question was about, for the people it was asked for."""
    operation = registry().operation(row.provider, row.operation)
    given = row.arguments
    value = next((given[name] for name in operation.about if given.get(name)), None) if operation else None
    if isinstance(value, list):
        return "1 address" if len(value) == 1 else f"{len(value)} addresses"
    if not value:
        return ""
    return f"{value}, page {int(given['page']) + 1}" if given.get("page") else str(value)


def outcome(row: CallRow) -> str:
    """How a call ended, in words."""
    if row.state == "done" and row.found is False:
        return "Answered: nothing found"
    return STATES[row.state]


def _named(row: Sum, by: By) -> Sum:
    return replace(row, group=label_of(row.group)) if by == "provider" else row


def _total(rows: list[Sum], group: str = "All") -> Sum:
    return Sum(
        group=group,
        calls=sum(row.calls for row in rows),
        cost_micros=sum(row.cost_micros for row in rows),
        saved_micros=sum(row.saved_micros for row in rows),
        missed_micros=sum(row.missed_micros for row in rows),
        uncertain_micros=sum(row.uncertain_micros for row in rows),
    )
