"""Killing processes at named moments of a campaign that is paid in every stage."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from pipeline.campaign import CampaignSpec, CampaignStatus
from services import campaigns
from services.identity import Person
from store.ids import new_id
from tests.support.invariants import violations
from tests.support.providers import Providers
from tests.support.servers import Database, rows
from tests.support.worker_pool import worker_pool
from tests.support.workers import eventually

POTTERIES = CampaignSpec(
    business_types=("pottery",),
    location="60.17, 24.94",
    radius_km=10,
    max_results=70,
    min_confidence=0,
    budget_usd=Decimal(20),
    sources=("google_places",),
    waterfall=("hunter", "neverbounce"),
)
# As many as every moment below is passed in, and no more: a hundred drills order it.
_FEW = POTTERIES.model_copy(update={"max_results": 40})
# Where the process that runs a campaign may die, and at which passing.
IN_THE_RUN = [
    "horse.forked:1", "job.claiming:1", "job.claimed:1", "job.started:1", "progress.committing:1",
    "progress.committed:3", "businesses.committing:1", "businesses.committed:1", "discovery.committing:1",
    "discovery.committed:1", "flight.claimed:5", "intent.committing:1", "intent.committing:20",
    "intent.committed:1", "intent.committed:20",
    "call.answered:1", "call.answered:20", "settle.committing:1", "settle.committing:20", "call.settled:1",
    "call.settled:20", "take.committing:1", "take.committed:1", "remember.committing:1",
    "leads.committing:1", "leads.committing:2", "leads.committed:1",
    "leads.committed:2", "end.coming:1", "end.committing:1", "end.committed:1",
]  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """What one drill came to. ``recovery_s``: from the death until somebody goes on with the campaign."""

    calls: int
    uncertain: int
    violations: int
    recovery_s: float


@dataclass(frozen=True)
class DrillSetup:
    """Where a drill takes place; ``note`` keeps its figures for the table at the end of the test run."""

    owner: Person
    stand_in: Providers
    database: Database
    folder: Path
    note: Callable[[str, object], None]

    def nothing_is_lost(self, moment: str, who: str) -> None:
        """Run a campaign in which ``who`` dies at ``moment``, and look at everything afterwards."""
        mark = self.folder / "mark"
        with worker_pool(self.folder, 1, CRASH_AT=f"{moment}:{who}:{mark}"):
            campaign = campaigns.submit(self.owner, _FEW, str(new_id()))
            eventually(mark.exists, f"the death at {moment}")
            eventually(lambda: self._goes_on(campaign), f"somebody who goes on after {moment} {who}")
            recovery_s = time.time() - mark.stat().st_mtime
            eventually(
                lambda: campaigns.get(self.owner, campaign).status.is_final, f"the end after {moment} {who}"
            )
        view = campaigns.get(self.owner, campaign)
        broken = violations(self.database.superuser_url, self.stand_in.bill(), kills=1)
        self.note("drill", asdict(self._figures(len(broken), recovery_s)))
        assert not broken, "\n".join(broken)
        assert (view.status, view.lead_count) == (CampaignStatus.COMPLETED, _FEW.max_results), (
            view.outcome_reason
        )

    def _goes_on(self, campaign: UUID) -> bool:
        query = "select campaign_id, attempt > 0 and lease_until > now() or ended_at is not null from discovery_jobs"
        return any(
            goes_on for which, goes_on in rows(self.database.superuser_url, query) if which == str(campaign)
        )

    def _figures(self, broken: int, recovery_s: float) -> Figures:
        query = "select count(*), count(*) filter (where state = 'unknown') from provider_calls"
        ((calls, uncertain),) = rows(self.database.superuser_url, query)
        return Figures(int(str(calls)), int(str(uncertain)), broken, recovery_s)


def table(drills: Sequence[Figures]) -> str:
    """The figures of many drills of one kill and one campaign each, in a line and another."""
    times = sorted(drill.recovery_s for drill in drills)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    return (
        f"drills {len(drills)}: kills {len(drills)}, campaigns {len(drills)}, calls {sum(d.calls for d in drills)},"
        f" uncertain {sum(d.uncertain for d in drills)}, violations {sum(d.violations for d in drills)}\n"
        f"recovery with a lease of 2 s: p50 {statistics.median(times):.1f} s, p95 {p95:.1f} s, max {times[-1]:.1f} s"
    )
