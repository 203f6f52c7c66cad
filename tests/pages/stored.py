"""Campaigns in every state a page may meet, written through the worker's own ports."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from uuid import UUID

from jobs.campaign_ports import StoredProgress
from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.geo.localities import Locality
from pipeline.lead import Lead
from pipeline.ports import Metrics
from services.identity import Person
from store import localities, progress, suspicion
from store.database import Role, transaction
from store.leases import Lease
from store.progress import End
from tests.support.campaigns import claimed, store_leads, submitted

SPEC = CampaignSpec(business_types=("Café",), location="Helsinki")
DONE = End(status=CampaignStatus.COMPLETED, message="Campaign complete.")


def report(lease: Lease, stage: Stage, percent: int, message: str | None, metrics: Metrics) -> None:
    """What the pipeline says while it works."""
    StoredProgress(lease, threading.Event()).report(stage, percent, metrics, message)


def ended(person: Person, leads: Sequence[Lead], end: End = DONE) -> UUID:
    """A campaign that has come to its end with these leads."""
    campaign_id = submitted(person, SPEC)
    lease = claimed(person, campaign_id)
    if leads:
        store_leads(lease, list(leads))
    finish(lease, end)
    return campaign_id


def finish(lease: Lease, end: End) -> None:
    """The terminal write."""
    with transaction(Role.WORKER, lease=lease) as conn:
        judged = suspicion.judged(conn, lease, end)
        assert progress.finish(conn, lease.workspace_id, lease.job_id, judged)


def make_known(name: str) -> None:
    """Let the catalogue know a place by this name."""
    place = Locality(
        name=name,
        kind="city",
        keys=(name.casefold(),),
        lat=60.17,
        lon=24.94,
        radius_km=10,
        country="FI",
        places=100,
        ref="node/1",
    )
    with transaction(Role.IMPORTER) as conn:
        localities.add_nodes(conn, [place])
