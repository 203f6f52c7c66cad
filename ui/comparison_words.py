"""What to keep in mind when two runs are set beside each other: what “new” and “gone” may mean besides."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.campaign import CampaignStatus
from services.campaigns import CampaignView
from services.comparing import Show
from services.gone_reasons import is_full, was_emptied
from ui import suppression_words
from ui.format import counted

_CUT_SHORT = {
    CampaignStatus.PENDING: "has not begun",
    CampaignStatus.PROCESSING: "is still running",
    CampaignStatus.PARTIAL: "ended early",
    CampaignStatus.FAILED: "failed",
    CampaignStatus.CANCELLED: "was cancelled",
}


def emptied(earlier: CampaignView, later: CampaignView) -> str:
    """That a run's leads are gone since, so that nothing can be compared; empty when they are not."""
    runs = [f"“{run.title}”" for run in (earlier, later) if was_emptied(run)]
    return (
        f"The leads of {' and '.join(runs)} were removed since, so there is nothing to compare."
        if runs
        else ""
    )


def caveat(show: Show, earlier: CampaignView, later: CampaignView) -> str:
    """What being new or gone may mean besides; empty when the other run went through all it was to look at."""
    if show is Show.NEW:
        return " ".join(_of(earlier, "The earlier run", "new may mean: not reached then"))
    if show is Show.GONE:
        return " ".join([*_of(later, "The later run", "gone may mean: not reached by it"), *_left_out(later)])
    return ""


def _of(run: CampaignView, which: str, meaning: str) -> Iterator[str]:
    if cut := _CUT_SHORT.get(run.status):
        reason = f" {run.outcome_reason}" if run.outcome_reason else ""
        yield f"{which} {cut}, so {meaning}.{reason}"
    elif is_full(run):
        most = counted(run.spec.max_results, "lead")
        were = "was" if run.spec.max_results == 1 else "were"
        yield f"{which} has the {most} that {were} ordered, the best of all, so {meaning}."


def _left_out(later: CampaignView) -> Iterator[str]:
    if said := suppression_words.left_out(later.left_out):
        yield f"The later run: {said}"
