"""Where a workspace's money went, down to the single call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pipeline.providers.registry import registry
from services import paging, spend_sums
from services.identity import Person
from services.spend_sums import ALL, Chosen
from services.spend_sums import label_of as label_of
from store import spending
from store.database import Role, transaction
from store.job_detail import JobCall
from store.spending import CallRow

CallView = CallRow
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


def calls(
    person: Person,
    campaign_id: UUID | None = None,
    provider: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
    chosen: Chosen = ALL,
) -> CallPage:
    """A page of the workspace's calls. Raises NotFound for a campaign that is not the person's."""
    limit = max(1, min(limit, _MAX_PAGE))
    with transaction(Role.WEB, proof=person.proof) as conn:
        where = spend_sums.where(conn, person, chosen, campaign_id, provider)
        rows = spending.calls(conn, where, paging.after(cursor), limit + 1)
    more = len(rows) > limit
    shown = rows[:limit]
    last = paging.following(shown[-1].at, shown[-1].id) if more else None
    return CallPage(rows=tuple(shown), next_cursor=last)


def growing(moments: Iterable[tuple[datetime, str, int]]) -> tuple[CostPoint, ...]:
    """How a cost grew, by provider, from when each provider's money was spent, oldest first."""
    sums: dict[str, int] = {}
    points: list[CostPoint] = []
    for at, provider, cost in moments:
        sums[provider] = sums.get(provider, 0) + cost
        points.append(CostPoint(at=at, provider=label_of(provider), spent_micros=sums[provider]))
    return tuple(points)


def providers() -> tuple[tuple[str, str], ...]:
    """Every provider that keeps a place in the ledger: its key and what people call it."""
    return tuple((spec.key, spec.label) for spec in registry() if spec.operations)


def what(row: CallRow | JobCall) -> str:
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


def outcome(row: CallRow | JobCall) -> str:
    """How a call ended, in words."""
    if row.state == "done" and row.found is False:
        return "Answered: nothing found"
    return STATES[row.state]
