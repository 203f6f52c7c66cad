"""What people may do with money: order, refuse, add, look at, take away."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import psycopg2
import pytest

import settings
from jobs.campaign_ports import StoredMemory
from pipeline.calls import Answer, Call, Json, Provider
from pipeline.campaign import CampaignSpec, CampaignStatus, Source, Step
from pipeline.estimate import estimate
from pipeline.lead import Contact, EmailStatus, Origin, StepOutcome, StepResult
from services import campaigns, continuing, exporting, providers, results, spending
from services.errors import NotFound, Refused
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import lead_rows, ledger, progress, provider_status, retention
from store import spending as sums
from store.database import Role, transaction
from store.leases import Lease
from store.progress import End
from tests.pipeline.memory import HARBOUR
from tests.support.campaigns import SPEC, TODAY, claimed, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, change, rows

PAID = SPEC.model_copy(update={"budget_usd": Decimal(2), "waterfall": (Step.HUNTER, Step.NEVERBOUNCE)})
GOOGLE = Origin(source="google_places", ref="place-1", observed_on=date(2026, 11, 24))


@pytest.fixture
def keys(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_PLACES_API_KEY", "HUNTER_IO_API_KEY", "NEVERBOUNCE_API_KEY"):
        monkeypatch.setenv(name, "a-key")
    settings.get.cache_clear()


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


def spent(lease: Lease, domain: str, cost: int, *, found: bool = True) -> None:
    """A paid call of a running campaign."""
    call = Call(
        provider=Provider.HUNTER, operation="domain_search", arguments={"domain": domain}, price_micros=24_500
    )
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        key = ledger.begin(conn, lease, call, 1)
        ledger.settle(
            conn, lease.workspace_id, key, Answer(http_status=200, body={}, cost_micros=cost, found=found)
        )


def ended(lease: Lease, status: CampaignStatus = CampaignStatus.PARTIAL) -> None:
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        progress.finish(conn, lease.workspace_id, lease.job_id, End(status=status, message="The end."))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"budget_usd": Decimal("0.001")}, "costs $0.008, more than the budget"),
        ({"sources": (Source.GOOGLE_PLACES,), "budget_usd": Decimal("0.03")}, "costs $0.035"),
        ({"sources": (Source.GOOGLE_PLACES,), "budget_usd": Decimal(0)}, "costs $0.035"),
    ],
)
def test_a_budget_below_the_first_call_is_refused_before_anything_is_asked(
    owner: Person, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(Refused, match=says.replace("$", r"\$")):
        campaigns.submit(owner, PAID.model_copy(update=changes), "key")
    assert campaigns.list_mine(owner).total == 0


def test_without_budget_a_free_source_is_enough(owner: Person) -> None:
    campaigns.submit(owner, PAID.model_copy(update={"budget_usd": Decimal(0)}), "key")


def test_a_provider_without_a_key_is_refused_with_what_to_do(database: Database, redis_url: str) -> None:
    with pytest.raises(Refused, match="an administrator sets HUNTER_IO_API_KEY"):
        campaigns.submit(person("owner"), PAID, "key")


def test_more_budget_goes_on_once_and_never_above_the_limit(owner: Person) -> None:
    campaign = submitted(owner, PAID)
    undone = StepResult(step="hunter", outcome=StepOutcome.SKIPPED, detail="No budget.", is_open=True)
    lease = claimed(owner, campaign)
    store_leads(lease, [lead(1)])
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        lead_rows.save(conn, lease, [replace(lead(1), steps=(undone,))], date(2026, 11, 24), 30)
    ended(lease)
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
    ended(claimed(owner, campaign))
    with pytest.raises(NotFound):
        continuing.add_budget(person("stranger"), campaign, Decimal(2), "more")
    with pytest.raises(Refused):
        continuing.add_budget(owner, campaign, Decimal(-2), "more")
    with pytest.raises(Refused):
        continuing.add_budget(owner, campaign, Decimal(9_999), "more")


def test_every_call_is_listed_summed_and_taken_away_by_its_owner_only(owner: Person) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    spent(lease, "a.test", 24_500)
    spent(lease, "b.test", 0, found=False)
    spent(lease, "=cmd.test", 24_500, found=False)
    view = spending.summary(owner, "provider")
    assert [(row.group, row.calls, row.cost_micros, row.missed_micros) for row in view.rows] == [
        ("Hunter", 3, 49_000, 24_500)
    ]
    page = spending.calls(owner, limit=2)
    rest = spending.calls(owner, cursor=page.next_cursor, limit=2)
    assert [spending.asked_for(row) for row in (*page.rows, *rest.rows)] == ["=cmd.test", "b.test", "a.test"]
    file = spending.calls_csv(owner)
    lines = list(csv.DictReader(StringIO(file.data.decode("utf-8-sig"))))
    assert [line["Asked for"] for line in lines] == ["'=cmd.test", "b.test", "a.test"]
    assert sum(Decimal(line["Cost (USD)"]) for line in lines) == Decimal("0.049")
    stranger = person("stranger")
    assert spending.calls(stranger).rows == ()
    assert spending.summary(stranger, "day").rows == ()
    with pytest.raises(NotFound):
        spending.calls(stranger, lease.campaign_id)


def test_administrators_see_everybodys_sums_and_nobody_else_does(owner: Person) -> None:
    spent(claimed(owner, submitted(owner, PAID)), "a.test", 24_500)
    boss = person("boss", is_admin=True)
    assert [(row.group, row.cost_micros) for row in spending.everybody(boss, "user").rows] == [
        ("owner@example.com", 24_500)
    ]
    with pytest.raises(Refused):
        spending.everybody(owner, "user")
    with transaction(Role.ADMIN, user_id=owner.id) as conn:
        assert sums.everybody(conn, date(2020, 1, 1)) == []


def test_cost_per_lead_and_per_usable_lead(owner: Person) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    spent(lease, "a.test", 24_500)
    store_leads(lease, [lead(1), lead(2)])
    view = campaigns.get(owner, lease.campaign_id)
    assert (view.cost_per_lead_micros, view.cost_per_usable_lead_micros) == (12_250, None)


def google_campaign(owner: Person) -> Lease:
    lease = claimed(owner, submitted(owner, SPEC))
    from_google = lead(
        1,
        origins=(GOOGLE,),
        provenance={"name": GOOGLE, "address": GOOGLE, "phone": GOOGLE},
        phone="+35891234567",
    )
    store_leads(lease, [from_google, lead(2, phone="+35891234568")])
    ended(lease, CampaignStatus.COMPLETED)
    return lease


def exported(owner: Person, lease: Lease) -> tuple[list[dict[str, str]], int]:
    file = exporting.export(owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE, "csv")
    return list(csv.DictReader(StringIO(file.data.decode("utf-8-sig")))), file.withheld


def test_what_only_google_said_stays_here_unless_an_administrator_decided_otherwise(owner: Person) -> None:
    lease = google_campaign(owner)
    lines, withheld = exported(owner, lease)
    hidden = next(line for line in lines if line["Source records"] == "place-1")
    assert withheld == 1
    assert (hidden["Name"], hidden["Address"], hidden["Phone"], hidden["Latitude"]) == ("", "", "", "")
    assert "only Google gave" in hidden["Why empty"]
    assert {line["Phone"] for line in lines} == {"", "+35891234568"}
    boss = person("boss", is_admin=True)
    providers.allow_google_export(boss, allowed=True)
    lines, withheld = exported(owner, lease)
    assert withheld == 0
    assert {line["Phone"] for line in lines} == {"+35891234567", "+35891234568"}
    with pytest.raises(Refused):
        providers.allow_google_export(owner, allowed=False)


def test_what_only_google_said_is_not_drawn_on_our_map(owner: Person) -> None:
    points = results.map_points(owner, google_campaign(owner).campaign_id, LeadFilter())
    assert [point.name for point in points] == ["Cafe 002"]


def test_what_only_google_said_is_forgotten_after_its_time(owner: Person, database: Database) -> None:
    lease = google_campaign(owner)
    conn = psycopg2.connect(database.superuser_url)
    with conn, conn.cursor() as cursor:
        cursor.execute("update leads set retain_until = current_date where retain_until is not null")
    conn.close()
    with transaction(Role.SYSTEM) as system:
        assert retention.forget_google_values(system) == 1
    page = results.leads(owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE)
    gone = next(row for row in page.rows if row.sources == ("Google Maps",))
    assert (gone.name, gone.address, gone.phone, gone.lat) == ("Name removed", None, None, None)
    assert "30 days" in gone.why_empty
    kept = next(row for row in page.rows if row.sources != ("Google Maps",))
    assert kept.phone == "+35891234568"


def test_pages_of_google_are_stripped_to_their_place_ids_when_their_time_is_over(
    owner: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    call = Call(
        provider=Provider.GOOGLE_PLACES, operation="text_search", arguments={"page": 0}, price_micros=35_000
    )
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        key = ledger.begin(conn, lease, call, 1)
        page: Json = {"places": [{"id": "place-1", "displayName": {"text": "Anchor"}}], "nextPageToken": ""}
        ledger.settle(
            conn, lease.workspace_id, key, Answer(http_status=200, body=page, cost_micros=35_000, found=True)
        )
    change(database.superuser_url, "update provider_calls set done_at = done_at - interval '31 days'")
    with transaction(Role.SYSTEM) as system:
        retention.forget_google_values(system)
    assert rows(database.superuser_url, "select response from provider_calls") == [
        ({"place_ids": ["place-1"]},)
    ]


def test_what_is_long_over_is_forgotten_but_leads_and_sums_are_not(owner: Person, database: Database) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    store_leads(lease, [lead(1)])
    spent(lease, "anchor.test", 24_500)
    ended(lease, CampaignStatus.COMPLETED)
    running = claimed(owner, submitted(owner, PAID))
    spent(running, "lantern.test", 24_500)
    before = campaigns.get(owner, lease.campaign_id)
    for statement in (
        "update provider_calls set done_at = now() - interval '31 days'",
        "update job_events set at = now() - interval '31 days'",
        "update outbox set created_at = now() - interval '31 days', sent_at = now()",
        "update discovery_jobs set ended_at = now() - interval '31 days' where ended_at is not null",
        "update campaigns set ended_at = now() - interval '31 days' where ended_at is not null",
    ):
        change(database.superuser_url, statement)
    with transaction(Role.SYSTEM) as system:
        assert retention.forget_old(system, 30) > 0
        assert retention.forget_old(system, 30) == 0
        assert ledger.wrong_sums(system) == []
    after = campaigns.get(owner, lease.campaign_id)
    assert (after.spent_micros, after.lead_count) == (before.spent_micros, 1)
    assert campaigns.events(owner, lease.campaign_id) == ()
    held = rows(
        database.superuser_url, "select arguments ->> 'domain' from provider_calls where response is not null"
    )
    assert held == [("lantern.test",)]


def test_uncertain_look_ups_are_asked_again_when_their_owner_says_so(
    owner: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    lost = StepResult(step="hunter", outcome=StepOutcome.UNCERTAIN, detail="Interrupted.", cost_micros=24_500)
    store_leads(lease, [replace(lead(1), steps=(*lead(1).steps, lost)), lead(2)])
    call = Call(
        provider=Provider.HUNTER,
        operation="domain_search",
        arguments={"domain": "a.test"},
        price_micros=24_500,
    )
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        key = ledger.begin(conn, lease, call, 1)
        ledger.fail(conn, lease.workspace_id, key, "Interrupted.", billed=True)
    continuing.retry_unanswered(owner, lease.campaign_id)
    assert campaigns.get(owner, lease.campaign_id).status is CampaignStatus.PROCESSING
    ended(lease, CampaignStatus.COMPLETED)
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


def test_a_simulated_lead_cannot_be_taken_for_a_real_one(owner: Person) -> None:
    lease = claimed(owner, submitted(owner, SPEC))
    store_leads(lease, [lead(1, email="info@anchor.test")])
    with transaction(Role.WORKER, job_id=lease.job_id, lease_token=lease.token) as conn:
        ledger.mark_simulated(conn, lease)
    ended(lease, CampaignStatus.COMPLETED)
    file = exporting.export(owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE, "csv")
    (line,) = csv.DictReader(StringIO(file.data.decode("utf-8-sig")))
    assert file.filename.startswith("SIMULATED-")
    assert (line["Name"], line["Simulated"]) == ("SIMULATED Cafe 001", "SIMULATED")


def test_the_defaults_are_what_works_here_and_asks_for_no_money_by_itself(
    owner: Person, database: Database
) -> None:
    assert providers.defaults() == ((Source.OPEN_DATA,), (Step.HUNTER, Step.NEVERBOUNCE))
    with transaction(Role.SYSTEM) as conn:
        provider_status.report(conn, Provider.OVERPASS, "ok", "It answers.")
    sources, steps = providers.defaults()
    assert sources == (Source.OSM_LIVE, Source.OPEN_DATA)
    assert steps[0] is Step.WEBSITE


def test_the_plan_names_the_paid_calls_and_never_more_than_the_budget(owner: Person) -> None:
    market = providers.market()
    order = CampaignSpec(
        business_types=("cafe",),
        location="Harbour Town",
        max_results=100,
        budget_usd=Decimal(1),
        sources=(Source.GOOGLE_PLACES,),
        waterfall=(Step.HUNTER, Step.NEVERBOUNCE),
    )
    plan = estimate(order, HARBOUR, 10, market)
    assert [call.provider for call in plan.calls] == [
        Provider.GOOGLE_PLACES, Provider.HUNTER, Provider.NEVERBOUNCE,
    ]  # fmt: skip
    assert plan.calls[0].low == 5
    assert plan.cost_high_micros == 1_000_000
    assert "may end it early" in plan.message
    free = estimate(order.model_copy(update={"budget_usd": Decimal(0)}), HARBOUR, 10, market)
    assert (free.calls, free.cost_high_micros) == ((), 0)
    assert "nothing that costs money" in free.message


def test_a_verified_address_of_an_earlier_campaign_is_known(owner: Person, database: Database) -> None:
    first = claimed(owner, submitted(owner, SPEC))
    made = lead(1, email="info@anchor.test", domain="anchor.test")
    contact = Contact(email="info@anchor.test", origin=GOOGLE, status=EmailStatus.VERIFIED)
    store_leads(first, [replace(made, email_status=EmailStatus.VERIFIED, contacts=(contact,))])
    ended(first, CampaignStatus.COMPLETED)
    second = claimed(owner, submitted(owner, SPEC))
    assert StoredMemory(second, TODAY).known_contact("anchor.test") == contact
    assert StoredMemory(second, TODAY).known_contact("other.test") is None
    stranger = person("stranger")
    third = claimed(stranger, submitted(stranger, SPEC))
    assert StoredMemory(third, TODAY).known_contact("anchor.test") is None
