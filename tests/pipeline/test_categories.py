"""What people type as a type of business, and what it is taken for."""

from __future__ import annotations

import pytest

from pipeline.words.categories import all_categories, label_for
from pipeline.words.understanding import match_types


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("coffee shop", "amenity=cafe"),
        ("Coffee Shops", "amenity=cafe"),
        ("CAFÉ", "amenity=cafe"),
        ("dentists", "amenity=dentist"),
        ("dental clinic", "amenity=dentist"),
        ("law firm", "office=lawyer"),
        ("attorneys", "office=lawyer"),
        ("gym", "leisure=fitness_centre"),
        ("fitness center", "leisure=fitness_centre"),
        ("barber", "shop=hairdresser+hairdresser=barber"),
        ("realtor", "office=estate_agent"),
        ("estate agents", "office=estate_agent"),
        ("pharmacies", "amenity=pharmacy"),
        ("jewelry store", "shop=jewelry"),
        ("jewellery shop", "shop=jewelry"),
        ("tire shop", "shop=tyres"),
        ("bed & breakfast", "tourism=guest_house"),
        ("shop=bakery", "shop=bakery"),
        ("shop=never_heard_of", "shop=never_heard_of"),
    ],
)
def test_a_known_name_means_its_tag(typed: str, tag: str) -> None:
    (match,) = match_types([typed])
    assert tag in match.tags
    assert match.words == ()


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("cafe, bakery", ["cafe", "bakery"]),
        ("lawyers and notaries", ["lawyers", "notaries"]),
        ("food and drink", ["food and drink"]),
        ("hotels/hostels; motels", ["hotels", "hostels", "motels"]),
        ("cafe, CAFE", ["CAFE"]),
    ],
)
def test_several_types_in_one_text_are_told_apart(typed: str, parts: list[str]) -> None:
    assert [match.typed for match in match_types([typed])] == parts


def test_a_group_means_all_its_categories() -> None:
    (shops,) = match_types(["Shops"])
    assert len(shops.tags) > 150
    assert all(tag.startswith("shop=") for tag in shops.tags)
    assert "amenity=dentist" in match_types(["health"])[0].tags


def test_words_before_a_known_name_narrow_it() -> None:
    (match,) = match_types(["vegan restaurants"])
    assert match.tags == ("amenity=restaurant",)
    assert match.words == ("vegan",)


def test_an_unknown_type_becomes_words() -> None:
    (match,) = match_types(["Marimekko Outlets"])
    assert match.tags == ()
    assert match.words == ("marimekko", "outlet")


@pytest.mark.parametrize("typed", ["☕", " ,, ", "—"])
def test_text_without_a_word_means_nothing(typed: str) -> None:
    assert match_types([typed]) == ()


def test_tags_have_labels() -> None:
    assert label_for("amenity=cafe") == "Café"
    assert label_for("shop=never_heard_of") == "Never heard of"


def test_no_tag_belongs_to_two_categories() -> None:
    tags = [tag for category in all_categories() for tag in category.tags]
    assert len(tags) == len(set(tags))
    labels = [category.label for category in all_categories()]
    assert len(labels) == len(set(labels))
