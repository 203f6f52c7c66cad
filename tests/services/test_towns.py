"""The towns of a country, a state or a county."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services import catalogue, towns
from services.errors import Invalid, NotFound
from tests.support.catalogue import places_file, row
from tests.support.servers import Database


@pytest.fixture(autouse=True)
def two_states(database: Database, redis_url: str, tmp_path: Path) -> None:
    texas, ohio = ({"addr:state": code, "addr:country": "US"} for code in ("TX", "OH"))
    rows = [
        row(number, city=city, tags=texas, lat=30.0 + number / 1000, lon=-97.0)
        for number, city in enumerate(["Austin"] * 3 + ["Waco"] * 2)
    ]
    order = catalogue.Order(
        path=places_file(tmp_path, *rows, row(90, city="Columbus", tags=ohio, lat=40.0, lon=-83.0)),
        name="test",
        country="US",
        observed_on=date(2024, 1, 1),
    )
    catalogue.import_places(order)


def test_a_state_expands_to_its_towns_the_largest_first() -> None:
    found = towns.within("Texas")
    assert [(town.label.partition(",")[0], town.businesses) for town in found] == [("Austin", 3), ("Waco", 2)]


def test_a_country_expands_to_all_of_them() -> None:
    assert {town.label.partition(",")[0] for town in towns.within("United States")} == {
        "Austin",
        "Waco",
        "Columbus",
    }


def test_what_is_none_is_told_so() -> None:
    with pytest.raises(Invalid, match="no country, state or county"):
        towns.within("Austin")
    with pytest.raises(Invalid, match="no country, state or county"):
        towns.within("Nowhereland")
    with pytest.raises(NotFound, match="No town"):
        towns.within("France")
