"""One source says that a business closed, another one still has it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.discovery.businesses import from_records
from pipeline.discovery.records import Record, is_gone, is_open, read
from pipeline.lead import Business
from pipeline.place import Place
from tests.pipeline.memory import METRE, TODAY, full_place

EARLIER = TODAY - timedelta(days=400)
CLOSED = {"operational_status": "closed"}


def records(*places: Place) -> list[Record]:
    return [read(place, "FI") for place in places]


def on_map(**values: object) -> Place:
    return full_place("node/1", **({"observed_on": EARLIER} | values))


def at_google(**values: object) -> Place:
    given: dict[str, object] = {"source": "google_places", "tags": CLOSED, "lat": 60 + 10 * METRE}
    return full_place("places/1", **(given | values))


def merged(known: Place, gone: Place) -> Business:
    assert is_open(known, TODAY)
    assert is_gone(gone, TODAY)
    (business,) = from_records(records(known), gone=records(gone))
    return business


def test_it_is_kept_with_a_doubt_that_names_who_says_so() -> None:
    business = merged(on_map(), at_google())
    assert business.value("doubt") == "Google Maps: closed"
    assert business.provenance["doubt"].source == "google_places"
    assert [origin.source for origin in business.origins] == ["openstreetmap"]


@pytest.mark.parametrize(
    ("known", "gone"),
    [
        (on_map(observed_on=TODAY), at_google(observed_on=EARLIER)),
        (on_map(), at_google(observed_on=None)),
        (on_map(), at_google(name="Wholly Other Trade", phone=None, website=None)),
        (on_map(), at_google(lat=60 + 400 * METRE)),
        (on_map(), at_google(lat=None, lon=None, phone=None, website=None)),
        (on_map(), at_google(source="openstreetmap", source_ref="node/2", observed_on=TODAY)),
    ],
    ids=["older", "undated", "another business", "far away", "nowhere", "the same source"],
)
def test_what_knows_no_better_casts_no_doubt(known: Place, gone: Place) -> None:
    assert merged(known, gone).value("doubt") is None


def test_a_newer_open_record_of_the_business_speaks_against_it() -> None:
    newer = full_place("other/1", source="overture", observed_on=TODAY + timedelta(days=1))
    (business,) = from_records(records(on_map(), newer), gone=records(at_google()))
    assert business.value("doubt") is None


def test_what_the_record_says_itself_comes_first() -> None:
    assert merged(on_map(tags={"fixme": "closed?"}), at_google()).value("doubt") == "fixme: “closed?”"


def test_a_record_that_is_closed_joins_no_two_open_ones() -> None:
    apart = records(
        on_map(), full_place("node/2", housenumber="7", lat=60 + 120 * METRE, phone=None, website=None)
    )
    alone = from_records(apart)
    assert len(from_records(apart, gone=records(at_google(lat=60 + 60 * METRE)))) == len(alone) == 2
