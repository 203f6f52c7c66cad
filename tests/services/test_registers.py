"""Registers in the catalogue: companies without a position, found by the middle of their postcode, and what campaigns
make of them beside places of the map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jobs.catalogue_search import CatalogueSearch
from pipeline.discovery.businesses import from_records
from pipeline.discovery.records import is_open, read
from pipeline.lead import Business
from pipeline.output.credits import credits_of, licences
from services import catalogue
from services.catalogue import Order
from services.errors import Invalid
from services.importing import Summary
from store import place_meaning, places
from store.database import Role, transaction
from tests.support.catalogue import CENTRE, fill, query, row
from tests.support.registers import address, answer, business_id, company, house, line, name, table
from tests.support.servers import Database, rows

TODAY = date(2026, 11, 26)
POINTS = "postcode,latitude,longitude\nAB1 2CD,60.02,25.0\n"


def prh(folder: Path, day: int, *companies: dict[str, Any], postcodes: Path | None = None) -> Summary:
    path = answer(folder / f"{day}.json", *companies)
    return catalogue.import_prh(
        Order(path=path, name="prh", observed_on=date(2026, 8, day), postcodes=postcodes)
    )


def town(folder: Path) -> None:
    """Two cafés of the map whose middle is 333 m north of the centre."""
    fill(folder, row(2, postcode="00100"), row(4, postcode="00 100"), row(30, postcode="00900"))


def found(km: float = 5) -> list[Business]:
    """What a campaign for cafés makes of the catalogue."""
    asked = query("cafe", area=replace(CENTRE, radius_km=km))
    some = [place for batch in CatalogueSearch().search(asked) for place in batch]
    return from_records([read(place, "FI") for place in some if is_open(place, TODAY)])


def state(database: Database) -> dict[str, bool]:
    """Companies of the register, and whether each is shown."""
    told = rows(database.owner_url, "select name, gone_at is null from places where source = 'prh'")
    return {str(called): bool(is_shown) for called, is_shown in told}


def test_a_release_says_what_is_new_changed_closed_gone_and_unplaced(
    database: Database, tmp_path: Path
) -> None:
    town(tmp_path)
    nowhere = company(9, addresses=[address("9", postCode="99999")])
    given = [company(number) for number in range(1, 5)]
    first = prh(
        tmp_path, 1, *given, nowhere, company(8, addresses=[]), company(7, mainBusinessLine=line("68202", ""))
    )
    assert (first.added, first.unplaced, first.apart, first.left_out) == (4, 2, 1, 0)
    then = prh(
        tmp_path,
        19,
        company(1),
        company(2, names=[name("Mug 2 Oy")]),
        company(3, endDate="2026-08-02"),
        company(9, endDate="2026-08-02", addresses=[address("9", postCode="99999")]),
    )
    assert (then.added, then.changed, then.closed, then.hidden) == (0, 1, 1, 1)
    assert (then.unplaced, then.left_out) == (0, 2)
    assert state(database) == {"Cup 1 Oy": True, "Cup 3 Oy": False, "Cup 4 Oy": False, "Mug 2 Oy": True}
    again = prh(
        tmp_path, 19, company(1), company(2, names=[name("Mug 2 Oy")]), company(3, endDate="2026-08-02")
    )
    assert again.closed == 0


def test_a_company_is_found_by_its_postcode_and_has_no_position(database: Database, tmp_path: Path) -> None:
    town(tmp_path)
    prh(tmp_path, 1, company(1))
    (point,) = rows(database.owner_url, "select lat, lon, is_by_postcode from places where source = 'prh'")
    assert point == (pytest.approx(60.003), 25.0, True)
    assert [business.name for business in found(0.35)] == ["Cup 2", "Cup 1 Oy"]
    assert [business.name for business in found(0.32)] == ["Cup 2"]
    (made,) = (business for business in found() if business.name == "Cup 1 Oy")
    assert (made.lat, made.lon, made.address) == (None, None, "Pier Street 1, 00100 Town")
    assert licences(credits_of(made.origins)).startswith("Creative Commons Attribution 4.0")
    with transaction(Role.WEB) as conn:
        # By its address it belongs to its town, and no map behind a form shows a point of it.
        area = place_meaning.locate(conn, "Town", None)
        assert area is not None
        assert places.count(conn, query("cafe", area=area)) == 4
        assert len(places.backdrop(conn, CENTRE)) == 3


def test_a_company_and_a_place_of_one_name_and_postcode_are_one_lead(
    database: Database, tmp_path: Path
) -> None:
    fill(tmp_path, row(1, name="Cup 1", postcode="00100"), row(5, name="Cup 5", postcode="00500"))
    site = {"url": "www.cup-1.example.com"}
    prh(tmp_path, 1, company(1, website=site), company(5), company(6))
    made = {business.name: business for business in found()}
    assert sorted(made) == ["Cup 1", "Cup 5", "Cup 5 Oy", "Cup 6 Oy"]
    both = made["Cup 1"]
    assert [origin.source for origin in both.origins] == ["openstreetmap", "prh"]
    assert (both.lat, both.domain, both.value("founded")) == (60.001, "example.com", "2015-03-06")
    assert (both.value("company_number"), both.value("legal_name")) == (business_id(1), "Cup 1 Oy")
    assert made["Cup 5"].lat == 60.005


def test_what_was_left_out_comes_in_with_more_places_or_a_file_of_postcodes(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(table([house(1), house(2, PostCode="AB9 9ZZ"), house(3, Country="FRANCE")]))
    order = Order(path=path, name="uk", observed_on=date(2026, 8, 1))
    first = catalogue.import_companies_house(order)
    assert (first.added, first.unplaced) == (0, 3)
    points = tmp_path / "points.csv"
    points.write_text(POINTS)
    then = catalogue.import_companies_house(replace(order, postcodes=points))
    assert (then.added, then.unplaced) == (1, 2)
    assert catalogue.import_companies_house(replace(order, postcodes=points)).was_known
    # It is kept, and places that state the postcode, too, do not move what somebody gave.
    fill(tmp_path, row(1, postcode="AB1 2CD", country="GB"), row(2, postcode="AB9 9ZZ", country="GB"))
    last = catalogue.import_companies_house(order)
    assert (last.added, last.unplaced) == (1, 1)
    told = rows(
        database.owner_url, "select source_ref, lat, licence from places where is_by_postcode order by 1"
    )
    assert told == [("00000001", 60.02, "OGL-UK-3.0"), ("00000002", 60.002, "OGL-UK-3.0")]


def test_a_company_of_which_no_point_is_known_any_more_stays_as_it_was(
    database: Database, tmp_path: Path
) -> None:
    town(tmp_path)
    prh(tmp_path, 1, company(1), company(2))
    longest = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(1_900))
    fill(tmp_path, row(2, postcode="00900"), row(4, postcode="00900"), row(30, postcode=longest))
    then = prh(tmp_path, 19, company(1), company(2))
    assert (then.unplaced, then.hidden, then.kept) == (2, 0, 0)
    assert state(database) == {"Cup 1 Oy": True, "Cup 2 Oy": True}


def test_a_file_is_not_observed_after_today(database: Database, tmp_path: Path) -> None:
    town(tmp_path)
    path = answer(tmp_path / "ahead.json", company(1, lastModified="2099-01-01 00:00:00"))
    catalogue.import_prh(Order(path=path, name="prh"))
    told = rows(database.owner_url, "select observed_on = current_date from places where source = 'prh'")
    assert told == [(True,)]


def test_a_file_of_postcodes_that_cannot_be_read_changes_nothing(database: Database, tmp_path: Path) -> None:
    town(tmp_path)
    bad = tmp_path / "points.csv"
    bad.write_text("name,town\n")
    with pytest.raises(Invalid, match=r"points\.csv has no columns postcode, latitude and longitude"):
        prh(tmp_path, 1, company(1), postcodes=bad)
    with pytest.raises(Invalid, match=r"gone\.csv does not exist"):
        prh(tmp_path, 1, company(1), postcodes=tmp_path / "gone.csv")
    assert state(database) == {}


def test_of_a_file_that_was_cut_off_what_came_before_is_stored_and_nothing_is_hidden(
    database: Database, tmp_path: Path
) -> None:
    town(tmp_path)
    prh(tmp_path, 1, company(3))
    path = answer(tmp_path / "cut.json", company(1), company(2))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(
        Invalid, match=r"cut\.json was cut off; what comes before was read\. 1 place was stored\."
    ):
        catalogue.import_prh(Order(path=path, name="prh"))
    assert state(database) == {"Cup 1 Oy": True, "Cup 3 Oy": True}


def test_an_interrupted_import_goes_on_where_it_stopped(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1, postcode="AB1 2CD", country="GB"))
    path = tmp_path / "companies.csv"
    path.write_text(table(house(number) for number in range(1, 4_501)))
    order = Order(path=path, name="uk", observed_on=date(2026, 8, 1))
    steps: list[int] = []

    def torn(number: int) -> None:
        steps.append(number)
        if len(steps) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalogue.import_companies_house(order, torn)
    steps.append(0)
    then = catalogue.import_companies_house(order, torn)
    # Of what was stored nothing is read again, and what it came to is counted over both.
    assert (then.added, sum(steps[2:])) == (4_500, 4_500)
    assert steps[2] >= 2_000
