from __future__ import annotations

import sys
from collections.abc import Mapping
from itertools import permutations
from types import FrameType

import pytest

from pipeline.discovery.duplicates import groups
from pipeline.discovery.records import Record, read
from tests.pipeline.memory import METRE, full_place, place

A: Mapping[str, object] = {}
PHONE = {"phone": "+358 9 1234567"}
OTHER_PHONE = {"phone": "+358 9 7654321"}
SITE = {"website": "https://anchor.example.com"}
HERE = {"street": "Pier Street", "housenumber": "5"}


def north(metres: float) -> dict[str, object]:
    return {"lat": 60.0 + metres * METRE}


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("same name at the same spot", A, A),
        ("same name 59 m apart", A, north(59)),
        ("same name in other letters", {"name": "Café Anchor"}, {"name": "CAFE ANCHOR Oy"}),
        ("same words in another order", {"name": "Anchor Café"}, {"name": "Café Anchor"}),
        ("same name and address 140 m apart", HERE, HERE | north(140)),
        ("same name and phone 140 m apart", PHONE, PHONE | north(140)),
        ("same name and site 140 m apart", SITE, SITE | north(140)),
        ("same phone, longer name", PHONE, PHONE | {"name": "Anchor Harbour"} | north(100)),
        (
            "same phone, a spelling apart",
            PHONE | {"name": "Harbour Anchor"},
            PHONE | {"name": "Harbor Anchor"},
        ),
        ("same site, longer name", SITE, SITE | {"name": "Anchor Harbour"} | north(100)),
        ("one address lacks the number", HERE, {"street": "Pier Street"}),
        ("one address is missing", HERE, A),
        ("house numbers overlap", HERE, HERE | {"housenumber": "3-5"}),
        ("street is abbreviated", {"street": "Pierstr.", "housenumber": "5"}, {"street": "Pierstraße"}),
        ("another trade, same name", A, {"category": "shop=bakery"}),
        ("two sources, the same page", SITE, SITE | {"source": "our list", "name": "Anchor at the Pier"}),
        (
            "two sources, a street written short",
            HERE | PHONE,
            {**PHONE, "street": "5 Pier St", "name": "Anchor Café", "source": "our list"},
        ),
        ("one phone each, two sources", PHONE, OTHER_PHONE | {"source": "our list"}),
        (
            "two sources, a letter behind the number",
            HERE,
            HERE | {"housenumber": "5 b", "source": "our list"},
        ),
        (
            "two sources, a number with a hyphen",
            HERE | {"housenumber": "61-03"},
            HERE | {"housenumber": "6103", "source": "our list"},
        ),
        (
            "two sources, wide digits",
            HERE | {"housenumber": "132-6"},
            HERE | {"housenumber": "１３２−６", "source": "our list"},
        ),
        (
            "two sources, the town behind the name",
            {"name": "Anchor", "city": "Kuopio"},
            {"name": "Anchor Kuopio", "city": "Kuopio", "source": "our list"},
        ),
    ],
)
def test_two_records_of_one_business_merge(
    why: str, first: Mapping[str, object], second: Mapping[str, object]
) -> None:
    records = [read(place("node/1", **first), "FI"), read(place("node/2", **second), "FI")]
    assert len(groups(records)) == 1, why


