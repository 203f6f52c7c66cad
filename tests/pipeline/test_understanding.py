"""What typed types of business are understood as: other languages, forms, filler, places, and what nobody knows."""

from __future__ import annotations

import pytest

from pipeline.words.categories import all_categories
from pipeline.words.meanings import exactly
from pipeline.words.understanding import How, match_types, understand


@pytest.mark.parametrize(
    ("typed", "how", "tag"),
    [
        ("Friseur", How.CATEGORY, "shop=hairdresser"),
        ("FRISEURE", How.FORM, "shop=hairdresser"),
        ("Friseurinnen", How.FORM, "shop=hairdresser"),
        ("Baeckerei", How.FORM, "shop=bakery"),
        ("padarias", How.CATEGORY, "shop=bakery"),
        ("zahnärzte", How.CATEGORY, "amenity=dentist"),
        ("kampaamot", How.FORM, "shop=hairdresser"),
        ("адвокаты", How.FORM, "office=lawyer"),
        ("parikmakherskaya", How.CATEGORY, "shop=hairdresser"),
        ("Damenfriseur", How.COMPOUND, "shop=hairdresser"),
        ("Fahrradshop", How.FORM, "shop=bicycle"),
        ("美容室", How.FORM, "shop=hairdresser"),
        ("beekeeper", How.CATEGORY, "craft=beekeeper"),
        ("pizzeria", How.CATEGORY, "amenity=restaurant+cuisine=pizza"),
        ("yoga", How.CATEGORY, "leisure=fitness_centre+sport=yoga"),
        ("hair dressers", How.CATEGORY, "shop=hairdresser"),
        ("retail", How.GROUP, "shop=bakery"),
        ("amenity=restaurant+cuisine=pizza", How.TAG, "amenity=restaurant+cuisine=pizza"),
    ],
)
def test_a_name_in_any_language_and_form_means_its_category(typed: str, how: How, tag: str) -> None:
    found = understand(typed)
    assert (found.how, tag in found.tags) == (how, True)


@pytest.mark.parametrize(
    "typed", ["best restaurants", "restaurant near me", "günstige restaurants", "top 10 restaurants"]
)
def test_words_that_say_nothing_are_left_out(typed: str) -> None:
    found = understand(typed)
    assert (found.tags, found.words) == (("amenity=restaurant",), ())
    assert found.left_out


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("restaurants in Helsinki", "Helsinki"),
        ("Zahnarzt in Bad Tölz", "Bad Tölz"),
        ("cafe near Kallio", "Kallio"),
    ],
)
def test_a_place_is_told_from_the_type(typed: str, place: str) -> None:
    found = understand(typed)
    assert (found.place, found.words) == (place, ())
    assert found.match.typed == typed.split()[0]


def test_a_place_without_a_word_before_it_has_to_be_known() -> None:
    assert understand("pizzeria Kallio", is_place=lambda text: text == "Kallio").place == "Kallio"
    assert understand("pizzeria Kallio").how is How.NARROWED


def test_what_narrows_a_category_can_be_dropped_again() -> None:
    found = understand("vegan restaurants")
    assert (found.how, found.words) == (How.NARROWED, ("vegan",))
    assert found.alternatives[0].tags == ("amenity=restaurant",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("resturant", "Restaurant"), ("dentsit", "Dentist"), ("best resturants", "Restaurant")],
)
def test_a_misspelt_word_is_not_understood_and_gets_a_suggestion(typed: str, meant: str) -> None:
    found = understand(typed)
    assert (found.how, found.tags) == (How.UNKNOWN, ())
    assert found.alternatives[0].label == meant


def test_words_are_searched_for_in_names_only_when_that_was_chosen() -> None:
    found = understand("Friseur", is_by_name=True)
    assert (found.how, found.tags, found.words) == (How.BY_NAME, (), ("friseur",))
    assert match_types(["cafe, bar"], ["cafe, bar"])[0].words == ("cafe", "bar")


def test_every_label_means_its_own_category() -> None:
    """A suggestion is taken by its label."""
    wrong = [one.label for one in all_categories() if not set(one.tags) <= set(exactly(one.label)[0].tags)]
    assert wrong == []
