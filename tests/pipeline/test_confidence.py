"""How sure one can be that a business is real, is what was asked for, and is still there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.lead import Origin
from pipeline.place import TypeMatch
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import scored
from tests.pipeline.memory import TODAY, from_places, full_place, place

CAFE = TypeMatch(typed="cafe", tags=("amenity=cafe",))
BASIS = ScoreContext(types=(CAFE,), today=TODAY)


def points(part: str, context: ScoreContext = BASIS, /, **values: object) -> tuple[int, str]:
    """The points and the evidence of one part, for a café with these values."""
    (business,) = from_places([place(**values)], "FI", TODAY)
    found = next(one for one in scored(business, context).score_parts if one.name == part)
    return found.points, found.evidence


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


def test_the_record_part_grows_with_what_somebody_cared_to_record() -> None:
    assert points("record") == (0, "Nothing but its name and kind is recorded.")
    street = {"street": "Pier Street", "housenumber": "5"}
    said = "Recorded: address, e-mail; missing: phone, website, opening hours."
    assert points("record", email="info@example.com", **street) == (8, said)
    rich = {"email": "info@example.com", "opening_hours": "24/7", "phone": "+358 9 1234567"}
    assert points("record", website="https://example.com", **rich, **street)[0] == 20


@pytest.mark.parametrize(
    ("age_days", "expected", "words"),
    [
        (0, 30, "less than a year ago"),
        (364, 30, "less than a year ago"),
        (400, 24, "1 year ago"),
        (900, 18, "2 years ago"),
        (1700, 11, "5 years ago"),
        (2700, 5, "7 years ago"),
        (3000, 0, "8 years ago"),
    ],
)
def test_the_freshness_part(age_days: int, expected: int, words: str) -> None:
    found, evidence = points("freshness", observed_on=TODAY - timedelta(days=age_days))
    assert found == expected
    assert evidence.endswith(f"{words}.")


def test_what_nobody_dated_is_neither_fresh_nor_seven_years_old() -> None:
    undated, evidence = points("freshness", observed_on=None)
    seven = points("freshness", observed_on=TODAY - timedelta(days=2700))[0]
    assert evidence == "Nobody says when this was observed, so it may be of any age."
    assert seven < undated < points("freshness", observed_on=TODAY - timedelta(days=900))[0]


def test_a_record_of_2019_that_holds_everything_and_that_two_sources_know_stays_below_80() -> None:
    old = {"observed_on": date(2019, 4, 21), "email": "info@example.com", "opening_hours": "24/7"}
    places = [full_place("node/1", **old), full_place("7", source="our list", **old)]
    (business,) = from_places(places, "FI", TODAY)
    assert scored(business, BASIS).confidence == 75


@pytest.mark.parametrize(
    ("others", "expected"), [([], 0), ([("node/2", "openstreetmap")], 9), ([("7", "our list")], 15)]
)
def test_the_corroboration_part(others: list[tuple[str, str]], expected: int) -> None:
    places = [place(), *(place(ref, source=source) for ref, source in others)]
    (business,) = from_places(places, "FI", TODAY)
    part = next(part for part in scored(business, BASIS).score_parts if part.name == "corroboration")
    assert part.points == expected


def test_its_own_website_agrees_and_is_as_fresh_as_the_look_at_it() -> None:
    (business,) = from_places([full_place(observed_on=date(2016, 1, 1))], "FI", TODAY)
    site = Origin(source="website", ref="anchor.example.com", observed_on=TODAY)
    named = replace(business, provenance={**business.provenance, "name": site})
    found = {part.name: part for part in scored(named, BASIS).score_parts}
    assert (found["corroboration"].points, found["freshness"].points) == (15, 30)
    assert f"{TODAY}" in found["freshness"].evidence


def test_a_doubt_whether_it_is_still_there_costs_what_says_that_it_is() -> None:
    (business,) = from_places([full_place()], "FI", TODAY)
    doubted = scored(replace(business, details={"doubt": "fixme: “geschlossen?”"}), BASIS)
    sure = scored(business, BASIS)
    lost = {part.name: part for part in doubted.score_parts if part not in sure.score_parts}
    assert {name: part.points for name, part in lost.items()} == {"freshness": 0, "closing": 0}
    assert all("fixme: “geschlossen?”" in part.evidence for part in lost.values())
    assert (doubted.confidence, doubted.reach) == (sure.confidence - 40, sure.reach)
