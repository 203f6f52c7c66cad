"""One campaign from order to leads: discover, score, enrich, store; resumable after everything stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.causes import Cause
from pipeline.discovery.discover import Discovery, Search
from pipeline.enrichment.waterfall import Waterfall
from pipeline.lead import Business, Lead
from pipeline.output.notices import Skipped, counted, nothing_stored, shortfall
from pipeline.ports import CampaignPorts, Metrics, Progress
from pipeline.scoring.average import averages
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import qualified
from pipeline.words.understanding import match_types


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a campaign ended. ``reason`` says why it is only partial and ``cause`` the same as a value; ``notice`` says
    what a person could change."""

    status: CampaignStatus
    reason: str | None
    notice: str | None
    leads: int
    cause: Cause | None = None


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
    context = ScoreContext(types=match_types(spec.business_types, spec.by_name), today=ports.today)
    with Waterfall(ports, context) as waterfall:
        if ports.memory.is_discovered():
            discovery = _resumed(spec, ports, context)
            waterfall.add(discovery.qualified[: spec.max_results])
        else:
            discovery = Search(spec, ports, waterfall.add).run()
        waterfall.finish()
        leads = waterfall.leads
    line = f"{counted(len(leads), 'lead')} stored."
    ports.progress.report(Stage.STORING, Stage.STORING.at(1, 1), Metrics(), line)
    reason, cause = (discovery.reason, discovery.cause) if discovery.reason else _left_undone(leads)
    return Outcome(
        status=CampaignStatus.PARTIAL if reason else CampaignStatus.COMPLETED,
        reason=reason,
        # With a source that gave out, that is why there are too few: no other place or type would mend it.
        notice=discovery.notice
        or (None if reason else shortfall(spec, discovery.found, len(leads), discovery.skipped)),
        leads=len(leads),
        cause=cause,
    )


def _resumed(spec: CampaignSpec, ports: CampaignPorts, context: ScoreContext) -> Discovery:
    """The discovery an earlier attempt finished."""
    stored = ports.memory.businesses()
    reached = qualified(stored, spec, context)
    _report(spec, stored, reached, ports)
    skipped = Skipped(
        in_book=ports.memory.in_book() if spec.skips_known else 0,
        customers=ports.memory.customers() if spec.skip_customers else 0,
    )
    notice = None if stored else nothing_stored(spec, skipped)
    return Discovery(found=stored, qualified=reached, notice=notice, skipped=skipped)


def _report(
    spec: CampaignSpec, found: Sequence[Business], reached: Sequence[Business], ports: CampaignPorts
) -> None:
    metrics = Metrics(
        businesses_found=len(found),
        qualified_leads=len(reached),
        **averages(reached[: spec.max_results]),
    )
    ports.progress.report(Stage.SCORING, Stage.SCORING.at(1, 1), metrics)


def _left_undone(leads: Sequence[Lead]) -> tuple[str | None, Cause | None]:
    """Why leads are not fully looked up, in words and as a value; nothing when all are."""
    waiting = [lead for lead in leads if lead.is_open]
    if not waiting:
        return None, None
    whys = Counter((step.detail, step.cause) for lead in waiting for step in lead.steps if step.is_open)
    (detail, cause), _ = whys.most_common(1)[0]
    verb = "waits" if len(waiting) == 1 else "wait"
    return f"{detail} {counted(len(waiting), 'lead')} {verb} for a look-up.", cause
