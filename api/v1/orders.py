"""What is ordered: the one definition of it (``pipeline.campaign``), with what this installation has switched on."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from api.v1.bodies import Body
from pipeline.campaign import CUSTOMERS_ARE_SKIPPED, CampaignSpec, OrderKey
from services import providers

EXAMPLE: dict[str, Any] = {
    "business_types": ["cafe", "bakery"],
    "location": "Helsinki",
    "max_results": 25,
    "budget_usd": "0",
}


class Order(Body, CampaignSpec):
    """An order. Only `business_types` and `location` are needed: sources and look-ups are those this installation has
    switched on by itself, and without `budget_usd` nothing that costs money is asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    skip_customers: bool = CUSTOMERS_ARE_SKIPPED
    sources: tuple[OrderKey, ...] = Field(default_factory=lambda: providers.defaults()[0], min_length=1)
    waterfall: tuple[OrderKey, ...] = Field(default_factory=lambda: providers.defaults()[1])

    def spec(self) -> CampaignSpec:
        """The order as services take it."""
        return CampaignSpec.model_validate(self.model_dump())
