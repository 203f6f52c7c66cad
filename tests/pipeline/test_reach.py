"""What sources can be sure of at most before any contact is looked up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.providers.registry import registry
from pipeline.scoring.reach import most_before_look_ups
from pipeline.scoring.score import ScoreContext, scored
from pipeline.words.categories import match_types
from tests.pipeline.memory import TODAY
from tests.pipeline.test_reasons import google, lead_of


@pytest.mark.parametrize(
    ("sources", "most"),
    [
        ((), 0),
        (("google_places",), 83),
        (("open_data",), 98),
        (("open_data", "osm_live"), 98),
        (("open_data", "google_places"), 100),
    ],
)
def test_the_most_is_what_the_fields_asked_for_make(sources: tuple[str, ...], most: int) -> None:
    assert most_before_look_ups(registry().chosen(sources)) == most


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
    assert business.confidence == 80
    twice = replace(business, origins=(*business.origins, replace(business.origins[0], ref="another")))
    assert scored(twice, context).confidence == 83
