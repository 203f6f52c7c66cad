"""The limits of an order's numbers, as its one definition has them."""

from __future__ import annotations

from annotated_types import Ge, Le

from pipeline.campaign import CampaignSpec


def bounds(field: str) -> tuple[float, float]:
    """The least and the most a field with a number may be."""
    limits = CampaignSpec.model_fields[field].metadata
    (least,) = (limit.ge for limit in limits if isinstance(limit, Ge))
    (most,) = (limit.le for limit in limits if isinstance(limit, Le))
    return float(str(least)), float(str(most))


def in_range(field: str) -> str:
    """The bounds of a field in words: ``between 1 and 1,000``."""
    least, most = bounds(field)
    unit = "$" if field.endswith("_usd") else ""
    return f"between {unit}{least:,g} and {unit}{most:,g}"


def default_of(field: str) -> float:
    """What a field with a number is when nothing is said."""
    return float(CampaignSpec.model_fields[field].default)
