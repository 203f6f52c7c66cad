"""How many of the known businesses each setting of an order keeps."""

from __future__ import annotations

from pipeline.money.kept import Kept, kept_by
from pipeline.place import TypeMatch
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import scored
from tests.pipeline.memory import TODAY, cafes, from_places, full_place, place, spec

BASIS = ScoreContext(types=(TypeMatch(typed="cafe", tags=("amenity=cafe",)),), today=TODAY)
OTHERS = {"chains_only": 1, "with_website": 4, "without_website": 1, "with_hours": 0}
PLACES = [*cafes(3), place("n/1", name="Mast", lat=60.05), full_place("n/2", name="Hesburger", lat=60.06)]
BUSINESSES = [scored(business, BASIS) for business in from_places(PLACES, "FI", TODAY)]


def test_each_setting_is_counted_by_itself_and_all_together() -> None:
    order = spec(min_confidence=70, min_reach=5, independents_only=True)
    assert kept_by(order, BUSINESSES, BASIS, is_whole=True) == Kept(
        known=5, together=3, alone={"min_confidence": 4, "min_reach": 4, "independents_only": 4, **OTHERS}
    )


def test_an_order_that_leaves_nobody_out_keeps_all_and_says_what_a_switch_would_keep() -> None:
    assert kept_by(spec(), BUSINESSES, BASIS, is_whole=False) == Kept(
        known=5,
        together=5,
        alone={"min_confidence": 5, "min_reach": 5, "independents_only": 4, **OTHERS},
        is_whole=False,
    )


def test_of_what_only_a_source_that_is_not_asked_yet_states_nothing_is_counted() -> None:
    order = spec(min_rating=4.5, founded_since=2015)
    kept = kept_by(order, BUSINESSES, BASIS, is_whole=True, asked=frozenset({"min_rating"}))
    assert kept is not None
    assert (kept.together, kept.alone["founded_since"], kept.asked) == (0, 0, frozenset({"min_rating"}))
    assert "min_rating" not in kept.alone


def test_of_nothing_known_there_is_nothing_to_say() -> None:
    assert kept_by(spec(), [], BASIS, is_whole=True) is None
