"""What people may do with money: order, refuse, add, look at, take away."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from uuid import UUID

import pytest

import settings
from jobs.campaign_ports import StoredMemory
from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.lead import Contact, EmailStatus, Origin, StepOutcome, StepResult
from pipeline.money.calls import Answer, Call
from pipeline.money.plan_warnings import Warn
from services import (
    calls_export,
    campaigns,
    continuing,
    export_terms,
    exporting,
    history,
    planning,
    providers,
    spend_sums,
    spending,
    watching,
)
from services.errors import Invalid, NotFound
from services.identity import Person
from services.results import LeadFilter, LeadSort
from services.spend_sums import By, ByAny, SpendView, When
from services.watching import Watched
from store import lead_rows, ledger, provider_status
from store import spend_sums as sums
from store.database import Role, transaction
from store.leases import Lease
from store.provider_status import ProviderState
from store.spent_where import Where
from tests.support.campaigns import PAID, SPEC, TODAY, claimed, end, lead, spent, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, change, rows

SITE = Origin(source="website", ref="https://anchor.test/contact", observed_on=date(2026, 11, 24))


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"budget_usd": Decimal("0.001")}, "costs $0.008, more than the budget"),
        ({"sources": ("google_places",), "budget_usd": Decimal("0.03")}, "costs $0.035"),
        ({"sources": ("google_places",), "budget_usd": Decimal(0)}, "costs $0.035"),
    ],
)
def test_a_budget_below_the_first_call_is_refused_before_anything_is_asked(
    owner: Person, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(Invalid, match=says.replace("$", r"\$")):
        campaigns.submit(owner, PAID.model_copy(update=changes), "key")
    assert campaigns.list_mine(owner).total == 0


def test_without_budget_a_free_source_is_enough(owner: Person) -> None:
    campaigns.submit(owner, PAID.model_copy(update={"budget_usd": Decimal(0)}), "key")


def test_a_provider_without_a_key_is_refused_with_what_to_do(database: Database, redis_url: str) -> None:
    with pytest.raises(Invalid, match="an administrator sets HUNTER_IO_API_KEY"):
        campaigns.submit(person("owner"), PAID, "key")


def test_more_budget_goes_on_once_and_never_above_the_limit(owner: Person) -> None:
    campaign = submitted(owner, PAID)
    undone = StepResult(step="hunter", outcome=StepOutcome.SKIPPED, detail="No budget.", is_open=True)
    lease = claimed(owner, campaign)
    store_leads(lease, [lead(1)])
    with transaction(Role.WORKER, lease=lease) as conn:
        lead_rows.save(
            conn, lease, [replace(lead(1), steps=(undone,))], date(2026, 11, 24), {"google_places": 30}
        )
    end(lease)
    assert campaigns.get(owner, campaign).can_continue
    for _ in range(2):
        continuing.add_budget(owner, campaign, Decimal(2), "more")
    view = campaigns.get(owner, campaign)
    assert (view.status, view.budget_micros, view.spec.budget_usd) == (
        CampaignStatus.PENDING,
        4_000_000,
        Decimal(4),
    )


def test_nobody_pays_for_somebody_elses_campaign(owner: Person) -> None:
    campaign = submitted(owner, PAID)
    end(claimed(owner, campaign))
    with pytest.raises(NotFound):
        continuing.add_budget(person("stranger"), campaign, Decimal(2), "more")
    with pytest.raises(Invalid):
        continuing.add_budget(owner, campaign, Decimal(-2), "more")
    with pytest.raises(Invalid):
        continuing.add_budget(owner, campaign, Decimal(9_999), "more")


def test_every_call_is_listed_summed_and_taken_away_by_its_owner_only(owner: Person) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    spent(lease, "a.test", 24_500)
    spent(lease, "b.test", 0, found=False)
    spent(lease, "=cmd.test", 24_500, found=False)
    view = spend_sums.summary(owner, "provider")
    assert [(row.group, row.calls, row.cost_micros, row.missed_micros) for row in view.rows] == [
        ("Hunter", 3, 49_000, 24_500)
    ]
    page = spending.calls(owner, limit=2)
    rest = spending.calls(owner, cursor=page.next_cursor, limit=2)
    assert [spending.asked_for(row) for row in (*page.rows, *rest.rows)] == ["=cmd.test", "b.test", "a.test"]
    file = calls_export.calls_csv(owner)
    lines = list(csv.DictReader(StringIO(file.data.decode("utf-8-sig"))))
    assert [line["Asked for"] for line in lines] == ["'=cmd.test", "b.test", "a.test"]
    assert sum(Decimal(line["Cost (USD)"]) for line in lines) == Decimal("0.049")
    stranger = person("stranger")
    assert spending.calls(stranger).rows == ()
    assert spend_sums.summary(stranger, "day").rows == ()
    with pytest.raises(NotFound):
        spending.calls(stranger, lease.campaign_id)


def test_administrators_see_everybodys_sums_and_nobody_else_does(owner: Person) -> None:
    spent(claimed(owner, submitted(owner, PAID)), "a.test", 24_500)
    boss = person("boss", is_admin=True)
    assert [(row.group, row.cost_micros) for row in spend_sums.everybody(boss, "user").rows] == [
        ("owner@example.com", 24_500)
    ]
    with transaction(Role.ADMIN, proof=owner.proof) as conn:
        assert sums.sums(conn, Where(workspace_id=None), "user") == []
        assert sums.usable(conn, Where(workspace_id=None)) == (0, 0)


def test_sums_are_the_same_while_campaigns_run_when_they_ended_and_later(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than all these sums take on a busy machine.
    monkeypatch.setenv("LEASE_S", "300")
    settings.get.cache_clear()
    boss = person("boss", is_admin=True)
    leases = [claimed(who, submitted(who, PAID)) for who in (owner, owner, boss)]
    for number, lease in enumerate(leases):
        spent(lease, "a.test", 5_000 * (number + 1))
    days = [spend_sums.ALL, *(spend_sums.during(when) for when in (When.TODAY, When.MONTH, When.LAST_MONTH))]

    def seen() -> list[SpendView]:
        own: tuple[By, ...] = ("day", "campaign", "provider")
        whose = (replace(each, only_own=only) for each in days for only in (False, True))
        views = [spend_sums.summary(owner, by, chosen) for chosen in whose for by in own]
        views += [spend_sums.team(owner, chosen) for chosen in days]
        everybody: tuple[ByAny, ...] = (*own, "user", "workspace")
        return views + [spend_sums.everybody(boss, by, chosen) for chosen in days for by in everybody]

    before = seen()
    assert [view.total.cost_micros for view in before[::3][:8]] == [15_000] * 6 + [0] * 2
    assert [(row.group, row.cost_micros) for row in spend_sums.everybody(boss, "workspace").rows] == [
        ("boss@example.com", 15_000),
        ("owner@example.com", 15_000),
    ]
    for lease in leases[1:]:
        end(lease)
        assert seen() == before
    with transaction(Role.SYSTEM) as conn:
        sums.compact(conn)
    assert seen() == before
    continuing.go_on(owner, leases[1].campaign_id)
    assert seen() == before


def test_a_campaign_that_is_gone_leaves_no_line_of_zeros(owner: Person, database: Database) -> None:
    boss, lease = person("boss", is_admin=True), claimed(owner, submitted(owner, PAID))
    spent(lease, "a.test", 5_000)
    end(lease)
    change(database.superuser_url, "delete from campaigns")
    assert [spend_sums.everybody(boss, by).rows for by in ("day", "provider", "user", "workspace")] == [
        ()
    ] * 4


def test_cost_per_lead_and_per_usable_lead(owner: Person) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    spent(lease, "a.test", 24_500)
    store_leads(lease, [lead(1), lead(2)])
    view = campaigns.get(owner, lease.campaign_id)
    assert (view.cost_per_lead_micros, view.cost_per_usable_lead_micros) == (12_250, None)


def test_uncertain_look_ups_are_asked_again_when_their_owner_says_so(
    owner: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    lost = StepResult(step="hunter", outcome=StepOutcome.UNCERTAIN, detail="Interrupted.", cost_micros=24_500)
    store_leads(lease, [replace(lead(1), steps=(*lead(1).steps, lost)), lead(2)])
    call = Call(
        provider="hunter",
        operation="domain_search",
        arguments={"domain": "a.test"},
        price_micros=24_500,
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        key = ledger.begin(conn, lease, call, 1)
        ledger.fail(conn, lease.workspace_id, key, "Interrupted.", billed=True)
    continuing.retry_unanswered(owner, lease.campaign_id)
    assert campaigns.get(owner, lease.campaign_id).status is CampaignStatus.PROCESSING
    end(lease, CampaignStatus.COMPLETED)
    missing = continuing.unanswered(owner, lease.campaign_id)
    assert (missing.look_ups, missing.price_micros) == (1, 24_500)
    with pytest.raises(NotFound):
        continuing.retry_unanswered(person("stranger"), lease.campaign_id)
    continuing.retry_unanswered(owner, lease.campaign_id)
    assert campaigns.get(owner, lease.campaign_id).status is CampaignStatus.PENDING
    assert continuing.unanswered(owner, lease.campaign_id).look_ups == 0
    assert rows(database.superuser_url, "select may_repeat from provider_calls") == [(True,)]
    ((opened,),) = rows(database.superuser_url, "select count(*) from leads where is_open")
    assert opened == 1


def test_a_lead_for_which_two_questions_were_asked_bears_both_when_one_is_uncertain(
    owner: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    lost = StepResult(step="hunter", outcome=StepOutcome.UNCERTAIN, detail="Interrupted.", cost_micros=49_000)
    made = lead(1)
    store_leads(lease, [replace(made, steps=(*made.steps, lost))])
    with transaction(Role.WORKER, lease=lease) as conn:
        for domain in ("a.test", "b.test"):
            call = Call(
                provider="hunter",
                operation="domain_search",
                arguments={"domain": domain},
                price_micros=24_500,
                subject=made.business.key,
            )
            key = ledger.begin(conn, lease, call, 1)
            if domain == "a.test":
                paid = Answer(http_status=200, body={}, cost_micros=24_500)
                ledger.settle(conn, lease.workspace_id, key, paid)
        ledger.fail(conn, lease.workspace_id, key, "Interrupted.", billed=True)
    end(lease, CampaignStatus.COMPLETED)
    borne = "select l.cost_micros, c.spent_micros from leads l join campaigns c on c.id = l.campaign_id"
    assert rows(database.superuser_url, borne) == [(49_000, 49_000)]
    free = Answer(http_status=200, body={}, cost_micros=0)
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.settle(conn, lease.workspace_id, key, free)
    assert rows(database.superuser_url, borne) == [(24_500, 24_500)]


def test_what_was_paid_for_a_lead_stands_on_it_whatever_became_of_it_since(
    owner: Person, database: Database
) -> None:
    """One run was billed and died before the lead was stored; the next had a reason to ask nobody."""
    lease, made = claimed(owner, submitted(owner, PAID)), lead(1)
    questions = [("hunter", "domain_search", 24_500), ("neverbounce", "single_check", 8_000)]
    with transaction(Role.WORKER, lease=lease) as conn:
        for provider, operation, price_micros in questions:
            call = Call(
                provider=provider,
                operation=operation,
                arguments={"asked": operation},
                price_micros=price_micros,
                subject=made.business.key,
            )
            key = ledger.begin(conn, lease, call, 1)
            if provider == "hunter":
                ledger.settle(
                    conn, lease.workspace_id, key, Answer(http_status=200, body={}, cost_micros=24_500)
                )
    skipped = [
        StepResult(step=provider, outcome=StepOutcome.SKIPPED, detail="On the suppression list.")
        for provider, _, _ in questions
    ]
    store_leads(lease, [replace(made, steps=(*made.steps, *skipped)), lead(2)])
    # The check is still open: at the end it counts as billed.
    end(lease, CampaignStatus.COMPLETED)
    borne = (
        "select l.cost_micros, c.spent_micros, jsonb_path_query_array(l.steps, '$[*].cost_micros') from leads l"
        " join campaigns c on c.id = l.campaign_id where l.cost_micros > 0"
    )
    assert rows(database.superuser_url, borne) == [(32_500, 32_500, [0, 24_500, 8_000])]


def test_a_simulated_lead_cannot_be_taken_for_a_real_one(owner: Person) -> None:
    lease = claimed(owner, submitted(owner, SPEC))
    store_leads(lease, [lead(1, email="info@anchor.test")])
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.mark_simulated(conn, lease)
    end(lease, CampaignStatus.COMPLETED)
    file = exporting.export(owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE, "csv")
    (line,) = csv.DictReader(StringIO(file.data.decode("utf-8-sig")))
    assert file.filename.startswith("SIMULATED-")
    assert (line["Name"], line["Simulated"]) == ("SIMULATED Cafe 001", "SIMULATED")


def test_the_defaults_are_what_works_here_and_asks_for_no_money_by_itself(
    owner: Person, database: Database
) -> None:
    assert providers.defaults() == (("open_data",), ("hunter", "neverbounce"))
    with transaction(Role.SYSTEM) as conn:
        provider_status.report(conn, "overpass", ProviderState.OK, "It answers.")
    sources, steps = providers.defaults()
    assert sources == ("osm_live", "open_data")
    assert steps[0] == "website"


def test_the_plan_names_the_paid_calls_and_never_more_than_the_budget(owner: Person) -> None:
    spec = CampaignSpec(
        business_types=("cafe",),
        location="60.0, 25.0",
        max_results=100,
        budget_usd=Decimal(1),
        sources=("google_places",),
        waterfall=("hunter", "neverbounce"),
    )
    plan = planning.estimate(owner, spec)
    assert [call.provider for call in plan.calls] == [
        "google_places", "hunter", "neverbounce",
    ]  # fmt: skip
    assert plan.calls[0].low >= 1
    assert plan.cost_high_micros <= 1_000_000
    assert Warn.BUDGET_MAY_END_IT in {warning.kind for warning in plan.warnings}
    free = planning.estimate(owner, spec.model_copy(update={"budget_usd": Decimal(0)}))
    assert (free.calls, free.cost_high_micros) == ((), 0)
    assert Warn.NO_BUDGET in {warning.kind for warning in free.warnings}


def test_the_plan_says_which_of_its_providers_an_administrator_stopped(
    owner: Person, database: Database
) -> None:
    spec = SPEC.model_copy(update={"waterfall": ("hunter",), "budget_usd": Decimal(5)})
    stopped = (
        "insert into provider_stops (provider, is_stopped) values ('hunter', true), ('neverbounce', true)"
    )
    change(database.superuser_url, stopped)
    said = {warning.kind: warning.message for warning in planning.estimate(owner, spec).warnings}
    assert said[Warn.STOPPED].startswith("Hunter is not asked at the moment")
    change(database.superuser_url, "update provider_stops set is_stopped = false")
    assert Warn.STOPPED not in {warning.kind for warning in planning.estimate(owner, spec).warnings}


def test_a_verified_address_of_an_earlier_campaign_is_known(owner: Person, database: Database) -> None:
    first = claimed(owner, submitted(owner, SPEC))
    made = lead(1, email="info@anchor.test", domain="anchor.test")
    contact = Contact(email="info@anchor.test", origin=SITE, status=EmailStatus.VERIFIED)
    store_leads(first, [replace(made, email_status=EmailStatus.VERIFIED, contacts=(contact,))])
    end(first, CampaignStatus.COMPLETED)
    second = claimed(owner, submitted(owner, SPEC))
    assert StoredMemory(second, TODAY).known_contact("anchor.test") == contact
    assert StoredMemory(second, TODAY).known_contact("other.test") is None
    stranger = person("stranger")
    third = claimed(stranger, submitted(stranger, SPEC))
    assert StoredMemory(third, TODAY).known_contact("anchor.test") is None


def left_undone(owner: Person, budget: str, cost: int) -> Lease:
    """A campaign that ended with a lead waiting for a look-up."""
    lease = claimed(owner, submitted(owner, PAID.model_copy(update={"budget_usd": Decimal(budget)})))
    spent(lease, "a.test", cost)
    undone = StepResult(step="hunter", outcome=StepOutcome.SKIPPED, detail="Key refused.", is_open=True)
    store_leads(lease, [lead(1)])
    with transaction(Role.WORKER, lease=lease) as conn:
        lead_rows.save(conn, lease, [replace(lead(1), steps=(undone,))], TODAY, {"google_places": 30})
    end(lease)
    return lease


def test_what_was_left_undone_with_money_left_is_done_without_more(owner: Person) -> None:
    lease = left_undone(owner, "2", 24_500)
    assert not campaigns.get(owner, lease.campaign_id).lacks_budget
    for _ in range(2):
        continuing.go_on(owner, lease.campaign_id)
    view = campaigns.get(owner, lease.campaign_id)
    assert (view.status, view.budget_micros, view.spent_micros) == (CampaignStatus.PENDING, 2_000_000, 24_500)
    with pytest.raises(NotFound):
        continuing.go_on(person("stranger"), lease.campaign_id)


def test_what_goes_on_begins_its_progress_and_its_clock_anew(owner: Person, database: Database) -> None:
    lease = left_undone(owner, "2", 24_500)
    change(
        database.superuser_url,
        "update discovery_jobs set progress = 100, current_stage = 'storing_results',"
        " started_at = now() - interval '1 hour';"
        "update campaigns set started_at = now() - interval '1 hour'",
    )
    assert campaigns.get(owner, lease.campaign_id).elapsed_s >= 3600
    continuing.go_on(owner, lease.campaign_id)
    view = campaigns.get(owner, lease.campaign_id)
    assert (view.progress, view.stage) == (0, Stage.INITIALIZING)
    assert view.elapsed_s < 3600
    last = history.events(owner, lease.campaign_id)[-1]
    assert (last.message, last.progress) == ("In line again, to do what was left undone.", 0)


def test_less_than_the_dearest_call_needs_more_budget(owner: Person) -> None:
    lease = left_undone(owner, "0.048", 24_500)
    assert campaigns.get(owner, lease.campaign_id).lacks_budget


def test_a_failed_campaign_tries_again_and_a_complete_one_has_nothing_to_do(owner: Person) -> None:
    failed, complete = claimed(owner, submitted(owner, SPEC)), claimed(owner, submitted(owner, SPEC))
    end(failed, CampaignStatus.FAILED)
    end(complete, CampaignStatus.COMPLETED)
    for lease in (failed, complete):
        continuing.go_on(owner, lease.campaign_id)
    assert campaigns.get(owner, failed.campaign_id).status is CampaignStatus.PENDING
    assert campaigns.get(owner, complete.campaign_id).status is CampaignStatus.COMPLETED


def test_campaigns_of_one_name_keep_their_own_sums(owner: Person) -> None:
    leases = [claimed(owner, submitted(owner, PAID)) for _ in range(2)]
    for lease, domains in zip(leases, ("a", "bc"), strict=True):
        for domain in domains:
            spent(lease, f"{domain}.test", 24_500)
    rows_by = spend_sums.summary(owner, "campaign").rows
    assert [(row.group[:17], row.cost_micros) for row in rows_by] == [
        ("cafe in Helsinki,", 49_000),
        ("cafe in Helsinki,", 24_500),
    ]
    only = spend_sums.summary(owner, "day", campaign_id=leases[0].campaign_id)
    assert only.total.cost_micros == 24_500
    with pytest.raises(NotFound):
        spend_sums.summary(person("stranger"), "day", campaign_id=leases[0].campaign_id)


def seen(owner: Person, campaign_id: UUID, shown: str = "") -> Watched:
    watched = watching.look(owner, campaign_id, shown)
    assert watched is not None
    return watched


def test_the_cost_over_time_ends_at_the_sum_and_stays_short(owner: Person, database: Database) -> None:
    lease = claimed(owner, submitted(owner, PAID.model_copy(update={"budget_usd": Decimal(100)})))
    for number in range(3):
        spent(lease, f"{number}.test", 24_500)
    watched = seen(owner, lease.campaign_id)
    points = watched.points()
    assert [point.at for point in points] == sorted(point.at for point in points)
    assert (points[-1].provider, points[-1].spent_micros) == ("Hunter", 73_500)
    change(
        database.superuser_url,
        "insert into provider_calls select (jsonb_populate_record(null::provider_calls, to_jsonb(c) ||"
        " jsonb_build_object('id', gen_random_uuid(), 'key', '\\x' || lpad(to_hex(n), 64, '0'),"
        " 'done_at', now() + n * interval '1 s'))).*"
        " from (select * from provider_calls limit 1) c, generate_series(1, 1000) n",
    )
    points = seen(owner, lease.campaign_id, watched.state).points()
    assert len(points) <= 201
    assert points[-1].spent_micros == 1003 * 24_500


def test_a_refused_key_alarms_administrators_only(owner: Person) -> None:
    boss = person("boss", is_admin=True)
    assert providers.alarms(boss) == ()
    with transaction(Role.WORKER) as conn:
        provider_status.report(conn, "hunter", ProviderState.REFUSED, "Hunter refused the key.")
        provider_status.report(conn, "neverbounce", ProviderState.WAITING, "It kept failing.")
    assert providers.alarms(boss) == ("Hunter refused the key.",)
    assert providers.alarms(owner) == ()


def test_who_decided_about_googles_values_is_kept(owner: Person) -> None:
    boss = person("boss", is_admin=True)
    (found,) = export_terms.restrictions(boss)
    assert (found.label, found.decision) == ("Google Maps", None)
    export_terms.decide(boss, "google_places", allowed=False)
    decision = export_terms.restrictions(boss)[0].decision
    assert decision is not None
    assert (decision.value, decision.by) == ("withheld", "boss@example.com")
