"""What a campaign would find, cost and take, before it is ordered."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.campaign import CampaignSpec
from pipeline.categories import match_types
from pipeline.notices import around, meaningless_types, nothing_found, unknown_location
from pipeline.place import Area

# Start of a campaign, businesses merged and scored a second, leads stored a second. `bench.campaign` measures
# several times as fast on two cores; a busy machine keeps these.
_START_S = 2
_BUSINESSES_PER_S = 1000
_LEADS_PER_S = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """``known`` counts matching records in the area before duplicates are merged. Costs are micro-dollars."""

    known: int
    area_label: str | None
    cost_low_micros: int
    cost_high_micros: int
    duration_s: int
    message: str


def estimate(spec: CampaignSpec, area: Area | None, known: int) -> Estimate:
    """The estimate for an order, given the area its location means and the matching records in it.

    Open data is free, so a campaign with no other source costs nothing whatever its budget.
    """
    leads = min(known, spec.max_results)
    return Estimate(
        known=known,
        area_label=area.label if area else None,
        cost_low_micros=0,
        cost_high_micros=0,
        duration_s=_START_S + known // _BUSINESSES_PER_S + leads // _LEADS_PER_S,
        message=_message(spec, area, known),
    )


def _message(spec: CampaignSpec, area: Area | None, known: int) -> str:
    if not match_types(spec.business_types):
        return meaningless_types(spec)
    if area is None:
        return unknown_location(spec)
    if not known:
        return nothing_found(spec, area)
    where = around(spec, area)
    if known < spec.max_results:
        return f"Only {known:,} are known {where}, so the list cannot reach {spec.max_results:,} leads."
    return (
        f"{known:,} are known {where}. The best {spec.max_results:,} that reach a confidence of "
        f"{spec.min_confidence} become leads. Open data costs nothing."
    )
