"""The figures of many businesses, averaged."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypedDict

from pipeline.lead import Business


class Averages(TypedDict):
    """The means of both figures as a campaign reports them, None where there is nothing to average."""

    avg_confidence: Decimal | None
    avg_reach: Decimal | None


def averages(businesses: Iterable[Business]) -> Averages:
    """The means to two decimals. Businesses that an earlier version rated have another figure and do not take part."""
    rated = [(business.confidence, business.reach) for business in businesses if business.reach is not None]
    return Averages(
        avg_confidence=_mean([confidence for confidence, _ in rated]),
        avg_reach=_mean([reach for _, reach in rated]),
    )


def _mean(values: list[int]) -> Decimal | None:
    return (Decimal(sum(values)) / len(values)).quantize(Decimal("0.01")) if values else None
