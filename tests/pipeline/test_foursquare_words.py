"""Foursquare's categories in our words: each kind is one people can ask for, and means what they would."""

from __future__ import annotations

import pytest

from bench.overture import is_findable
from pipeline.words.foursquare import kind_of
from pipeline.words.kinds import NO_BUSINESS, mapped
from pipeline.words.osm_tags import is_business, is_refining

OWN = mapped("foursquare.csv")


def test_every_kind_is_a_business_that_its_label_finds() -> None:
    for kind in sorted({*OWN.values()} - {NO_BUSINESS}):
        main, *finer = kind.split("+")
        assert is_business(*main.split("=")), kind
        assert all(map(is_refining, finer)), kind
        assert is_findable(kind), kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Dining and Drinking > Cafe, Coffee, and Tea House > Café", "amenity=cafe"),
        ("Dining and Drinking > Restaurant > Pizzeria", "amenity=restaurant+cuisine=pizza"),
        (
            "Dining and Drinking > Restaurant > Asian Restaurant > Japanese Restaurant > Sushi Restaurant",
            "amenity=restaurant+cuisine=sushi;japanese;asian",
        ),
        ("Health and Medicine > Women's Health Clinic", "amenity=clinic"),
        ("Community and Government > Education > Language School", "amenity=language_school"),
        ("Community and Government > Education > New One", NO_BUSINESS),
        ("Business and Professional Services > Financial Service > Banking and Finance > ATM", NO_BUSINESS),
        ("Retail > New One", "shop=yes"),
        ("Unheard > Of", None),
    ],
)
def test_the_finest_name_that_is_known_tells_the_kind(label: str, kind: str | None) -> None:
    assert kind_of(label) == kind
