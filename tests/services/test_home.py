"""What somebody who arrives is told: right for each of them, of their workspace alone, and the same after a reload."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from pipeline.campaign import CampaignStatus
from pipeline.causes import Cause
from services import book, book_work, home, limits, spend_sums
from services.book import FollowUp, TeamStatus
from services.book_work import Change
from services.home import Home, Step
from services.identity import Person
from services.lead_filter import LeadFilter
from services.limits import Period, Scope
from services.results import LeadSort
from services.roles import MemberRole
from services.spend_sums import Chosen
from tests.support.campaigns import (
    PAID,
    SPEC,
    claimed,
    end,
    finished,
    lead,
    spent,
    store_leads,
    submitted,
)
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows

TODAY = date(2026, 11, 26)
OTHER = SPEC.model_copy(update={"location": "Turku"})


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


def seen(who: Person, today: date = TODAY) -> Home:
    found = home.look(who, today)
    assert found is not None
    return found


def went(database: Database, hours: int) -> None:
    """Everybody's latest look at the page was so many hours ago."""
    change(database.superuser_url, f"update visits set latest_at = now() - interval '{hours} hours'")


def ago(database: Database, campaign: UUID, days: int, values: str = "") -> None:
    """A campaign was ordered and ended so many days ago, and its leads were found then."""
    when = f"now() - interval '{days} days'"
    more = f", {values}" if values else ""
    change(
        database.superuser_url,
        f"update campaigns set created_at = {when}, started_at = {when}, ended_at = {when}{more}"
        f" where id = '{campaign}'",
    )
    change(
        database.superuser_url,
        f"update companies set first_seen_at = {when} where id in"
        f" (select company_id from leads where campaign_id = '{campaign}')",
    )
    # The newest lead takes the day from its company.
    change(database.superuser_url, f"update leads set is_open = is_open where campaign_id = '{campaign}'")


def company(who: Person, name: str) -> UUID:
    found = book.companies(who, LeadFilter(), LeadSort.NAME, TODAY).rows
    return next(row.company_id for row in found if row.lead.name == name)


def test_a_new_workspace_has_nothing_to_show(owner: Person) -> None:
    assert home.look(owner, TODAY) is None


def test_news_stays_through_a_visit_and_is_old_at_the_next_one(owner: Person, database: Database) -> None:
    before = finished(owner, [lead(1)])
    ago(database, before, 9)
    first = seen(owner)
    assert (first.is_first, first.new, first.untouched, first.ended) == (True, 0, 1, ())
    went(database, 5)
    campaign = finished(owner, [lead(1), lead(2), lead(3)], OTHER)
    for _ in range(2):
        again = seen(owner)
        assert not again.is_first
        assert (again.new, [each.name for each in again.newest]) == (2, ["Cafe 003", "Cafe 002"])
        assert [(each.campaign.id, each.step) for each in again.ended] == [(campaign, Step.SEE_LEADS)]
        since = LeadFilter(team_status=TeamStatus.NEW, found_since=again.since)
        assert book.companies(owner, since, LeadSort.NEWEST, TODAY).matching == again.new
    book_work.change(owner, [company(owner, "Cafe 003")], Change(status="contacted"))
    assert (seen(owner).new, seen(owner).untouched) == (1, 2)
    ago(database, campaign, 1)
    went(database, 1)
    later = seen(owner)
    assert (later.new, later.newest, later.ended, later.untouched) == (0, (), (), 2)


def test_each_person_has_visits_of_their_own(owner: Person, database: Database) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    finished(owner, [lead(1)])
    seen(owner)
    went(database, 5)
    assert not seen(owner).is_first
    assert seen(member).is_first


@pytest.mark.parametrize(
    ("status", "leads", "cause", "role", "step"),
    [
        (CampaignStatus.COMPLETED, 1, None, MemberRole.MEMBER, Step.SEE_LEADS),
        (CampaignStatus.COMPLETED, 0, None, MemberRole.MEMBER, Step.CHANGE),
        (CampaignStatus.COMPLETED, 0, None, MemberRole.VIEWER, Step.LOOK),
        (CampaignStatus.FAILED, 0, None, MemberRole.MEMBER, Step.GO_ON),
        (CampaignStatus.FAILED, 0, None, MemberRole.VIEWER, Step.LOOK),
        (CampaignStatus.PARTIAL, 1, Cause.OUT_OF_BUDGET, MemberRole.MEMBER, Step.GO_ON),
        (CampaignStatus.PARTIAL, 1, Cause.OUT_OF_BUDGET, MemberRole.VIEWER, Step.SEE_LEADS),
        (CampaignStatus.CANCELLED, 1, None, MemberRole.MEMBER, Step.SEE_LEADS),
    ],
)
def test_what_ended_has_one_next_step(
    owner: Person,
    database: Database,
    status: CampaignStatus,
    leads: int,
    cause: Cause | None,
    role: MemberRole,
    step: Step,
) -> None:
    colleague = joins(database, person("colleague"), owner, role)
    lease = claimed(owner, submitted(owner))
    store_leads(lease, [lead(number) for number in range(leads)])
    end(lease, status)
    if cause:
        change(database.superuser_url, f"update campaigns set outcome_cause = '{cause.value}'")
        change(database.superuser_url, "update leads set is_open = true")
    (ended,) = seen(colleague).ended
    assert (ended.campaign.status, ended.step) == (status, step)


