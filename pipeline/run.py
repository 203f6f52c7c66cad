"""One campaign from order to leads: discover, score, enrich, store; resumable after every stored batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.discover import Discovery, discover, nothing_to_show
from pipeline.enrich import run_waterfall
from pipeline.lead import Business, EmailStatus, Lead
from pipeline.notices import counted, shortfall
from pipeline.ports import CampaignPorts, Metrics
from pipeline.score import qualified

BATCH = 10
"""Leads enriched between two saves: what a crash at worst repeats, and how often the results table grows."""

_USABLE = frozenset(EmailStatus) - {EmailStatus.NONE, EmailStatus.INVALID, EmailStatus.DISPOSABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a campaign ended. ``reason`` says why it is only partial, ``notice`` what a person could change."""

    status: CampaignStatus
    reason: str | None
    notice: str | None
    leads: int


def run(spec: CampaignSpec, ports: CampaignPorts) -> Outcome:
    """Carry out a campaign, or what is left of it after an interruption.

    No match, an unknown place or too few leads is a completed campaign with a notice. Raises SourceError when
    no source could answer; Cancelled and LeaseLost when the campaign must stop.
    """
    discovery = _resumed(spec, ports) or discover(spec, ports)
    reached = qualified(discovery.businesses, spec.min_confidence)
    chosen = reached[: spec.max_results]
    _report_scores(spec, discovery, reached, ports)
    _enrich(chosen, ports)
    line = f"{counted(len(chosen), 'lead')} stored."
    ports.progress.report(Stage.STORING, Stage.STORING.at(1, 1), Metrics(), line)
    return Outcome(
        status=CampaignStatus.PARTIAL if discovery.reason else CampaignStatus.COMPLETED,
        reason=discovery.reason,
        notice=discovery.notice or shortfall(spec, discovery.businesses, len(chosen)),
        leads=len(chosen),
    )


def _resumed(spec: CampaignSpec, ports: CampaignPorts) -> Discovery | None:
    """The discovery an earlier attempt finished, if any."""
    stored = ports.memory.discovered()
    if stored is None:
        return None
    return Discovery(businesses=stored, notice=None if stored else nothing_to_show(spec, ports))


def _report_scores(
    spec: CampaignSpec, discovery: Discovery, reached: Sequence[Business], ports: CampaignPorts
) -> None:
    found = len(discovery.businesses)
    metrics = Metrics(
        businesses_found=found,
        qualified_leads=len(reached),
        avg_confidence=_average(reached[: spec.max_results]),
    )
    verb = "reaches" if len(reached) == 1 else "reach"
    line = f"{len(reached):,} of {found:,} {verb} a confidence of {spec.min_confidence}."
    ports.progress.report(Stage.SCORING, Stage.SCORING.at(1, 1), metrics, line if found else None)


def _average(businesses: Sequence[Business]) -> Decimal | None:
    """The mean confidence to two decimals; of nothing there is none."""
    if not businesses:
        return None
    total = sum(business.confidence for business in businesses)
    return (Decimal(total) / len(businesses)).quantize(Decimal("0.01"))


def _enrich(chosen: Sequence[Business], ports: CampaignPorts) -> None:
    """Turn the chosen businesses into stored leads, batch by batch, skipping those already stored."""
    stored = ports.memory.enriched_keys()
    waiting = [business for business in chosen if business.key not in stored]
    emails = ports.memory.emails_found() if stored else 0
    done = len(chosen) - len(waiting)
    if stored:
        line = f"Going on after an interruption: {done:,} of {len(chosen):,} are already enriched."
        metrics = Metrics(leads_enriched=done, emails_found=emails)
        ports.progress.report(Stage.ENRICHING, Stage.ENRICHING.at(done, len(chosen)), metrics, line)
    for start in range(0, len(waiting), BATCH):
        leads = [run_waterfall(Lead(business=b), ports.steps) for b in waiting[start : start + BATCH]]
        ports.memory.save_leads(leads)
        done += len(leads)
        emails += sum(lead.email_status in _USABLE for lead in leads)
        metrics = Metrics(leads_enriched=done, emails_found=emails)
        said = f"Enriched {done:,} of {len(chosen):,}." if done == len(chosen) else None
        ports.progress.report(Stage.ENRICHING, Stage.ENRICHING.at(done, len(chosen)), metrics, said)
