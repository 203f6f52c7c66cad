"""One campaign from order to leads: discover, score, enrich, store; resumable after everything stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.discovery.discover import Discovery, average, discover
from pipeline.enrichment.waterfall import Waterfall
from pipeline.lead import Business, Lead
from pipeline.output.notices import counted, nothing_stored, shortfall
from pipeline.ports import CampaignPorts, Metrics, Progress
from pipeline.scoring.score import Basis, qualified
from pipeline.words.categories import match_types


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a campaign ended. ``reason`` says why it is only partial, ``notice`` what a person could change."""

    status: CampaignStatus
    reason: str | None
    notice: str | None
    leads: int


class _Forward:
    """Progress that never goes back: look-ups report beside the search, each from where it stands."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._percent = 0
        self._stage = Stage.INITIALIZING

    def report(self, stage: Stage, percent: int, metrics: Metrics, message: str | None = None) -> None:
        if percent >= self._percent and stage.percent >= self._stage.percent:
            self._stage, self._percent = stage, percent
        self._progress.report(self._stage, self._percent, metrics, message)


def run(spec: CampaignSpec, ports: CampaignPorts) -> Outcome:
    """Carry out a campaign, or what is left of it after an interruption or with more budget.

    No match, an unknown place or too few leads is a completed campaign with a notice. Raises SourceError when
    no source could answer; Cancelled, LeaseLost and Draining when the campaign must stop.
    """
    ports = replace(ports, progress=_Forward(ports.progress))
    basis = Basis(types=match_types(spec.business_types), today=ports.today)
    with Waterfall(ports, basis) as waterfall:
        if ports.memory.is_discovered():
            discovery = _resumed(spec, ports)
            waterfall.add(discovery.qualified[: spec.max_results])
        else:
            discovery = discover(spec, ports, waterfall.add)
        waterfall.finish()
        leads = waterfall.leads
    line = f"{counted(len(leads), 'lead')} stored."
    ports.progress.report(Stage.STORING, Stage.STORING.at(1, 1), Metrics(), line)
    reason = discovery.reason or _left_undone(leads)
    return Outcome(
        status=CampaignStatus.PARTIAL if reason else CampaignStatus.COMPLETED,
        reason=reason,
        notice=discovery.notice or shortfall(spec, discovery.found, len(leads)),
        leads=len(leads),
    )


def _resumed(spec: CampaignSpec, ports: CampaignPorts) -> Discovery:
    """The discovery an earlier attempt finished."""
    stored = ports.memory.businesses()
    reached = qualified(stored, spec.min_confidence)
    _report(spec, stored, reached, ports)
    return Discovery(found=stored, qualified=reached, notice=None if stored else nothing_stored(spec))


def _report(
    spec: CampaignSpec, found: Sequence[Business], reached: Sequence[Business], ports: CampaignPorts
) -> None:
    metrics = Metrics(
        businesses_found=len(found),
        qualified_leads=len(reached),
        avg_confidence=average(reached[: spec.max_results]),
    )
    ports.progress.report(Stage.SCORING, Stage.SCORING.at(1, 1), metrics)


def _left_undone(leads: Sequence[Lead]) -> str | None:
    """Why leads are not fully looked up, or None when all are."""
    waiting = [lead for lead in leads if lead.is_open]
    if not waiting:
        return None
    whys = Counter(step.detail for lead in waiting for step in lead.steps if step.is_open)
    verb = "waits" if len(waiting) == 1 else "wait"
    return f"{whys.most_common(1)[0][0]} {counted(len(waiting), 'lead')} {verb} for a look-up."