def test_what_runs_is_told_with_its_leads_and_goes_when_it_ends(owner: Person) -> None:
    waiting = submitted(owner)
    lease = claimed(owner, submitted(owner))
    store_leads(lease, [lead(1)])
    shown = home.running(owner)
    assert [each.id for each in shown.campaigns] == [lease.campaign_id, waiting]
    # Not compared whole: a second may pass in between, and the elapsed time tells it.
    told = seen(owner).running
    assert [(each.id, each.status, each.lead_count) for each in told.campaigns] == [
        (lease.campaign_id, CampaignStatus.PROCESSING, 1),
        (waiting, CampaignStatus.PENDING, 0),
    ]
    assert told.has_more is shown.has_more is False
    end(lease, CampaignStatus.COMPLETED)
    assert [each.id for each in home.running(owner).campaigns] == [waiting]
    for _ in range(5):
        submitted(owner)
    many = home.running(owner)
    assert (len(many.campaigns), many.has_more) == (5, True)
    assert seen(owner).running.has_more


def test_follow_ups_are_counted_by_day_and_by_whose_they_are(owner: Person, database: Database) -> None:
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    finished(owner, [lead(number) for number in range(6)])
    for number, days, is_mine in ((0, -2, True), (1, 0, True), (2, 7, False), (3, 8, True), (4, 0, False)):
        wanted = Change(
            sets_follow_up=True,
            follow_up_on=TODAY + timedelta(days=days),
            sets_owner=is_mine,
            owner_id=owner.id if is_mine else None,
        )
        book_work.change(owner, [company(owner, f"Cafe {number:03}")], wanted)
    found = seen(owner)
    assert (found.mine.overdue, found.mine.today, found.mine.week) == (1, 1, 0)
    assert [row.name for row in found.mine.rows] == ["Cafe 000", "Cafe 001"]
    team = found.everybodys
    assert (team.overdue, team.today, team.week) == (1, 2, 1)
    assert [(row.name, row.owner) for row in team.rows] == [
        ("Cafe 000", "owner@example.com"),
        ("Cafe 001", "owner@example.com"),
        ("Cafe 004", None),
        ("Cafe 002", None),
    ]
    for when, count in ((FollowUp.OVERDUE, 1), (FollowUp.TODAY, 2), (FollowUp.WEEK, 1), (FollowUp.DUE, 3)):
        shown = book.companies(owner, LeadFilter(follow_up=when), LeadSort.FOLLOW_UP, TODAY)
        assert shown.matching == count, when
    other = seen(viewer)
    assert (other.mine.rows, other.everybodys) == ((), team)


def test_the_month_is_that_of_the_spend_page_and_guests_have_none(
    owner: Person, database: Database, keys: None
) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    store_leads(lease, [lead(1), lead(2)])
    for number in range(3):
        spent(lease, f"{number}.example.com", 20_000)
    end(lease, CampaignStatus.COMPLETED)
    change(database.superuser_url, "update campaigns set emails_verified = 2")
    limits.set_limit(owner, Period.MONTH, Decimal(10))
    limits.set_limit(owner, Period.MONTH, Decimal(5), owner.id)
    month = seen(owner).month
    assert month is not None
    now = datetime.now(UTC).date()
    spend = spend_sums.summary(owner, "day", Chosen(since=now.replace(day=1)))
    assert month.spent_micros == spend.total.cost_micros == 60_000
    assert month.ordered.per_usable_micros == spend.per_usable_lead_micros == 30_000
    assert month.ordered.usable == 2
    assert [(week.usable, week.per_usable_micros) for week in month.weeks[-2:]] == [(0, None), (2, 30_000)]
    bound = month.limits[Period.MONTH]
    assert (bound.scope, bound.used_micros, bound.left_micros) == (Scope.PERSON, 60_000, 4_940_000)
    # Of another person's limit nobody else is told.
    viewer = seen(joins(database, person("viewer"), owner, MemberRole.VIEWER)).month
    assert viewer is not None
    assert (viewer.spent_micros, viewer.limits[Period.MONTH].scope) == (60_000, Scope.WORKSPACE)
    assert seen(replace(owner, guest_until=datetime.now(UTC))).month is None


def test_campaigns_are_worth_running_again_for_a_reason(owner: Person, database: Database) -> None:
    searches = {
        name: SPEC.model_copy(update={"location": name})
        for name in ("good", "poor", "young", "repeated", "short", "old short")
    }
    made = {name: finished(owner, [lead(1)], spec) for name, spec in searches.items()}
    yields = "lead_count = 20, emails_verified = 5"
    ago(database, made["good"], 90, yields)
    ago(database, made["poor"], 90, "lead_count = 20, emails_verified = 4")
    ago(database, made["young"], 30, yields)
    ago(database, made["repeated"], 90, yields)
    for name, days in (("short", 30), ("old short", 100)):
        ago(database, made[name], days, "status = 'partial', outcome_cause = 'out_of_budget'")
    change(database.superuser_url, "update leads set is_open = true")
    found = seen(owner)
    assert {each.id for each in found.old} == {made["good"], made["repeated"]}
    assert [each.id for each in found.short] == [made["short"]]
    # The same search with another number of leads and budget is the same one.
    more = {"max_results": 20, "budget_usd": Decimal(1)}
    submitted(owner, searches["repeated"].model_copy(update=more))
    assert [each.id for each in seen(owner).old] == [made["good"]]


def test_nothing_of_another_workspace_is_told(owner: Person, database: Database) -> None:
    finished(owner, [lead(1)])
    submitted(owner)
    book_work.change(owner, [company(owner, "Cafe 001")], Change(sets_follow_up=True, follow_up_on=TODAY))
    stranger = person("stranger")
    assert home.look(stranger, TODAY) is None
    # Not even with the workspace of others in hand.
    pretending = replace(stranger, workspace_id=owner.workspace_id)
    assert home.look(pretending, TODAY) is None
    assert home.running(pretending).campaigns == ()
    assert rows(database.superuser_url, "select count(*) from visits") == [(1,)]
