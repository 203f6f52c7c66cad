"""Campaigns for tests that need stored businesses and leads without a catalogue."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.lead import Business, EmailStatus, Lead, Origin, ScorePart, StepOutcome, StepResult
from pipeline.money.calls import Answer, Call
from pipeline.ports import Metrics
from services import campaigns
from services.identity import Person
from store import businesses, lead_rows, leases, ledger, progress, suspicion
from store.database import Role, transaction
from store.ids import new_id
from store.leases import Lease

TODAY = date(2026, 11, 24)
_KEPT_DAYS = {"google_places": 30}
SPEC = CampaignSpec(business_types=("cafe",), location="Helsinki", max_results=10)
PAID = SPEC.model_copy(update={"budget_usd": Decimal(2), "waterfall": ("hunter", "neverbounce")})


def business(number: int, **values: object) -> Business:
    """The ``number``-th café of a street of cafés."""
    origin = Origin(source="openstreetmap", ref=f"node/{number}", observed_on=date(2019, 4, 1))
    given: dict[str, Any] = {
        "name": f"Cafe {number:03}",
        "category": "amenity=cafe",
        "lat": 60.17 + number / 10_000,
        "lon": 24.94,
        "origins": (origin,),
        "address": f"Test street {number}",
        "provenance": {"address": origin},
        "empty_reasons": {
            name: f"OpenStreetMap lists no {name} for this business."
            for name in ("phone", "website", "email", "opening_hours")
            if name not in values
        },
        "confidence": number % 101,
        "score_parts": (ScorePart(name="name", points=number % 101, weight=100, evidence="It has a name."),),
        **values,
    }
    return Business(**given)


def lead(number: int, **values: object) -> Lead:
    """That café as a lead."""
    made = business(number, **values)
    status = EmailStatus.UNVERIFIED if made.email else EmailStatus.NONE
    step = StepResult(step="open_data", outcome=StepOutcome.FOUND, detail="Read from OpenStreetMap.")
    return Lead(business=made, email_status=status, steps=(step,))


def submitted(owner: Person, spec: CampaignSpec = SPEC) -> UUID:
    """A campaign that waits for a worker."""
    return campaigns.submit(owner, spec, str(new_id()))


def claimed(owner: Person, campaign_id: UUID) -> Lease:
    """The campaign's job under a lease of this process."""
    job = campaigns.get(owner, campaign_id).job_id
    with transaction(Role.WORKER) as conn:
        lease = leases.claim(conn, job, 0, "a worker")
    assert lease is not None
    with transaction(Role.WORKER, lease=lease) as conn:
        leases.start(conn, lease)
    return lease


def store_leads(lease: Lease, leads: list[Lead]) -> None:
    """Discovery and enrichment of a campaign, as the worker stores them."""
    with transaction(Role.WORKER, lease=lease) as conn:
        leases.fence(conn, lease)
        businesses.save(conn, lease, [item.business for item in leads], TODAY, _KEPT_DAYS)
        businesses.finish_discovery(conn, lease)
        lead_rows.save(conn, lease, leads, TODAY, _KEPT_DAYS)
        figures = Metrics(
            businesses_found=len(leads),
            qualified_leads=len(leads),
            leads_enriched=len(leads),
            emails_found=sum(item.email_status is not EmailStatus.NONE for item in leads),
        )
        progress.record(conn, lease, Stage.ENRICHING, 90, figures, "Enriched.")


def spent(lease: Lease, domain: str, cost: int, *, found: bool = True) -> None:
    """A paid call of a running campaign."""
    call = Call(
        provider="hunter", operation="domain_search", arguments={"domain": domain}, price_micros=24_500
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        key = ledger.begin(conn, lease, call, 1)
        ledger.settle(
            conn, lease.workspace_id, key, Answer(http_status=200, body={}, cost_micros=cost, found=found)
        )


def end(lease: Lease, status: CampaignStatus = CampaignStatus.PARTIAL) -> None:
    """The end of a running campaign, as its worker writes it."""
    with transaction(Role.WORKER, lease=lease) as conn:
        judged = suspicion.judged(conn, lease, progress.End(status=status, message="The end."))
        progress.finish(conn, lease.workspace_id, lease.job_id, judged)


def finished(owner: Person, leads: list[Lead], spec: CampaignSpec = SPEC) -> UUID:
    """A completed campaign with these leads."""
    campaign_id = submitted(owner, spec)
    lease = claimed(owner, campaign_id)
    store_leads(lease, leads)
    end(lease, CampaignStatus.COMPLETED)
    return campaign_id
