"""A plan in words, as it stands beside the form: for the terminal and for programs that show it to somebody."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.campaign import CampaignSpec
from services import limits, understanding
from services.limits import LimitRow
from services.planning import Estimate
from ui import plan_figures


def in_words(spec: CampaignSpec, expected: Estimate, bounds: Sequence[LimitRow]) -> str:
    """What the plan card shows."""
    whom = "Companies of the list" if spec.own_list else "Matching businesses we know of"
    lines = [
        *(reading.told for reading in understanding.readings(spec)),
        f"{whom}: {plan_figures.matching(expected)}",
        f"Expected cost: {plan_figures.cost(expected)}",
        plan_figures.included(expected),
        f"Expected time: {plan_figures.time(expected)}",
        *(f"  {plan_figures.call(call)}" for call in expected.calls),
        plan_figures.kept(expected),
        plan_figures.customers(expected),
        plan_figures.in_book(expected),
        f"Looking in {expected.area_label}" if expected.area_label and not spec.own_list else "",
        expected.message,
        f"Left to spend: {limits.left_in_words(bounds)}" if bounds else "",
        limits.notice(bounds) or "",
        *(warning.message for warning in expected.warnings),
    ]
    return "\n".join(line for line in lines if line)
