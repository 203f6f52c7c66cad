"""What sources can tell at most before any contact is looked up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.providers.registry import registry
from pipeline.scoring.ceiling import most_before_look_ups, out_of_reach
from pipeline.scoring.figures import Figure, ScoreContext
from pipeline.scoring.score import scored
from pipeline.scoring.single import single_score
from pipeline.words.understanding import match_types
from tests.pipeline.memory import TODAY, spec
from tests.pipeline.test_reasons import google, lead_of


@pytest.mark.parametrize(
    ("sources", "most"),
    [
        ((), (0, 0, 0)),
        (("google_places",), (86, 55, 83)),
        (("open_data",), (94, 73, 98)),
        (("open_data", "osm_live"), (94, 73, 98)),
        (("open_data", "google_places"), (100, 73, 100)),
    ],
)
def test_the_most_is_what_the_fields_asked_for_make(
    sources: tuple[str, ...], most: tuple[int, int, int]
) -> None:
    assert tuple(most_before_look_ups(registry().chosen(sources))[figure] for figure in Figure) == most


def test_the_best_record_of_google_stays_within_it() -> None:
    best = google(
        street="Pier Street",
        housenumber="5",
        postcode="00100",
        city="Harbour Town",
        phone="+358 9 1234567",
        website="https://anchor.example.com",
    )
    context = ScoreContext(types=match_types(["cafe"]), today=TODAY)
    business = scored(lead_of(best).business, context)
    assert (business.confidence, business.reach, single_score(business, context)) == (77, 55, 80)
    twice = replace(business, origins=(*business.origins, replace(business.origins[0], ref="another")))
    again = scored(twice, context)
    assert (again.confidence, again.reach, single_score(again, context)) == (86, 55, 83)


def test_each_minimum_above_the_most_is_named_with_that_most() -> None:
    most = most_before_look_ups(registry().chosen(("google_places",)))
    assert out_of_reach(spec(min_confidence=86, min_reach=55, min_score=83), most) == {}
    assert out_of_reach(spec(min_confidence=87, min_reach=56), most) == {
        Figure.CONFIDENCE: 86,
        Figure.REACH: 55,
    }
    assert out_of_reach(spec(min_score=84), most) == {Figure.SCORE: 83}
