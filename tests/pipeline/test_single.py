"""The minimum of an order that was placed when there was one figure asks for that figure, as it was made then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.place import TypeMatch
from pipeline.run import run
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import scored
from pipeline.scoring.single import single_score
from tests.pipeline.memory import (
    TODAY,
    ListMemory,
    ListSearch,
    cafes,
    from_places,
    full_place,
    place,
    ports,
    spec,
)

BASIS = ScoreContext(types=(TypeMatch(typed="cafe", tags=("amenity=cafe",)),), today=TODAY)
RICH = {"email": "info@example.com", "opening_hours": "24/7"}


@pytest.mark.parametrize(
    ("places", "score"),
    [
        ([place()], 30),
        ([full_place()], 80),
        ([full_place(observed_on=None)], 75),
        ([full_place(observed_on=date(2019, 4, 21), **RICH)], 90),
        ([full_place(email="anchor@gmail.com")], 85),
        ([full_place(website="https://facebook.com/anchor")], 71),
        ([full_place("node/1", **RICH), full_place("7", source="our list", **RICH)], 100),
    ],
)
def test_the_score_is_what_it_was(places: list[object], score: int) -> None:
    (business,) = from_places(places, "FI", TODAY)  # type: ignore[arg-type]
    assert single_score(scored(business, BASIS), BASIS) == score


def test_what_an_earlier_version_rated_keeps_its_score() -> None:
    (business,) = from_places([place()], "FI", TODAY)
    assert single_score(replace(business, confidence=93, reach=None), BASIS) == 93


def test_an_order_of_then_leaves_out_whom_it_left_out_and_rates_the_others_by_both_figures() -> None:
    memory = ListMemory()
    run(spec(min_score=80), ports(ListSearch([*cafes(2), place("n/1", lat=60.02)]), memory=memory))
    assert [lead.business.name for lead in memory.stored.values()] == ["Anchor 0000", "Anchor 0001"]
    assert {(lead.business.confidence, lead.business.reach) for lead in memory.stored.values()} == {(77, 55)}


def test_a_search_that_was_over_then_goes_on_with_the_leads_it_had() -> None:
    memory = ListMemory(finished=True)
    for business, score in zip(from_places(cafes(3), "FI", TODAY), (90, 49, 50), strict=True):
        memory.save_businesses([replace(business, confidence=score)])
    outcome = run(spec(min_score=50), ports(ListSearch(), memory=memory))
    assert outcome.leads == len(memory.stored) == 2
