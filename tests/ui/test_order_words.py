"""An order in words says everything that can be ordered."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from pipeline.campaign import CampaignSpec, KnownCompanies
from services.campaigns import CampaignView
from ui import order_words

_OTHER: dict[str, object] = {
    "business_types": ("dentist",),
    "location": "Espoo",
    "by_name": ("cafe",),
    "radius_km": 2.5,
    "max_results": 1000,
    "min_confidence": 60,
    "min_reach": 40,
    "min_score": 50,
    "independents_only": True,
    "chains_only": True,
    "with_website": True,
    "without_website": True,
    "with_hours": True,
    "min_rating": 4.5,
    "min_reviews": 20,
    "founded_since": 2015,
    "company_sizes": ("micro", "small"),
    "known_companies": KnownCompanies.SKIP,
    "skip_customers": True,
    "own_list": UUID(int=7),
    "budget_usd": Decimal("2.5"),
    "sources": ("open_data", "overpass"),
    "waterfall": ("website",),
    "must_have": ("has its own kitchen",),
    "nice_to_have": ("hiring",),
    "must_not": ("sells to restaurants",),
}
SPEC = CampaignSpec(business_types=("cafe",), location="Helsinki")


def ordered(spec: CampaignSpec, **values: object) -> CampaignView:
    given: dict[str, Any] = dict.fromkeys((field.name for field in fields(CampaignView)), None)
    made = {"spec": spec, "budget_micros": spec.budget_micros, "id": UUID(int=1), "title": spec.title}
    return CampaignView(**{**given, **made, **values})


@pytest.mark.parametrize("name", CampaignSpec.model_fields)
def test_every_parameter_is_told_and_a_change_of_it_too(name: str) -> None:
    assert json.loads(SPEC.model_dump_json()).keys() == set(_OTHER)
    other = SPEC.model_copy(update={name: _OTHER[name]})
    changes = order_words.different(ordered(SPEC), ordered(other))
    if name == "own_list":
        # Of one nothing is said of whom was looked for and where.
        assert {each for each, _, now in changes if now == "–"} == {"Business types", "Place", "Area"}
        changes = tuple(change for change in changes if change[2] != "–")
    ((label, was, now),) = changes
    assert label in dict(order_words.in_full(ordered(other)))
    assert was != now


def test_a_budget_that_was_raised_is_told_both_ways() -> None:
    raised = ordered(SPEC)
    object.__setattr__(raised, "budget_micros", 2_000_000)
    assert ("Budget", "$2.00 by now, $0.00 when it was ordered") in order_words.in_full(raised)


@pytest.mark.parametrize("customers", [None, 0, 3])
def test_customers_are_named_where_a_campaign_met_any(customers: int | None) -> None:
    without = SPEC.model_copy(update={"skip_customers": True})
    said = [order_words.in_a_line(ordered(spec, customers=customers)) for spec in (without, SPEC)]
    assert ["without customers" in said[0], "customers included" in said[1]] == [bool(customers)] * 2
    assert [line.count("customers") for line in said] == [int(bool(customers))] * 2
