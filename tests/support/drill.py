"""Killing processes at named moments of a campaign that is paid in every stage."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.campaign import CampaignSpec, CampaignStatus, Source, Step
from services import campaigns
from services.identity import Person
from store.ids import new_id
from tests.support.crew import crew
from tests.support.invariants import violations
from tests.support.providers import Providers
from tests.support.servers import Database
from tests.support.workers import eventually

POTTERIES = CampaignSpec(
    business_types=("pottery",),
    location="60.17, 24.94",
    radius_km=10,
    max_results=70,
    min_confidence=0,
    budget_usd=Decimal(20),
    sources=(Source.GOOGLE_PLACES,),
    waterfall=(Step.HUNTER, Step.NEVERBOUNCE),
)
# Where the process that runs a campaign may die, and at which passing.
IN_THE_RUN = [
    "horse.forked:1", "job.claiming:1", "job.claimed:1", "job.started:1", "progress.committing:1",
    "progress.committed:3", "businesses.committing:1", "businesses.committed:1", "discovery.committing:1",
    "discovery.committed:1", "intent.committing:1", "intent.committing:20", "intent.committed:1", "intent.committed:20",
    "call.answered:1", "call.answered:20", "settle.committing:1", "settle.committing:20", "call.settled:1",
    "call.settled:20", "cache.committed:5", "leads.committing:1", "leads.committing:2", "leads.committed:1",
    "leads.committed:2", "end.coming:1", "end.committing:1", "end.committed:1",
]  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Where a drill takes place."""

    owner: Person
    market: Providers
    database: Database
    folder: Path

    def nothing_is_lost(self, moment: str, who: str) -> None:
        """Run a campaign in which ``who`` dies at ``moment``, and look at everything afterwards."""
        mark = self.folder / "mark"
        with crew(self.folder, 1, CRASH_AT=f"{moment}:{who}:{mark}"):
            campaign = campaigns.submit(self.owner, POTTERIES, str(new_id()))
            eventually(
                lambda: campaigns.get(self.owner, campaign).status.is_final, f"the end after {moment} {who}"
            )
            eventually(mark.exists, f"the death at {moment}")
        view = campaigns.get(self.owner, campaign)
        assert violations(self.database.superuser_url, self.market.bill(), kills=1) == []
        assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, 70), view.outcome_reason
