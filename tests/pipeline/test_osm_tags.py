"""Which OpenStreetMap records are businesses, and which of those are gone."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.words.osm_tags import category_of, ends_on, is_closed, place_from

TODAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("tags", "category"),
    [
        ({"amenity": "cafe", "shop": "tea"}, "amenity=cafe"),
        ({"amenity": "atm", "shop": "kiosk"}, "shop=kiosk"),
        ({"amenity": "nightclub;restaurant"}, "amenity=nightclub"),
        ({"shop": "never_heard_of"}, "shop=never_heard_of"),
        ({"amenity": "school"}, None),
        ({"amenity": "place_of_worship", "tourism": "attraction"}, None),
        ({"office": "government"}, None),
        ({"shop": "vacant"}, None),
        ({"disused:shop": "bakery"}, None),
        ({"leisure": "park"}, None),
    ],
)
def test_only_commercial_tags_make_a_business(tags: dict[str, str], category: str | None) -> None:
    assert category_of(tags) == category


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        ({}, False),
        ({"opening_hours": "closed"}, True),
        ({"opening_hours": "Off"}, True),
        ({"opening_hours": "Mo-Fr 09:00-17:00; Sa off"}, False),
        ({"disused": "yes"}, True),
        ({"disused": "no"}, False),
        ({"abandoned:amenity": "cafe"}, True),
        ({"disused:amenity": "pub"}, False),
        ({"disused:website": "https://example.com"}, False),
        ({"end_date": "2023-07-30"}, True),
        ({"end_date": "2023"}, True),
        ({"end_date": "2031"}, False),
        ({"end_date": "soon"}, False),
    ],
)
def test_records_of_closed_businesses_say_so(tags: dict[str, str], closed: bool) -> None:
    place = place_from("node/1", {"name": "Cup", "amenity": "cafe", **tags}, "amenity=cafe", 0, 0, None)
    assert is_closed(place, TODAY) is closed


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024", date(2024, 12, 31)), ("2024-02", date(2024, 2, 29)), ("2024-13", None), ("0000", None)],
)
def test_the_last_day_is_read_from_part_dates(text: str, day: date | None) -> None:
    assert ends_on({"end_date": text}) == day


def test_columns_take_the_plain_tag_before_the_contact_form() -> None:
    tags = {
        "name": "Cup",
        "amenity": "cafe",
        "contact:phone": "+358 9 1",
        "phone": "+358 9 2",
        "url": "https://cup.example",
        "addr:city": "Helsinki",
    }
    place = place_from("node/1", tags, "amenity=cafe", 60, 24, None)
    assert (place.phone, place.website, place.city) == ("+358 9 2", "https://cup.example", "Helsinki")
    assert place.tags == {"contact:phone": "+358 9 1", "url": "https://cup.example"}
