"""Every way out leaves out the same and is noted: a file of leads, the JSON of the terminal, the list of calls."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO

import pytest

from commands._as_json import as_json
from pipeline.campaign import CampaignStatus
from pipeline.lead import Origin
from pipeline.money.calls import Answer, Call
from pipeline.qualification.criteria import Answer as Said
from pipeline.qualification.criteria import Importance, Verdict
from services import calls_export, campaigns, export_terms, exporting, results
from services.exporting import ExportFile
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import ledger
from store.database import Role, transaction
from store.leases import Lease
from tests.support.campaigns import PAID, claimed, end, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, rows

GOOGLE = Origin(source="google_places", ref="place-1", observed_on=date(2026, 11, 24))
ONLY_GOOGLES = ("Anchor at the Pier", "Pier Street 5", "anchor.test", "+35891234567")
OURS = "lantern.test"

Way = Callable[[Person, Lease], ExportFile]


@pytest.fixture
def owner(keys: None) -> Person:
    return person("owner")


@pytest.fixture
def lease(owner: Person) -> Lease:
    """A campaign with one business that only Google knows and one that OpenStreetMap knows; both were asked about."""
    held = claimed(owner, submitted(owner, PAID))
    name, street, domain, phone = ONLY_GOOGLES
    values = {
        "name": name,
        "address": street,
        "website": f"https://{domain}/",
        "domain": domain,
        "phone": phone,
    }
    from_google = lead(
        1,
        origins=(GOOGLE,),
        provenance=dict.fromkeys(("name", "address", "website", "domain", "phone"), GOOGLE),
        **values,
    )
    said = Verdict(
        criterion="hiring",
        importance=Importance.MUST_HAVE,
        answer=Said.YES,
        why="Read.",
        quote=f"{name} hires.",
        page=f"https://{domain}/jobs",
    )
    from_google = replace(from_google, verdicts=(said,))
    ours = lead(2, website=f"https://{OURS}/", domain=OURS)
    store_leads(held, [from_google, ours])
    for made, asked in ((from_google, domain), (ours, OURS)):
        _asked(held, made.business.key, asked)
    end(held, CampaignStatus.COMPLETED)
    return held


def _asked(lease: Lease, subject: str, domain: str) -> None:
    call = Call(
        provider="hunter",
        operation="domain_search",
        arguments={"domain": domain},
        price_micros=24_500,
        subject=subject,
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        key = ledger.begin(conn, lease, call, 1)
        ledger.settle(conn, lease.workspace_id, key, Answer(http_status=200, body={}, cost_micros=24_500))


def _leads(format: str) -> Way:
    return lambda owner, lease: exporting.export(
        owner, lease.campaign_id, LeadFilter(), LeadSort.BEST, format
    )


def _json(owner: Person, lease: Lease) -> ExportFile:
    format = as_json(campaigns.get(owner, lease.campaign_id))
    return exporting.export(owner, lease.campaign_id, LeadFilter(), LeadSort.BEST, format)


@dataclass(frozen=True)
class Out:
    """``rows`` are those it has: a lead of which only Google knew the name has no place in some files."""

    kind: str
    take: Way
    rows: int = 2


WAYS = (
    Out("csv", _leads("csv")),
    Out("json", _json),
    Out("json", _leads("json")),
    Out("vcard", _leads("vcard"), rows=1),
    Out("hubspot", _leads("hubspot"), rows=1),
    Out("calls_csv", lambda owner, lease: calls_export.calls_csv(owner)),
    Out("calls_csv", lambda owner, lease: calls_export.calls_csv(owner, lease.campaign_id, "hunter")),
)


@pytest.mark.parametrize("way", WAYS, ids=[f"{place}-{way.kind}" for place, way in enumerate(WAYS)])
def test_what_only_google_said_leaves_by_no_way_and_every_way_is_noted(
    owner: Person, lease: Lease, database: Database, way: Out
) -> None:
    file = way.take(owner, lease)
    text = file.data.decode("utf-8-sig")
    assert [value for value in ONLY_GOOGLES if value in text] == []
    assert OURS in text
    assert (file.rows, file.withheld) == (way.rows, way.rows - 1)
    noted = rows(
        database.superuser_url,
        "select campaign_id::text, format, row_count, encode(sha256, 'hex') from exports",
    )
    sha = hashlib.sha256(file.data).hexdigest()
    assert noted == [(str(lease.campaign_id), way.kind, way.rows, sha)]
    export_terms.decide(person("boss", is_admin=True), "google_places", allowed=True)
    text = way.take(owner, lease).data.decode("utf-8-sig")
    assert "anchor.test" in text
    assert "Anchor at the Pier" in text


def test_json_says_of_a_lead_what_it_lacks(owner: Person, lease: Lease) -> None:
    said = json.loads(_json(owner, lease).data)
    (hidden,) = (one for one in said["leads"] if one["source_records"] == ["place-1"])
    assert (hidden["name"], hidden["phone"], hidden["website"], hidden["lat"]) == (None,) * 4
    assert "only Google Maps gave" in hidden["why_empty"]
    assert said["withheld"] == 1
    assert {one["tag"] for one in said["leads"]} == {"amenity=cafe"}
    found = results.leads(owner, lease.campaign_id, LeadFilter(), LeadSort.BEST)
    assert [one["id"] for one in said["leads"]] == [str(row.id) for row in found.rows]


def test_a_list_of_calls_is_noted_for_every_campaign_it_tells_of(
    owner: Person, lease: Lease, database: Database
) -> None:
    other = claimed(owner, submitted(owner, PAID))
    _asked(other, "nobody", "other.test")
    file = calls_export.calls_csv(owner)
    lines = list(csv.DictReader(StringIO(file.data.decode("utf-8-sig"))))
    assert [line["Asked for"] for line in lines] == ["other.test", OURS, ""]
    noted = rows(database.superuser_url, "select campaign_id, row_count from exports order by row_count")
    assert [(str(at), count) for at, count in noted] == [
        (str(other.campaign_id), 1),
        (str(lease.campaign_id), 2),
    ]
