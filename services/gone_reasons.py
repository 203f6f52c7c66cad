"""Why a company of an earlier run is no lead of a later one, as far as that is known."""

from __future__ import annotations

from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.output.notices import counted
from pipeline.scoring.demands import demanded
from store.campaign_rows import CampaignRow
from store.differences import FoundAgain

ON_THE_LIST = "It is on the suppression list now."


def why(later: CampaignRow, again: FoundAgain | None) -> str:
    """One sentence. ``again`` is what the later run found of it, if it did."""
    if again is None:
        if later.status is not CampaignStatus.COMPLETED:
            return "Not found before the run ended."
        return "Not found in this run."
    return f"Found again, {_left_out(later, again)}."


def is_full(run: CampaignRow) -> bool:
    """Whether a run has as many leads as were ordered, so that others may have been left."""
    return run.lead_count >= run.spec.max_results


def was_emptied(run: CampaignRow) -> bool:
    """Whether a run had leads that are removed by now."""
    return run.status.is_final and run.lead_count == 0 and run.qualified_leads > 0


def _left_out(later: CampaignRow, again: FoundAgain) -> str:
    spec = later.spec
    if again.is_lead:
        return "and taken for another company"
    if again.confidence < spec.min_confidence:
        return f"with a confidence of {again.confidence}, below the minimum of {spec.min_confidence}"
    if again.reach is not None and again.reach < spec.min_reach:
        return f"with a reach of {again.reach}, below the minimum of {spec.min_reach}"
    if unmet := _unmet(spec, again):
        return f"left out as {unmet}"
    if is_full(later):
        were = "was" if spec.max_results == 1 else "were"
        return f"beyond the {counted(spec.max_results, 'lead')} that {were} ordered"
    if later.status is not CampaignStatus.COMPLETED:
        return "but the run ended before it became a lead"
    return "but left out of the leads"


def _unmet(spec: CampaignSpec, again: FoundAgain) -> str:
    """What of the order it does not meet, as far as that is kept: ``part of a chain: Anchor``; empty for nothing."""
    if spec.independents_only and again.chain:
        return f"part of a chain: {again.chain}"
    if spec.chains_only and not again.chain:
        return "no part of a chain"
    for name, demand in demanded(spec).items():
        value = again.details.get(demand.fact)
        if value is None:
            return f"no {demand.noun} of it is on record"
        if not demand.is_met(value, getattr(spec, name)):
            return f"its {demand.noun} is {value}"
    return ""
