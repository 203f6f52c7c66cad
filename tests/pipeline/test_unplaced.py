"""Companies of registers, which state an address and no position, among records of other sources."""

from __future__ import annotations

from itertools import permutations

import pytest

from pipeline.discovery.businesses import from_records
from pipeline.discovery.duplicates import groups
from pipeline.discovery.records import is_gone, is_open, read
from pipeline.lead import Business
from pipeline.output.reasons import not_on_the_map
from pipeline.place import Place
from tests.pipeline.memory import METRE, TODAY, full_place, place

SITE = {"website": "https://anchor.example.com"}
HERE = {"street": "Pier Street", "housenumber": "5", "postcode": "00100", "city": "Town"}
OFFICE = {"street": "Ledger Lane", "housenumber": "1", "postcode": "00900", "city": "Far Town"}
SAME_CODE = {"postcode": "00100"}


def registered(ref: str = "1000001-1", /, **values: object) -> Place:
    """A company of the Finnish register."""
    tags = {
        "company:register": "prh",
        "company:number": ref,
        "company:founded": "2015-03-06",
        "company:status": "Registered",
    }
    given: dict[str, object] = {"source": "prh", "name": "Anchor Oy", "lat": None, "lon": None, "tags": tags}
    return place(ref, **(given | HERE | {"is_by_postcode": True} | values))


def on_map(number: int = 1, /, **values: object) -> Place:
    return place(f"node/{number}", **values)


def merged(*places: Place) -> list[set[str]]:
    """The records of each business, whatever order they come in."""
    found = []
    for order in permutations(places):
        made = groups([read(each, "FI") for each in order])
        found.append(sorted({record.origin.ref for record in group} for group in made))
    assert all(sorted(map(sorted, each)) == sorted(map(sorted, found[0])) for each in found)
    return found[0]


@pytest.mark.parametrize(
    ("why", "known", "values"),
    [
        ("name and postcode", SAME_CODE, {}),
        ("name and postcode, another street", HERE | {"street": "Market Square"}, {}),
        ("name and postcode, written apart", {"postcode": "001 00"}, {}),
        ("name, street and number in one town", {**HERE, "postcode": None}, {"postcode": None}),
        ("name and domain, another town", HERE | SITE, OFFICE | SITE),
        ("part of the name and domain", HERE | SITE | {"name": "Anchor Café"}, OFFICE | SITE),
        ("another legal form", SAME_CODE | {"name": "Anchor Ltd"}, {"name": "ANCHOR LIMITED"}),
    ],
)
def test_a_company_and_a_place_are_one(why: str, known: dict[str, object], values: dict[str, object]) -> None:
    assert merged(on_map(**known), registered(**values)) == [{"node/1", "1000001-1"}], why


@pytest.mark.parametrize(
    ("why", "known", "values"),
    [
        ("the same name in another postcode", HERE, OFFICE),
        ("another name in one postcode", HERE, {"name": "Buoy Oy"}),
        ("another name at one address", HERE | {"name": "Anchor Bakery"}, {"name": "Anchor Estates Oy"}),
        ("part of the name in one postcode", SAME_CODE, {"name": "Anchor Estates Oy"}),
        ("another name with one domain", HERE | SITE, {"name": "Buoy Oy"} | SITE),
        ("no address at all", {}, {"street": None, "housenumber": None, "postcode": None, "city": None}),
    ],
)
def test_a_company_and_a_place_are_two(why: str, known: dict[str, object], values: dict[str, object]) -> None:
    assert len(merged(on_map(**known), registered(**values))) == 2, why


def test_two_companies_of_one_owner_are_two_and_each_finds_its_own() -> None:
    estates = registered("1000002-8", name="Anchor Estates Oy", **SITE)
    both = merged(on_map(**HERE, **SITE), registered(**SITE), estates)
    assert {frozenset(each) for each in both} == {
        frozenset({"node/1", "1000001-1"}),
        frozenset({"1000002-8"}),
    }


def test_of_branches_a_company_is_that_at_its_address_and_no_other() -> None:
    far = {**HERE, "postcode": "00200", "lat": 60.0 + 3000 * METRE}
    at_home, elsewhere = on_map(1, **HERE, **SITE), on_map(2, **far, **SITE)
    both = merged(at_home, elsewhere, registered(**SITE))
    assert {frozenset(each) for each in both} == {frozenset({"node/1", "1000001-1"}), frozenset({"node/2"})}
    # Where no branch is at its office, nobody can tell which one it means.
    assert len(merged(at_home, elsewhere, registered(**OFFICE, **SITE))) == 3
    in_one_code = on_map(2, **{**far, "postcode": "00100", "housenumber": "90"})
    assert len(merged(on_map(1, **{**HERE, "housenumber": "70"}), in_one_code, registered())) == 3


def business(*places: Place) -> Business:
    (one,) = from_records([read(each, "FI") for each in places if is_open(each, TODAY)])
    return one


def test_a_merged_business_stays_where_it_is_and_gains_what_the_register_knows() -> None:
    known = on_map(**SAME_CODE, street="Market Square", housenumber="2")
    made = business(known, registered(name="ANCHOR OY", **SITE))
    assert (made.name, made.lat, made.lon) == ("Anchor", 60.0, 25.0)
    assert made.address == "Market Square 2, 00100"
    assert (made.website, made.provenance["website"].source) == ("https://anchor.example.com/", "prh")
    told = ("legal_name", "register", "company_number", "founded", "company_status", "registered_office")
    assert [made.value(name) for name in told] == [
        *("ANCHOR OY", "PRH, the Finnish register", "1000001-1", "2015-03-06", "Registered"),
        "Pier Street 5, 00100 Town",
    ]
    assert not_on_the_map(made) == ""


def test_a_registered_office_elsewhere_is_no_address_of_a_business() -> None:
    known = on_map(postcode="00100", city="Town", **SITE)
    made = business(known, registered(**OFFICE, **SITE))
    assert (made.address, made.postcode, made.city) == (None, "00100", "Town")
    assert made.value("registered_office") == "Ledger Lane 1, 00900 Far Town"
    here = business(on_map(**SAME_CODE), registered())
    assert (here.address, here.provenance["address"].source) == ("Pier Street 5, 00100 Town", "prh")


def test_a_company_alone_has_no_position_and_says_why() -> None:
    made = business(registered())
    assert (made.name, made.lat, made.lon) == ("Anchor Oy", None, None)
    assert not_on_the_map(made) == "Not on the map: its register states an address and no position."
    nowhere = business(on_map(lat=None, lon=None))
    assert not_on_the_map(nowhere) == "Not on the map: no source says where it is."


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_company_that_ended_casts_a_doubt_on_the_business_of_its_name_and_postcode(
    is_elsewhere: bool,
) -> None:
    ended = registered(tags={"operational_status": "closed"}, **(OFFICE if is_elsewhere else {}))
    assert is_gone(ended, TODAY)
    known = full_place("node/1", city="Town", website=None)
    (made,) = from_records([read(known, "FI")], gone=[read(ended, "FI")])
    assert made.value("doubt") == (None if is_elsewhere else "PRH Finland: closed")
