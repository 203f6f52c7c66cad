"""Every export says where its data is from, under which terms and on what basis; leads go after a time."""

from __future__ import annotations

import json
from io import BytesIO

import openpyxl
import pytest

from services import campaigns, exporting, privacy_notes, results
from services.errors import Invalid
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import ledger, retention
from store.database import Role, transaction
from tests.services.test_deleting import CANARIES, campaign
from tests.services.test_retention import google_campaign
from tests.support.dump import holding
from tests.support.people import person
from tests.support.servers import Database, change

BASIS = "Legitimate interest, weighed in our record."


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


def test_a_data_sheet_names_sources_terms_times_and_the_legal_basis(owner: Person) -> None:
    lease = google_campaign(owner)
    wanted = (owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE)
    assert "Nobody has stated it yet" in exporting.data_sheet(*wanted, "txt").data.decode()
    privacy_notes.say(owner, BASIS)
    sheet = json.loads(exporting.data_sheet(*wanted, "json").data)
    google, osm = sheet["Source"]
    assert google.startswith("Google Maps;")
    assert "may be kept for 30 days" in google
    assert "licence: " in osm
    assert "OpenStreetMap contributors" in osm
    assert sheet["Withheld"] == ["values only Google Maps gave, of 1 lead: the terms there restrict it"]
    assert sheet["Observed"] == ["2019-04-01 to 2026-11-24"]
    assert sheet["Legal basis"] == [BASIS]
    assert sheet["Exported"][0].endswith("by owner@example.com")
    book = openpyxl.load_workbook(BytesIO(exporting.export(*wanted, "xlsx").data))
    assert book.sheetnames == ["Leads", "About", "Data sheet"]
    assert {row[0]: row[1] for row in book["Data sheet"].values}["Legal basis"] == BASIS
    with pytest.raises(Invalid):
        privacy_notes.say(owner, "x" * 2001)
    assert privacy_notes.legal_basis(person("stranger")) == ""


def test_leads_go_after_their_time_with_what_was_asked_and_answered(
    owner: Person, database: Database
) -> None:
    lease = campaign(owner)
    before = campaigns.get(owner, lease.campaign_id)
    change(database.superuser_url, "update campaigns set ended_at = now() - interval '181 days'")
    with transaction(Role.SYSTEM) as system:
        assert retention.forget_leads(system, 0) == 0
        assert retention.forget_leads(system, 182) == 0
        assert retention.forget_leads(system, 180) == 2
        assert retention.forget_leads(system, 180) == 0
        assert ledger.wrong_sums(system) == []
    assert not {"leads", "businesses", "provider_calls", "exports"} & set(holding(database, *CANARIES))
    after = campaigns.get(owner, lease.campaign_id)
    assert (after.lead_count, after.spent_micros, after.title) == (0, before.spent_micros, before.title)
    assert after.notice == "Its leads were removed: this installation keeps leads for 180 days."
    assert results.leads(owner, lease.campaign_id, LeadFilter(), LeadSort.CONFIDENCE).rows == ()
