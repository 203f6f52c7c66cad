"""Every wrong order is answered with a sentence at the right field."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from pipeline.campaign import CampaignSpec
from pipeline.output.order_errors import sentences

GOOD = {"business_types": ("Cafe",), "location": "Helsinki"}


def refused(**changes: object) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        CampaignSpec.model_validate(GOOD | changes)
    return sentences(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_results", 0),
        ("max_results", -1),
        ("max_results", 10**9),
        ("max_results", 10.5),
        ("radius_km", math.nan),
        ("radius_km", math.inf),
        ("radius_km", 0),
        ("radius_km", 101),
        ("min_confidence", 101),
        ("min_confidence", -5),
        ("budget_usd", -1),
        ("budget_usd", "1e308"),
        ("budget_usd", "1,50"),
        ("budget_usd", "0.0000001"),
        ("location", ""),
        ("location", "\u200b\u00a0 "),
        ("location", "x" * 10_001),
        ("location", "\x00abc"),
        ("location", "\ud800"),
        ("business_types", ()),
        ("business_types", ("",)),
        ("business_types", tuple(f"type {n}" for n in range(11))),
        ("sources", ()),
        ("sources", ("Some where",)),
    ],
)
def test_the_field_gets_one_calm_sentence(field: str, value: object) -> None:
    found = refused(**{field: value})
    assert list(found) == [field]
    assert found[field][0].isupper()
    assert found[field].endswith(".")
    assert "pydantic" not in found[field]
    assert "input" not in found[field].casefold()


def test_every_wrong_field_is_told_at_once() -> None:
    assert set(refused(max_results=0, location="", budget_usd=-1)) == {
        "max_results",
        "location",
        "budget_usd",
    }
