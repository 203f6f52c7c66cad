"""What was spent, summed: by day, campaign, provider, person and workspace, between two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pipeline.campaign import MICROS_PER_USD
from pipeline.output.formats import csv
from pipeline.providers.registry import registry
from services.campaigns import owned
from services.identity import Person
from services.permissions import Right, require
from store import clock
from store import spend_sums as stored
from store.database import Connection, Role, transaction
from store.spend_sums import Sum
from store.spent_where import Where

SumView = Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which spending: from one day up to another that is left out, in UTC, open where it is None; ``only_own``: only
    that of the campaigns the person ordered."""

    since: date | None = None
    until: date | None = None
    only_own: bool = False


ALL = Chosen()


class When(StrEnum):
    """Stretches of time people ask for, as they are called; days begin at 00:00 UTC."""

    TODAY = "Today"
    WEEK = "7 days"
    MONTH = "This month"
    LAST_MONTH = "Last month"
    EVER = "All time"
    DATES = "From – to"


By = Literal["day", "campaign", "provider"]
ByAny = By | Literal["user", "workspace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendView:
    """Sums by one thing, and all together; ``per_usable_lead_micros`` is of the campaigns ordered in that time, None
    while they have no qualified lead with a verified address."""

    rows: tuple[Sum, ...]
    total: Sum
    per_usable_lead_micros: int | None


def during(
    when: When, first: date | None = None, last: date | None = None, *, only_own: bool = False
) -> Chosen:
    """What was spent in a stretch of time; ``first`` and ``last``, both included, are those of ``When.DATES``."""
    with transaction(Role.WEB) as conn:
        today = clock.today(conn)
    month = today.replace(day=1)
    since, until = {
        When.TODAY: (today, None),
        When.WEEK: (today - timedelta(days=6), None),
        When.MONTH: (month, None),
        When.LAST_MONTH: ((month - timedelta(days=1)).replace(day=1), month),
        When.EVER: (None, None),
        When.DATES: (first, last + timedelta(days=1) if last and last < date.max else None),
    }[when]
    return Chosen(since=since, until=until, only_own=only_own)


def summary(person: Person, by: By, chosen: Chosen = ALL, campaign_id: UUID | None = None) -> SpendView:
    """What the person's workspace, or one campaign of it, spent, by ``by``. Raises NotFound."""
    return _summed(person, by, chosen, campaign_id)


def team(person: Person, chosen: Chosen = ALL) -> SpendView:
    """What each person of the workspace spent. Raises NotAllowed."""
    require(person, Right.SEE_TEAM_SPENDING)
    return _summed(person, "user", chosen, None)


def _summed(person: Person, by: ByAny, chosen: Chosen, campaign_id: UUID | None) -> SpendView:
    with transaction(Role.WEB, proof=person.proof) as conn:
        return _view(conn, where(conn, person, chosen, campaign_id), by)


def everybody(person: Person, by: ByAny, chosen: Chosen = ALL) -> SpendView:
    """What all of the installation spent, by ``by``. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_ALL_SPENDING)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return _view(conn, Where(workspace_id=None, since=chosen.since, until=chosen.until), by)


def _view(conn: Connection, asked: Where, by: ByAny) -> SpendView:
    return SpendView(
        rows=_named(stored.sums(conn, asked, by), by),
        total=_total(stored.sums(conn, asked, "provider")),
        per_usable_lead_micros=_per_usable(stored.usable(conn, asked)),
    )


def by_provider(rows: Sequence[Sum]) -> SpendView:
    """Sums by provider, and all together."""
    return SpendView(rows=_named(rows, "provider"), total=_total(rows), per_usable_lead_micros=None)


def where(
    conn: Connection, person: Person, chosen: Chosen, campaign_id: UUID | None, provider: str | None = None
) -> Where:
    """The calls of the person's workspace that are asked for, inside a transaction of theirs. Raises NotFound."""
    if campaign_id:
        owned(conn, person, campaign_id)
    return Where(
        workspace_id=person.workspace_id,
        campaign_id=campaign_id,
        provider=provider,
        user_id=person.id if chosen.only_own else None,
        since=chosen.since,
        until=chosen.until,
    )


def sums_csv(view: SpendView, heading: str) -> bytes:
    """Sums as CSV, the total last; ``heading`` names what they are by."""
    titles = (
        heading,
        "Calls",
        *(f"{name} (USD)" for name in ("Cost", "Saved", "Found nothing", "Uncertain")),
    )
    rows = (
        (
            row.group,
            str(row.calls),
            usd(row.cost_micros),
            usd(row.saved_micros),
            usd(row.missed_micros),
            usd(row.uncertain_micros),
        )
        for row in (*view.rows, view.total)
    )
    return csv.table(titles, rows)


def label_of(provider: str) -> str:
    """What people call a provider."""
    return registry().label(provider)


def usd(micros: int) -> str:
    """An amount as files hold it: ``0.0245``."""
    return format((Decimal(micros) / MICROS_PER_USD).normalize(), "f")


def _per_usable(cost_and_leads: tuple[int, int]) -> int | None:
    cost, leads = cost_and_leads
    return cost // leads if leads else None


def _named(rows: Sequence[Sum], by: str) -> tuple[Sum, ...]:
    return tuple(replace(row, group=label_of(row.group)) if by == "provider" else row for row in rows)


def _total(rows: Sequence[Sum]) -> Sum:
    return Sum(
        group="All",
        calls=sum(row.calls for row in rows),
        cost_micros=sum(row.cost_micros for row in rows),
        saved_micros=sum(row.saved_micros for row in rows),
        missed_micros=sum(row.missed_micros for row in rows),
        uncertain_micros=sum(row.uncertain_micros for row in rows),
    )
