"""Both figures as sums, the order of businesses, and what an order leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from pipeline.lead import Business
from pipeline.place import TypeMatch
from pipeline.scoring.average import averages
from pipeline.scoring.figures import WEIGHTS, Figure, ScoreContext
from pipeline.scoring.score import qualified, ranked, scored
from tests.pipeline.memory import HARBOUR, TODAY, from_places, full_place, place, spec

BASIS = ScoreContext(types=(TypeMatch(typed="cafe", tags=("amenity=cafe",)),), today=TODAY)
RICH = {"email": "info@example.com", "opening_hours": "24/7"}


def one(*places: object) -> Business:
    (business,) = from_places(places, "FI", TODAY)  # type: ignore[arg-type]
    return scored(business, BASIS)


def cafe(name: str, confidence: int, reach: int | None = 50, **values: object) -> Business:
    (business,) = from_places([place(name, name=name, **values)], "FI", TODAY)
    return replace(business, confidence=confidence, reach=reach)


@pytest.mark.parametrize("figure", Figure)
def test_the_weights_of_each_figure_make_a_hundred(figure: Figure) -> None:
    assert sum(WEIGHTS[figure].values()) == 100


def test_each_figure_is_the_sum_of_its_parts_each_with_evidence() -> None:
    result = one(full_place())
    assert [part.name for part in result.score_parts] == list(WEIGHTS[Figure.CONFIDENCE])
    assert [part.name for part in result.reach_parts] == list(WEIGHTS[Figure.REACH])
    assert result.confidence == sum(part.points for part in result.score_parts) == 77
    assert result.reach == sum(part.points for part in result.reach_parts) == 55
    everything = (*result.score_parts, *result.reach_parts)
    assert all(0 <= part.points <= part.weight and part.evidence.endswith(".") for part in everything)


def test_no_evidence_repeats_a_value_that_may_have_to_be_forgotten() -> None:
    result = one(full_place(**RICH))
    said = " ".join(part.evidence for part in (*result.score_parts, *result.reach_parts))
    values = (
        result.name,
        result.address,
        result.phone,
        result.website,
        result.domain,
        result.email,
        result.city,
    )
    assert [value for value in values if value and value in said] == []


def test_a_business_everybody_knows_is_sure_and_one_nobody_checked_is_not_reached_for_certain() -> None:
    result = one(full_place("node/1", **RICH), full_place("7", source="our list", **RICH))
    assert (result.confidence, result.reach) == (100, 73)


def test_how_well_it_can_be_reached_says_nothing_of_how_sure_it_is_and_the_other_way_round() -> None:
    bare, full = one(place()), one(full_place(**RICH, observed_on=None))
    assert (bare.confidence, bare.reach) == (65, 4)
    assert (full.confidence, full.reach) == (63, 73)


def test_rating_again_with_other_weights_replaces_the_figures() -> None:
    result = one(full_place())
    only_phone = dict.fromkeys(WEIGHTS[Figure.REACH], 0) | {"phone": 100}
    again = scored(result, BASIS, {**WEIGHTS, Figure.REACH: only_phone})
    assert (again.reach, again.confidence) == (80, result.confidence)
    assert scored(again, BASIS) == result


_REACH = dict(WEIGHTS[Figure.REACH])


@pytest.mark.parametrize(
    "weights",
    [{}, dict.fromkeys(_REACH, 10), {**_REACH, "phone": -1, "email": 71}, {**_REACH, "extra": 0}],
)
def test_weights_that_make_no_hundred_are_refused(weights: Mapping[str, int]) -> None:
    with pytest.raises(ValueError, match="that make 100"):
        scored(one(place()), BASIS, {**WEIGHTS, Figure.REACH: weights})


def test_the_best_come_first_then_those_one_can_reach_then_the_nearest_then_by_name() -> None:
    far = cafe("Aft", 50, lat=60.01)
    near = cafe("Zenith", 50)
    same = cafe("Bow", 50)
    best = cafe("Mast", 60, lat=60.02)
    called = cafe("Rudder", 40, 60, lat=60.03)
    earlier = cafe("Keel", 52, None, lat=60.04)
    lost = cafe("Wreck", 90, 0)
    ordered = ranked([lost, far, near, same, earlier, best, called], HARBOUR)
    assert ordered == [best, earlier, called, same, near, far, lost]


def test_the_qualified_meet_every_minimum_and_keep_their_order() -> None:
    low, even, high, mute = cafe("Low", 49), cafe("Even", 50), cafe("High", 51), cafe("Mute", 99, 9)
    both = spec(min_confidence=50, min_reach=10)
    assert qualified([high, mute, low, even], both, BASIS) == [high, even]
    assert qualified([mute, low], spec(min_confidence=50), BASIS) == [mute]
    assert qualified([mute, low], spec(), BASIS) == [mute, low]


def test_the_mean_leaves_out_what_an_earlier_version_rated() -> None:
    told = averages([cafe("A", 60, 20), cafe("B", 71, 40), cafe("C", 9, None)])
    assert (str(told["avg_confidence"]), str(told["avg_reach"])) == ("65.50", "30.00")
    assert averages([cafe("C", 9, None)]) == {"avg_confidence": None, "avg_reach": None}
