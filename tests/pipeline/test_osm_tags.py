"""Which OpenStreetMap records are businesses, and what their tags say."""

from __future__ import annotations

import pytest

from pipeline.words.osm_tags import category_of, place_from


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
