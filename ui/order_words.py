"""An order in words: what was asked for, so that two campaigns with one title can be told apart."""

from __future__ import annotations

from pipeline.providers.registry import registry
from services.campaigns import CampaignView
from ui.format import counted, money


def parts(campaign: CampaignView) -> tuple[str, ...]:
    """What a campaign was ordered to do, in the order of the form; the budget is the one it has by now."""
    spec = campaign.spec
    words = registry().order_label
    where = "whole place" if spec.radius_km is None else f"{spec.radius_km:g} km around"
    look_ups = ", ".join(words(key) for key in spec.waterfall)
    return (
        *((spec.title,) if campaign.title != spec.title[: len(campaign.title)] else ()),
        *((f"names searched for {', '.join(spec.by_name)}",) if spec.by_name else ()),
        where,
        f"at most {counted(spec.max_results, 'lead')}",
        *((f"score at least {spec.min_score}",) if spec.min_score else ()),
        *((f"confidence at least {spec.min_confidence}",) if spec.min_confidence else ()),
        *((f"reach at least {spec.min_reach}",) if spec.min_reach else ()),
        *(("independents only",) if spec.independents_only else ()),
        f"budget {money(campaign.budget_micros)}",
        f"from {', '.join(words(key) for key in spec.sources)}",
        f"look-ups: {look_ups}" if look_ups else "no look-ups",
    )


def in_a_line(campaign: CampaignView) -> str:
    """All of it on one line."""
    line = " · ".join(parts(campaign))
    return line[:1].upper() + line[1:]
