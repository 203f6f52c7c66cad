"""What is kept for how long, and what only Google said."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import psycopg2
import pytest

from pipeline.campaign import CampaignStatus
from pipeline.geo.box import Box
from pipeline.lead import Origin
from pipeline.money.calls import Answer, Call, Json
from pipeline.words.osm_tags import CREDIT
from services import campaigns, export_terms, exporting, history, mapping, results
from services.identity import Person
from services.mapping import ColourBy, View
from services.results import LeadFilter, LeadSort
from store import ledger, retention
from store.database import Role, transaction
from store.leases import Lease
from tests.support.campaigns import PAID, SPEC, TODAY, claimed, end, lead, spent, store_leads, submitted
from tests.support.checklists import source_of
from tests.support.people import person
from tests.support.plugins import added_plugin
from tests.support.servers import Database, change, rows

GOOGLE = Origin(source="google_places", ref="place-1", observed_on=date(2026, 11, 24))


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


def google_campaign(owner: Person) -> Lease:
    lease = claimed(owner, submitted(owner, SPEC))
    from_google = lead(
        1,
        origins=(GOOGLE,),
        provenance={"name": GOOGLE, "address": GOOGLE, "phone": GOOGLE, "stars": GOOGLE},
        details={"stars": "4"},
        phone="+35891234567",
    )
    store_leads(lease, [from_google, lead(2, phone="+35891234568", details={"stars": "5"})])
    end(lease, CampaignStatus.COMPLETED)
    return lease


def kept_in_details(database: Database) -> list[tuple[object, ...]]:
    return rows(database.superuser_url, "select details from businesses order by rank desc")


def exported(owner: Person, lease: Lease) -> tuple[list[dict[str, str]], int]:
    file = exporting.export(owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE, "csv")
    return list(csv.DictReader(StringIO(file.data.decode("utf-8-sig")))), file.withheld


def test_what_only_google_said_stays_here_unless_an_administrator_decided_otherwise(owner: Person) -> None:
    lease = google_campaign(owner)
    lines, withheld = exported(owner, lease)
    hidden = next(line for line in lines if line["Source records"] == "place-1")
    assert withheld == 1
    assert (hidden["Name"], hidden["Address"], hidden["Phone"], hidden["Latitude"]) == ("", "", "", "")
    assert "only Google Maps gave" in hidden["Why empty"]
    assert {line["Phone"] for line in lines} == {"", "+35891234568"}
    other = next(line for line in lines if line["Source records"] != "place-1")
    assert (hidden["Attribution"], other["Attribution"]) == (GOOGLE.label, CREDIT)
    boss = person("boss", is_admin=True)
    export_terms.decide(boss, "google_places", allowed=True)
    lines, withheld = exported(owner, lease)
    assert withheld == 0
    assert {line["Phone"] for line in lines} == {"+35891234567", "+35891234568"}


def test_what_only_google_said_is_not_drawn_on_our_map(owner: Person) -> None:
    campaign = google_campaign(owner).campaign_id
    extent = mapping.extent(owner, campaign, LeadFilter(), TODAY)
    assert (extent.drawn, extent.hidden, extent.unplaced) == (1, 1, 0)
    assert extent.box is not None
    view = View(box=Box(24, 60, 25, 61), zoom=12)
    (only,) = mapping.clusters(owner, campaign, LeadFilter(), TODAY, view, ColourBy.REACH)
    assert only.name == "Cafe 002"


def test_what_only_google_said_is_forgotten_after_its_time(owner: Person, database: Database) -> None:
    lease = google_campaign(owner)
    conn = psycopg2.connect(database.superuser_url)
    with conn, conn.cursor() as cursor:
        cursor.execute("update leads set retain_until = current_date where retain_until is not null")
        cursor.execute("update businesses set retain_until = current_date")
    conn.close()
    with transaction(Role.SYSTEM) as system:
        assert retention.forget_values(system) == 1
    # Nothing of them is looked at again.
    assert rows(database.superuser_url, "select count(*), count(retain_until) from businesses") == [(2, 0)]
    page = results.leads(owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE)
    gone = next(row for row in page.rows if row.sources == ("Google Maps",))
    assert (gone.name, gone.address, gone.phone, gone.lat) == ("Name removed", None, None, None)
    assert "30 days" in gone.why_empty
    assert (gone.details, kept_in_details(database)) == ({}, [({"stars": "5"},), ({},)])
    kept = next(row for row in page.rows if row.sources != ("Google Maps",))
    assert (kept.phone, kept.details) == ("+35891234568", {"stars": "5"})


def test_a_rating_of_google_goes_from_a_business_another_source_found(
    owner: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner, SPEC))
    own = Origin(source="openstreetmap", ref="node/1", observed_on=date(2026, 11, 24))
    given = {"name": own, "website": own, "rating": GOOGLE, "phone": GOOGLE}
    details = {"rating": "4.6", "street": "Pier Street"}
    known = lead(1, origins=(own, GOOGLE), provenance=given, details=details, phone="+35891234567")
    store_leads(lease, [known])
    end(lease, CampaignStatus.COMPLETED)
    (line,), withheld = exported(owner, lease)
    assert (line["Name"], line["Rating"], line["Street"], withheld) == ("Cafe 001", "", "Pier Street", 1)
    (row,) = results.leads(owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE).rows
    shown = {each.field: each for each in results.lead(owner, lease.campaign_id, row.id).provenance}
    assert (shown["rating"].value, shown["rating"].origin) == ("4.6", GOOGLE)
    change(database.superuser_url, "update leads set retain_until = current_date")
    with transaction(Role.SYSTEM) as system:
        assert retention.forget_values(system) == 1
    for table in ("leads", "businesses"):
        left = rows(database.superuser_url, f"select name, phone, details from {table}")
        assert left == [("Cafe 001", None, {"street": "Pier Street"})]
    shown = {each.field: each for each in results.lead(owner, lease.campaign_id, row.id).provenance}
    assert shown["rating"].value is None
    assert "30 days" in (shown["rating"].empty_reason or "")


def test_what_a_source_from_outside_limits_is_forgotten_as_well(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    source = source_of("pipeline/providers/example_places.py")
    source = source.replace('credit="© Example Places"', 'retention="EXAMPLE_PLACES_DAYS"')
    days = 'Setting(name="EXAMPLE_PLACES_DAYS", help="Days.", default=7),'
    with added_plugin(tmp_path, "example_places", source.replace("settings=(\n", f"settings=(\n{days}\n")):
        lease = claimed(owner, submitted(owner, SPEC))
        theirs = Origin(source="example_places", ref="7")
        hours = {"name": theirs, "opening_hours": theirs, "phone": GOOGLE}
        store_leads(
            lease, [lead(1, origins=(theirs,), provenance=hours, opening_hours="24/7", phone="+35891234567")]
        )
        end(lease, CampaignStatus.COMPLETED)
        change(database.superuser_url, "update leads set retain_until = current_date")
        with transaction(Role.SYSTEM) as system:
            assert retention.forget_values(system) == 1
            assert retention.forget_values(system) == 0
    kept = "select name, opening_hours, phone, lat, empty_reasons ->> 'opening_hours', provenance from leads"
    said = "Example Places allows keeping this for 7 days only; it was removed then."
    assert rows(database.superuser_url, kept) == [("Name removed", None, None, None, said, {})]
    assert rows(database.superuser_url, "select name, opening_hours from businesses") == [
        ("Name removed", None)
    ]


def test_answers_of_google_are_stripped_to_their_place_ids_when_their_time_is_over(
    owner: Person, database: Database
) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    call = Call(provider="google_places", operation="text_search", arguments={"page": 0}, price_micros=35_000)
    with transaction(Role.WORKER, lease=lease) as conn:
        key = ledger.begin(conn, lease, call, 1)
        page: Json = {"places": [{"id": "place-1", "displayName": {"text": "Anchor"}}], "nextPageToken": ""}
        ledger.settle(
            conn, lease.workspace_id, key, Answer(http_status=200, body=page, cost_micros=35_000, found=True)
        )
        where = replace(call, provider="google_geocoding", operation="geocode")
        key = ledger.begin(conn, lease, where, 1)
        point: Json = {"lat": 60.17, "lng": 24.94}
        ledger.settle(conn, lease.workspace_id, key, Answer(http_status=200, body=point, cost_micros=5_000))
    change(database.superuser_url, "update provider_calls set done_at = done_at - interval '31 days'")
    with transaction(Role.SYSTEM) as system:
        retention.forget_values(system)
    assert rows(database.superuser_url, "select response from provider_calls order by operation") == [
        (None,),
        ({"place_ids": ["place-1"]},),
    ]


def test_what_is_long_over_is_forgotten_but_leads_and_sums_are_not(owner: Person, database: Database) -> None:
    lease = claimed(owner, submitted(owner, PAID))
    store_leads(lease, [lead(1)])
    spent(lease, "anchor.test", 24_500)
    end(lease, CampaignStatus.COMPLETED)
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
    assert history.events(owner, lease.campaign_id) == ()
    held = rows(
        database.superuser_url, "select arguments ->> 'domain' from provider_calls where response is not null"
    )
    assert held == [("lantern.test",)]
