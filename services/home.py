"""What somebody who arrives should know: what runs and what ended, new leads, follow-ups, the month's money, and which
campaigns are worth running again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pipeline.campaign import CampaignStatus
from pipeline.words.categories import label_for
from services import campaigns, limits
from services.campaigns import CampaignView
from services.identity import Person
from services.limits import LimitRow, Period
from services.permissions import Right, may
from store import home, home_campaigns, spend_sums
from store import limits as stored_limits
from store.book import MOST_COUNTED as MOST_COUNTED
from store.database import Connection, Role, transaction
from store.due import Due as Due
from store.due import DueRow as DueRow
from store.home import Arrival
from store.lead_kinds import WEEK as WEEK

_WEEKS = 12


class Step(StrEnum):
    """The one thing to do about an ended campaign."""

    GO_ON = "go_on"
    SEE_LEADS = "see_leads"
    CHANGE = "change"
    LOOK = "look"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The campaigns that run or wait, newest first; ``has_more``: there are others."""

    campaigns: tuple[CampaignView, ...]
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A campaign that has ended, and what to do about it."""

    campaign: CampaignView
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """A company that was found and nobody has worked on."""

    company_id: UUID
    name: str
    city: str | None
    category_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What the campaigns ordered in a time cost, and how many usable leads they have: qualified leads with a verified
    address. ``starts`` is its first day."""

    starts: date
    cost_micros: int
    usable: int

    @property
    def per_usable_micros(self) -> int | None:
        return self.cost_micros // self.usable if self.usable else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The month in money: what the workspace's calls cost, what its orders brought, the limit of each period that
    leaves whoever looks least, and the last weeks, oldest first."""

    spent_micros: int
    ordered: Yield
    limits: dict[Period, LimitRow]
    weeks: tuple[Yield, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All of it. Counts are at most one more than ``MOST_COUNTED``. ``since`` is when the visit before ended, or a week
    ago when this one ``is_first``; ``month`` is None for a guest, who cannot spend."""

    is_first: bool
    since: datetime
    new: int
    untouched: int
    newest: tuple[NewCompany, ...]
    mine: Due
    everybodys: Due
    running: Running
    ended: tuple[Ended, ...]
    has_more_ended: bool
    short: tuple[CampaignView, ...]
    old: tuple[CampaignView, ...]
    month: Month | None


def look(person: Person, today: date) -> Home | None:
    """What there is for the person, who is noted to be here; ``today`` is their day. None while the workspace has no
    campaign."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        arrival = home.arrive(conn, person.workspace_id, person.id, today)
        if not arrival.has_campaigns:
            return None
        found = home_campaigns.campaigns(conn, person.workspace_id, arrival.since)
        month = None if person.guest_until else _month(conn, person, arrival)
    views: dict[home_campaigns.Why, list[CampaignView]] = {"running": [], "ended": [], "short": [], "old": []}
    for why, row in found:
        views[why].append(campaigns.view_of(row))
    ended = sorted(views["ended"], key=lambda each: (each.ended_at, each.id), reverse=True)
    told = {each.id for each in ended}
    return Home(
        is_first=arrival.is_first,
        since=arrival.since,
        new=arrival.new,
        untouched=arrival.untouched,
        newest=_named(arrival),
        mine=arrival.mine,
        everybodys=arrival.everybodys,
        running=_running(views["running"]),
        ended=tuple(
            Ended(campaign=each, step=_step(person, each)) for each in ended[: home_campaigns.MOST_ENDED]
        ),
        has_more_ended=len(ended) > home_campaigns.MOST_ENDED,
        short=tuple(each for each in views["short"] if each.id not in told and each.can_continue),
        old=tuple(each for each in views["old"] if each.id not in told),
        month=month,
    )


def running(person: Person) -> Running:
    """The campaigns that run or wait now."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        rows = home_campaigns.running(conn, person.workspace_id)
    return _running([campaigns.view_of(row) for row in rows])


def _running(views: Sequence[CampaignView]) -> Running:
    shown = views[: home_campaigns.MOST_RUNNING]
    return Running(campaigns=tuple(shown), has_more=len(views) > len(shown))


def _step(person: Person, campaign: CampaignView) -> Step:
    """What a cancelled campaign left undone was left on purpose."""
    orders = may(person, Right.RUN_CAMPAIGNS)
    if (
        orders
        and campaign.can_continue
        and campaign.status in (CampaignStatus.FAILED, CampaignStatus.PARTIAL)
    ):
        return Step.GO_ON
    if campaign.lead_count:
        return Step.SEE_LEADS
    return Step.CHANGE if orders else Step.LOOK


def _named(arrival: Arrival) -> tuple[NewCompany, ...]:
    return tuple(
        NewCompany(
            company_id=each.company_id,
            name=each.name,
            city=each.city,
            category_label=label_for(each.category),
        )
        for each in arrival.newest
    )


def _month(conn: Connection, person: Person, arrival: Arrival) -> Month:
    starts = arrival.today.replace(day=1)
    monday = arrival.today - timedelta(days=arrival.today.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(_WEEKS))]
    days = spend_sums.usable_by_day(conn, person.workspace_id, min(starts, weeks[0]))
    known = [row for row in stored_limits.known(conn, person.workspace_id) if row.binds]
    return Month(
        spent_micros=arrival.spent_micros,
        ordered=_between(days, starts, date.max),
        limits=limits.left(known),
        weeks=tuple(_between(days, week, week + WEEK) for week in weeks),
    )


def _between(days: Sequence[tuple[date, int, int]], starts: date, ends: date) -> Yield:
    within = [(cost, usable) for day, cost, usable in days if starts <= day < ends]
    return Yield(
        starts=starts,
        cost_micros=sum(cost for cost, _ in within),
        usable=sum(usable for _, usable in within),
    )
