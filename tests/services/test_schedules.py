"""Orders that repeat: placed once each time, in somebody's name and within their money, until something is wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from jobs import schedules as placing
from pipeline.campaign import CampaignStatus, KnownCompanies
from services import campaigns, limits, schedules
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.roles import MemberRole
from services.schedules import Recurrence, ScheduleRow
from tests.support.campaigns import PAID, SPEC, claimed, submitted
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows

MORNINGS = Recurrence(
    name="Cafes, mornings",
    cron="0 8 * * *",
    time_zone="Europe/Helsinki",
    budget_usd=Decimal(0),
    month_usd=None,
    only_new=False,
)


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


def made(owner: Person, **changes: object) -> UUID:
    return schedules.add(owner, submitted(owner, SPEC), replace(MORNINGS, **changes))  # type: ignore[arg-type]


def paid(owner: Person, **changes: object) -> UUID:
    given = {"budget_usd": Decimal(2), **changes}
    return schedules.add(owner, submitted(owner, PAID), replace(MORNINGS, **given))  # type: ignore[arg-type]


def due(database: Database, hours: int = 0) -> None:
    """Time passes: every schedule is due since so many hours."""
    change(
        database.superuser_url,
        f"update schedules set next_at = now() - interval '{hours} hours' where next_at is not null",
    )


def one(owner: Person) -> ScheduleRow:
    (row,) = schedules.listing(owner)
    return row


def outcomes(owner: Person) -> list[str]:
    return [run.outcome for run in schedules.runs(owner, one(owner).id)]


def end_all(database: Database, status: str = "completed") -> None:
    change(
        database.superuser_url,
        f"update campaigns set status = '{status}', ended_at = now(), reserved_micros = 0 where ended_at is null",
    )


def test_an_order_is_placed_each_time_it_is_due_in_the_name_of_who_made_it(
    owner: Person, database: Database
) -> None:
    made(owner, only_new=True)
    assert one(owner).next_at is not None
    assert placing.place_due() == ""
    due(database)
    assert placing.place_due() == "1 ordered"
    assert placing.place_due() == "", "it is due tomorrow"
    (run,) = schedules.runs(owner, one(owner).id)
    assert run.campaign_id is not None
    campaign = campaigns.get(owner, run.campaign_id)
    assert (campaign.title, campaign.status) == (MORNINGS.name, CampaignStatus.PENDING)
    assert campaign.spec == SPEC.model_copy(update={"known_companies": KnownCompanies.SKIP})
    assert rows(
        database.superuser_url, f"select created_by::text from campaigns where id = '{campaign.id}'"
    ) == [(str(owner.id),)]
    # A worker can take it: the wake-up is promised with it.
    assert claimed(owner, campaign.id)
    assert rows(
        database.superuser_url,
        f"select count(*) from outbox where job_id = '{campaign.job_id}' and sent_at is null",
    ) == [(1,)]


def test_what_passed_while_nothing_ran_is_made_up_for_by_one_order(owner: Person, database: Database) -> None:
    made(owner, cron="0 * * * *")
    due(database, hours=24)
    assert placing.place_due() == "1 ordered"
    (run,) = schedules.runs(owner, one(owner).id)
    assert run.missed in (23, 24)
    assert one(owner).next_at is not None
    assert rows(database.superuser_url, "select next_at > now() from schedules") == [(True,)]


def test_workers_that_look_at_the_same_time_order_once(owner: Person, database: Database) -> None:
    for _ in range(3):
        made(owner)
    due(database)
    with ThreadPoolExecutor(4) as pool:
        said = [each.result() for each in [pool.submit(placing.place_due) for _ in range(4)]]
    assert sum(int(each.split()[0]) for each in said if each) == 3
    assert rows(
        database.superuser_url, "select count(*), count(distinct schedule_id) from schedule_runs"
    ) == [(3, 3)]


def test_a_time_is_left_out_while_the_one_before_runs(owner: Person, database: Database) -> None:
    made(owner)
    for _ in range(2):
        due(database)
        placing.place_due()
    assert outcomes(owner) == ["still_running", "ordered"]
    end_all(database)
    due(database)
    placing.place_due()
    assert outcomes(owner) == ["ordered", "still_running", "ordered"]
    newest, _, first = schedules.runs(owner, one(owner).id)
    assert newest.before == first.campaign_id, "what changed is told beside the time before"
    change(database.superuser_url, "update schedule_runs set begun_at = begun_at - interval '401 days'")
    end_all(database)
    due(database)
    placing.place_due()
    assert outcomes(owner) == ["ordered"], "what is older than 400 days goes"


def test_the_cap_of_a_month_is_never_exceeded(owner: Person, database: Database) -> None:
    paid(owner, month_usd=Decimal(3))
    due(database)
    placing.place_due()
    assert one(owner).spent_micros == 2_000_000, "what it may still cost counts"
    change(
        database.superuser_url,
        "update campaigns set status = 'completed', ended_at = now(), spent_micros = 1500000 where title like 'Cafes%'",
    )
    due(database)
    placing.place_due()
    assert outcomes(owner) == ["month_spent", "ordered"]
    assert one(owner).spent_micros == 1_500_000
    change(database.superuser_url, "update campaigns set created_at = now() - interval '32 days'")
    due(database)
    placing.place_due()
    assert outcomes(owner)[0] == "ordered"


def test_money_limits_hold_for_orders_of_a_schedule_as_for_others(owner: Person, database: Database) -> None:
    paid(owner)
    end_all(database)
    limits.set_limit(owner, limits.Period.DAY, Decimal(1))
    due(database)
    assert placing.place_due() == "1 limit_reached"
    assert one(owner).next_at is not None, "tomorrow there is money again"
    assert rows(database.superuser_url, "select count(*) from campaigns where title like 'Cafes%'") == [(0,)]


def test_three_failures_pause_it_until_somebody_resumes_it(owner: Person, database: Database) -> None:
    made(owner)
    for _ in range(3):
        due(database)
        assert placing.place_due() == "1 ordered"
        end_all(database, "failed")
    due(database)
    assert placing.place_due() == "1 failures"
    assert (one(owner).pause_cause, one(owner).next_at, len(outcomes(owner))) == ("failures", None, 3)
    schedules.resume(owner, one(owner).id)
    due(database)
    assert placing.place_due() == "1 ordered", "failures before count no more"


@pytest.mark.parametrize("what", ["role", "gone", "disabled", "unpaid"])
def test_nothing_is_ordered_for_somebody_who_may_not(owner: Person, database: Database, what: str) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    schedules.add(member, submitted(member, PAID), replace(MORNINGS, budget_usd=Decimal(2)))
    change(
        database.superuser_url,
        {
            "role": f"update memberships set role = 'viewer' where user_id = '{member.id}' and role = 'member'",
            "gone": f"delete from memberships where user_id = '{member.id}' and role = 'member'",
            "disabled": f"update users set disabled_at = now() where id = '{member.id}'",
            "unpaid": f"update users set is_free = true where id = '{member.id}'",
        }[what],
    )
    due(database)
    assert placing.place_due() == "1 no_right"
    assert (one(owner).pause_cause, outcomes(owner)) == ("no_right", [])


def test_who_made_it_and_admins_change_it_and_others_of_the_workspace_see_it(
    owner: Person, database: Database
) -> None:
    member = joins(database, person("member"), owner, MemberRole.MEMBER)
    other = joins(database, person("other"), owner, MemberRole.MEMBER)
    viewer = joins(database, person("viewer"), owner, MemberRole.VIEWER)
    schedule = schedules.add(member, submitted(member, SPEC), MORNINGS)
    assert one(other).id == one(viewer).id == schedule
    stranger = person("stranger")
    assert schedules.listing(stranger) == ()
    for refused, why in ((other, NotFound), (viewer, NotAllowed), (stranger, NotFound)):
        for act in (schedules.pause, schedules.resume, schedules.run_now, schedules.remove):
            with pytest.raises(why):
                act(refused, schedule)
        with pytest.raises(why):
            schedules.change(refused, schedule, MORNINGS)
    schedules.change(owner, schedule, replace(MORNINGS, name="Changed", cron="0 9 * * 1"))
    assert (one(member).name, one(member).cron, one(member).creator_id) == ("Changed", "0 9 * * 1", member.id)
    schedules.pause(member, schedule)
    schedules.change(member, schedule, MORNINGS)
    assert one(member).pause_cause == "person", "what is changed while it is paused stays paused"
    with pytest.raises(NotFound):
        schedules.run_now(member, schedule)
    schedules.resume(member, schedule)
    schedules.run_now(member, schedule)
    assert placing.place_due() == "1 ordered"
    schedules.remove(owner, schedule)
    assert schedules.listing(member) == ()


def test_what_was_ordered_stays_when_the_schedule_goes_and_the_other_way_round(
    owner: Person, database: Database
) -> None:
    schedule = made(owner)
    due(database)
    placing.place_due()
    (run,) = schedules.runs(owner, schedule)
    assert run.campaign_id
    campaigns.cancel(owner, run.campaign_id)
    campaigns.delete(owner, run.campaign_id)
    (told,) = schedules.runs(owner, schedule)
    assert (told.outcome, told.campaign_id, told.lead_count) == ("ordered", None, None)


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"cron": "* * * * *"}, "cron", "more often than every hour"),
        ({"time_zone": "Nowhere"}, "time_zone", "is not known"),
        ({"name": " "}, "name", "Type a name"),
        ({"budget_usd": Decimal(-1)}, "budget_usd", "between"),
        ({"budget_usd": Decimal(2), "month_usd": Decimal(1)}, "month_usd", "never run"),
        ({"month_usd": Decimal(10_001)}, "month_usd", "between"),
        ({"budget_usd": Decimal("0.0000001")}, "budget_usd", "at most six decimals"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(
    owner: Person, changes: dict[str, Any], field: str, why: str
) -> None:
    schedule = made(owner)
    for act in (
        lambda recurrence: schedules.add(owner, submitted(owner, SPEC), recurrence),
        lambda recurrence: schedules.change(owner, schedule, recurrence),
    ):
        with pytest.raises(Invalid, match=why) as refused:
            act(replace(MORNINGS, **changes))
        assert field in refused.value.fields


def test_a_workspace_has_fifty_at_most(owner: Person, database: Database) -> None:
    made(owner)
    change(
        database.superuser_url,
        "insert into schedules (workspace_id, id, created_by, name, spec, cron, time_zone, next_at)"
        " select workspace_id, gen_random_uuid(), created_by, name, spec, cron, time_zone, next_at"
        " from schedules, generate_series(2, 50)",
    )
    with pytest.raises(Conflict, match="50 schedules at most"):
        made(owner)
