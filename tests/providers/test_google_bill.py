"""What a search costs when pages are refused or odd: the bill of the stand-in beside what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint
from pipeline.network.http import ProviderHttp
from pipeline.place import Area, Place, PlaceQuery
from pipeline.providers.google.places import GooglePlacesSearch
from pipeline.words.understanding import match_types
from tests.pipeline.memory import TODAY
from tests.support.calls import DirectCalls
from tests.support.google import PRICE
from tests.support.providers import Providers, providers

HELSINKI = Area(label="Helsinki", lat=60.17, lon=24.94, radius_km=30, country="FI")
NEAR = replace(HELSINKI, radius_km=1.0)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Providers]:
    with providers("--no-limited") as running:
        yield running


@pytest.fixture
def fresh_stand_in(stand_in: Providers) -> Providers:
    stand_in.reset()
    return stand_in


def searched(
    fresh_stand_in: Providers, area: Area = NEAR, kind: str = "cafe"
) -> tuple[list[Place], SourceError | None]:
    """Everything a search finds, and how it failed."""
    http = ProviderHttp("Google Places", Endpoint(base_url=fresh_stand_in.url), user_agent="t")
    source = GooglePlacesSearch(
        DirectCalls(), http, "k", price_micros=PRICE, locate=lambda *_: area, today=TODAY
    )
    found: list[Place] = []
    try:
        for batch in source.search(PlaceQuery(types=match_types([kind]), area=area, limit=20)):
            found += batch
    except SourceError as error:
        return found, error
    finally:
        http.close()
    return found, None


def odd(kind: str, **when: int) -> dict[str, object]:
    return {"operation": "text_search", "kind": kind, **when}


def test_a_token_that_is_always_too_old_is_billed_for_four_pages(fresh_stand_in: Providers) -> None:
    fresh_stand_in.order_faults(odd("old_token"))
    found, error = searched(fresh_stand_in, HELSINKI, "restaurant")
    assert error is not None
    assert error.cause is Cause.NOT_UNDERSTOOD
    assert len(found) > 0
    assert fresh_stand_in.billed_micros() == 4 * PRICE


def test_a_following_page_that_is_refused_for_something_else_is_billed_for_one(
    fresh_stand_in: Providers,
) -> None:
    fresh_stand_in.order_faults(odd("refused_page"))
    found, error = searched(fresh_stand_in)
    assert error is not None
    assert error.cause is Cause.NOT_UNDERSTOOD
    assert len(found) > 0
    assert fresh_stand_in.billed_micros() == PRICE


def test_a_token_that_is_too_old_once_loses_nothing(fresh_stand_in: Providers) -> None:
    everything, _ = searched(fresh_stand_in)
    fresh_stand_in.reset()
    fresh_stand_in.order_faults(odd("old_token", first=2, last=2))
    again, error = searched(fresh_stand_in)
    assert error is None
    assert {place.source_ref for place in again} == {place.source_ref for place in everything}


def test_an_odd_place_costs_a_page_nothing_and_a_house_has_its_street(fresh_stand_in: Providers) -> None:
    fresh_stand_in.order_faults(odd("nan", first=1, last=1), odd("premise", first=2, last=2))
    found, error = searched(fresh_stand_in)
    assert error is None
    first, second = found[:19], found[19:39]
    assert len({place.source_ref for place in first}) == 19
    assert (second[0].street, second[0].city, second[0].postcode) == ("Harbour street", "Helsinki", "00100")
    assert second[0].housenumber
