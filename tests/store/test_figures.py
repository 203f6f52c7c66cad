"""What a campaign that was stopped says of its leads is what its leads are."""

from __future__ import annotations

from dataclasses import replace

from pipeline.campaign import OPEN_DATA, Stage
from pipeline.lead import EmailStatus, StepOutcome, StepResult
from pipeline.ports import Metrics
from services import campaigns
from store import figures, progress
from store.database import Role, transaction
from tests.support.campaigns import SPEC, claimed, lead, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database


def test_what_was_stored_but_not_reported_counts(database: Database, redis_url: str) -> None:
    owner = person("owner")
    lease = claimed(owner, submitted(owner, SPEC))
    free = StepResult(step=OPEN_DATA, outcome=StepOutcome.FOUND, detail="Recorded.")
    asked = StepResult(step="hunter", outcome=StepOutcome.FOUND, detail="Found.", cost_micros=24_500)
    undone = StepResult(
        step="hunter", outcome=StepOutcome.SKIPPED, detail="The budget is used up.", is_open=True
    )
    store_leads(
        lease,
        [
            replace(lead(1, email="a@a.test"), steps=(free, asked), email_status=EmailStatus.VERIFIED),
            replace(lead(2, email="b@b.test"), steps=(free, asked), email_status=EmailStatus.INVALID),
            replace(lead(3, email="c@c.test"), steps=(free, undone), email_status=EmailStatus.UNVERIFIED),
            replace(lead(4), steps=(free,)),
        ],
    )
    with transaction(Role.WORKER, lease=lease) as conn:
        # As if the run had been stopped before it could say how far it was.
        progress.record(conn, lease, Stage.ENRICHING, 90, Metrics(leads_enriched=0, emails_found=0), None)
        figures.settle(conn, lease)
    view = campaigns.get(owner, lease.campaign_id)
    assert (view.leads_enriched, view.emails_found, view.emails_verified) == (2, 2, 1)
