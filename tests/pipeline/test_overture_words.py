"""Overture's categories in our words: each kind is one people can ask for, and means what they would."""

from __future__ import annotations

import pytest

from bench.overture import is_findable
from pipeline.words.kinds import NO_BUSINESS
from pipeline.words.osm_tags import is_business, is_refining
from pipeline.words.overture import By, kind_of, kinds
from pipeline.words.understanding import understand


@pytest.mark.parametrize("kind", sorted({*kinds().values()} - {NO_BUSINESS}))
def test_every_kind_is_a_business_that_its_label_finds(kind: str) -> None:
    main, *finer = kind.split("+")
    assert is_business(*main.split("="))
    assert all(map(is_refining, finer))
    assert is_findable(kind)


@pytest.mark.parametrize(
    ("typed", "categories"),
    [
        ("dentist", "dentist general_dentistry pediatric_dentist"),
        ("lawyer", "lawyer attorney_or_law_firm divorce_and_family_law"),
        ("pizzeria", "pizza_restaurant"),
        ("hotel", "hotel inn"),
        ("Friseur", "hair_salon"),
        ("real estate agency", "real_estate_agent real_estate"),
        ("plumber", "plumbing plumbing_service"),
        ("car repair", "automotive_repair auto_repair_service auto_body_shop"),
        ("event planner", "event_planning"),
        ("manufacturer", "business_manufacturing_and_supply plastics_company"),
        ("farm", "farm"),
        ("recycling", "recycling_center"),
        ("live music", "music_venue"),
        ("towing service", "towing_service"),
    ],
)
def test_what_people_type_finds_the_categories_that_are_that(typed: str, categories: str) -> None:
    wanted = understand(typed).tags
    told = {name: kind_of(name) for name in categories.split()}
    assert all(found and found[0] in wanted for found in told.values()), (wanted, told)


@pytest.mark.parametrize(
    "name", ["park", "bus_station", "monument", "atm", "elementary_school", "christian_place_of_worship"]
)
def test_what_nobody_sells_to_is_no_business(name: str) -> None:
    assert kind_of(name) == (NO_BUSINESS, By.NAME)


def test_a_new_category_is_told_by_what_stands_above_it() -> None:
    above = ("food_and_drink", "restaurant", "new_one")
    assert kind_of("new_one", above) == ("amenity=restaurant", By.ANCESTOR)
    assert kind_of("andean_restaurant") == ("amenity=restaurant+cuisine=andean", By.NAME)
    assert kind_of("new_one", (), "bakery") == ("shop=bakery", By.BASIC)
    # The widest says too little.
    assert kind_of("new_one", ("shopping", "new_one")) is None
    assert kind_of("new_one", ("geographic_entities", "new_one")) == (NO_BUSINESS, By.ANCESTOR)