@pytest.mark.parametrize(
    ("why", "first", "second"),
    [
        ("same name 61 m apart", A, north(61)),
        ("another name at the same spot", A, {"name": "Lighthouse"}),
        ("a chain: same name, phone and site, 151 m apart", PHONE | SITE, PHONE | SITE | north(151)),
        ("same phone, another name", PHONE, PHONE | {"name": "Lighthouse"}),
        ("same site, another name", SITE, SITE | {"name": "Lighthouse"}),
        ("same name, another house", HERE, HERE | {"housenumber": "7"}),
        ("same name, another street", HERE, {"street": "Market Square"}),
        ("two phones in one source: two units in one mall", PHONE, OTHER_PHONE),
        ("a hotel and its restaurant", PHONE, OTHER_PHONE | {"category": "tourism=hotel", "source": "list"}),
        ("two branches with pages of their own", {"website": "https://anchor.example.com/stores/1"}, {
            "website": "https://anchor.example.com/stores/2"
        } | north(50)),
        ("the café and the restaurant of one house", {
            "name": "Cafe Anchor", "website": "https://cafe.anchor.test"
        }, {"website": "https://restaurant.anchor.test", "category": "amenity=restaurant"}),
        ("a museum and its shop", SITE | {"category": "tourism=museum"}, SITE | {
            "name": "Anchor Shop", "category": "shop=gift"
        }),
        ("two sources, another house", HERE, HERE | {"housenumber": "7", "source": "our list"}),
        ("two sources, a range without the house", HERE, HERE | {"housenumber": "7-9", "source": "our list"}),
        ("two sources, another street", HERE, {"street": "Market Square", "source": "our list"}),
        ("two sources, a bank and its machine", {"name": "Anchor Bank"}, {
            "name": "Anchor Bank ATM", "source": "our list"
        }),
        ("two sources, one of several", {"name": "Anchor Hall 1"}, {"name": "Anchor Hall 2", "source": "our list"}),
        ("no word in common and no contact", {"name": "!!!"}, {"name": "???"}),
        ("the same social network is no company site", {"website": "https://facebook.com/a"}, {
            "website": "https://facebook.com/b", "name": "Anchor Harbour"
        }),
    ],
)  # fmt: skip
def test_two_businesses_stay_apart(
    why: str, first: Mapping[str, object], second: Mapping[str, object]
) -> None:
    records = [read(place("node/1", **first), "FI"), read(place("node/2", **second), "FI")]
    assert len(groups(records)) == 2, why


def test_the_same_record_found_twice_is_one_wherever_it_claims_to_be() -> None:
    records = [read(place("node/1", **PHONE), "FI"), read(place("node/1", **OTHER_PHONE), "FI")]
    assert len(groups(records)) == 1


def test_a_record_without_address_never_joins_two_addresses() -> None:
    parts = [
        place("node/1", **HERE),
        place("node/2"),
        place("node/3", street="Pier Street", housenumber="7"),
    ]
    for order in permutations(parts):
        merged = groups([read(one, "FI") for one in order])
        assert all(len({one.numbers for one in group if one.numbers}) <= 1 for group in merged)


def test_a_row_of_records_never_stretches_a_business_beyond_150_m() -> None:
    records = [read(place(f"node/{step}", **north(step * 50)), "FI") for step in range(20)]
    for group in groups(records):
        lats = [record.place.point[0] for record in group]
        assert (max(lats) - min(lats)) / METRE <= 150.001


@pytest.mark.parametrize("lat", [0.0, 60.0, -60.0, 89.9])
def test_neighbours_are_found_across_the_cells_of_the_grid(lat: float) -> None:
    for step in range(40):
        shift = step * 7.3 * METRE
        records = [
            read(place("node/1", lat=lat - shift, lon=-0.00001), "FI"),
            read(place("node/2", lat=lat - shift, lon=0.00001), "FI"),
        ]
        assert len(groups(records)) == 1


def test_nothing_is_lost_and_the_order_stays() -> None:
    records = [read(full_place(f"node/{n}", name=f"Name {n // 2}", lat=60 + n // 2), "FI") for n in range(10)]
    merged = groups(records)
    assert [record.origin.ref for group in merged for record in group] == [f"node/{n}" for n in range(10)]
    assert groups([]) == []


def chain(size: int) -> list[Record]:
    """Branches of one name, each in its own place."""
    return [
        read(
            full_place(f"node/{n}", housenumber=str(n), lat=60 + (n % 70) * 0.001, lon=25 + n // 70 * 0.002),
            "FI",
        )
        for n in range(size)
    ]


def calls_to_group(records: list[Record]) -> int:
    """How many functions are called on the way; a measure of work that no busy machine changes."""
    called = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal called
        called += event == "call"

    sys.setprofile(count)
    try:
        found = groups(records)
    finally:
        sys.setprofile(None)
    assert len(found) == len(records)
    return called


def test_the_work_for_a_chain_grows_with_its_branches_and_not_with_their_square() -> None:
    assert calls_to_group(chain(2_100)) < 4 * calls_to_group(chain(700))
