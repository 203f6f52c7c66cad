from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.lead import Business
from pipeline.place import TypeMatch
from pipeline.scoring.score import WEIGHTS, ScoreContext, qualified, ranked, scored
from tests.pipeline.memory import HARBOUR, TODAY, from_places, full_place, place

CAFE = TypeMatch(typed="cafe", tags=("amenity=cafe",))
BASIS = ScoreContext(types=(CAFE,), today=TODAY)


def points(part: str, context: ScoreContext = BASIS, /, **values: object) -> tuple[int, str]:
    """The points and the evidence of one part, for a café with these values."""
    (business,) = from_places([place(**values)], "FI", TODAY)
    found = next(one for one in scored(business, context).score_parts if one.name == part)
    return found.points, found.evidence


def cafe(name: str, confidence: int, **values: object) -> Business:
    (business,) = from_places([place(name, name=name, **values)], "FI", TODAY)
    return replace(business, confidence=confidence)


def test_the_weights_make_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_the_confidence_is_the_sum_of_its_parts_each_with_evidence() -> None:
    (business,) = from_places([full_place()], "FI", TODAY)
    result = scored(business, BASIS)
    assert [part.name for part in result.score_parts] == list(WEIGHTS)
    assert result.confidence == sum(part.points for part in result.score_parts) == 80
    assert all(0 <= part.points <= part.weight and part.evidence.endswith(".") for part in result.score_parts)


def test_a_perfect_business_scores_a_hundred() -> None:
    values = {"email": "info@example.com", "opening_hours": "24/7"}
    places = [full_place("node/1", **values), full_place("7", source="our list", **values)]
    (business,) = from_places(places, "FI", TODAY)
    assert scored(business, BASIS).confidence == 100


def test_full_contacts_reach_70_and_a_bare_name_stays_below_40() -> None:
    old = {"observed_on": date(2015, 1, 1)}
    (full,) = from_places([full_place(**old)], "FI", TODAY)
    (bare,) = from_places([place()], "FI", TODAY)
    assert scored(full, BASIS).confidence >= 70
    assert scored(bare, BASIS).confidence < 40


@pytest.mark.parametrize(
    ("types", "values", "expected"),
    [
        ((CAFE,), {}, 15),
        ((CAFE,), {"category": "google=tea_house"}, 8),
        ((TypeMatch(typed="vegan cafe", tags=("amenity=cafe",), words=("vegan",)),), {}, 15),
        ((TypeMatch(typed="bakery", tags=("shop=bakery",)),), {}, 0),
        ((TypeMatch(typed="anchors", words=("anchor",)),), {}, 12),
        ((TypeMatch(typed="rowing boats", words=("rowing", "boat")),), {}, 8),
    ],
)
def test_the_category_part(types: tuple[TypeMatch, ...], values: dict[str, object], expected: int) -> None:
    assert points("category", ScoreContext(types=types, today=TODAY), **values)[0] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Anchor", 10), ("Café", 5), ("24", 3), ("錨", 3), ("?!", 3), ("Unnamed", 0), ("no name", 0)],
)
def test_the_name_part(name: str, expected: int) -> None:
    assert points("name", name=name)[0] == expected


@pytest.mark.parametrize(
    ("values", "expected", "evidence"),
    [
        ({}, 0, "No part of the address is recorded."),
        ({"city": "Harbour Town"}, 4, "Recorded: city; missing: street, house number, postcode."),
        ({"street": "Pier Street"}, 8, "Recorded: street; missing: house number, postcode, city."),
        (
            {"street": "Pier Street", "housenumber": "5"},
            12,
            "Recorded: street, house number; missing: postcode, city.",
        ),
        (
            {"street": "Pier Street", "housenumber": "5", "postcode": "00100", "city": "Harbour Town"},
            20,
            "The address is complete: Pier Street 5, 00100 Harbour Town.",
        ),
    ],
)
def test_the_address_part(values: dict[str, object], expected: int, evidence: str) -> None:
    assert points("address", **values) == (expected, evidence)


@pytest.mark.parametrize(
    ("part", "values", "expected"),
    [
        ("phone", {"phone": "+358 9 1234567"}, 15),
        ("phone", {"phone": "call us!"}, 0),
        ("website", {"website": "https://example.com"}, 15),
        ("website", {"website": "https://facebook.com/anchor"}, 6),
        ("website", {}, 0),
        ("email", {"email": "info@example.com", "website": "https://anchor.example.com"}, 10),
        ("email", {"email": "info@example.org", "website": "https://example.com"}, 7),
        ("email", {"email": "info@example.org"}, 7),
        ("email", {"email": "anchor@gmail.com", "website": "https://example.com"}, 5),
        ("email", {"email": "info"}, 0),
        ("opening_hours", {"opening_hours": "24/7"}, 5),
        ("opening_hours", {}, 0),
    ],
)
def test_the_contact_parts(part: str, values: dict[str, object], expected: int) -> None:
    assert points(part, **values)[0] == expected


@pytest.mark.parametrize(
    ("age_days", "expected", "words"),
    [
        (0, 5, "less than a year ago"),
        (364, 5, "less than a year ago"),
        (400, 3, "1 year ago"),
        (900, 3, "2 years ago"),
        (1700, 2, "5 years ago"),
        (3000, 0, "8 years ago"),
    ],
)
def test_the_freshness_part(age_days: int, expected: int, words: str) -> None:
    found, evidence = points("freshness", observed_on=TODAY - timedelta(days=age_days))
    assert found == expected
    assert evidence.endswith(f"{words}.")


def test_an_unknown_date_earns_no_freshness() -> None:
    assert points("freshness", observed_on=None) == (0, "The source does not say when this was observed.")


@pytest.mark.parametrize(
    ("others", "expected"), [([], 0), ([("node/2", "openstreetmap")], 3), ([("7", "our list")], 5)]
)
def test_the_corroboration_part(others: list[tuple[str, str]], expected: int) -> None:
    places = [place(), *(place(ref, source=source) for ref, source in others)]
    (business,) = from_places(places, "FI", TODAY)
    assert scored(business, BASIS).score_parts[-1].points == expected


def test_scoring_again_with_other_weights_replaces_the_score() -> None:
    (business,) = from_places([full_place()], "FI", TODAY)
    only_phone = dict.fromkeys(WEIGHTS, 0) | {"phone": 100}
    again = scored(scored(business, BASIS), BASIS, only_phone)
    assert again.confidence == 100
    assert len(again.score_parts) == len(WEIGHTS)
    assert scored(again, BASIS) == scored(business, BASIS)


@pytest.mark.parametrize(
    "weights",
    [{}, dict.fromkeys(WEIGHTS, 10), {**WEIGHTS, "phone": -1, "name": 26}, {**WEIGHTS, "extra": 0}],
)
def test_weights_that_make_no_hundred_are_refused(weights: dict[str, int]) -> None:
    (business,) = from_places([place()], "FI", TODAY)
    with pytest.raises(ValueError, match="that make 100"):
        scored(business, BASIS, weights)


def test_the_best_come_first_then_the_nearest_then_by_name() -> None:
    far = cafe("Aft", 50, lat=60.01)
    near = cafe("Zenith", 50)
    same = cafe("Bow", 50)
    best = cafe("Mast", 60, lat=60.02)
    assert ranked([far, near, same, best], HARBOUR) == [best, same, near, far]


def test_the_qualified_reach_the_minimum_and_keep_their_order() -> None:
    low, even, high = cafe("Low", 49), cafe("Even", 50), cafe("High", 51)
    assert qualified([high, low, even], 50) == [high, even]
