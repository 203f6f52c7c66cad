"""Searching the catalogue in a real Postgres."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import ProgrammingError

from jobs.catalogue_search import CatalogueSearch
from pipeline.place import PlaceQuery
from store import category_counts, localities, place_meaning, places
from store.database import Role, transaction
from tests.support.catalogue import CENTRE, fill, query, row
from tests.support.servers import Database


def _names(asked: PlaceQuery) -> list[str]:
    return [place.name for batch in CatalogueSearch().search(asked) for place in batch]


def _count(asked: PlaceQuery) -> int:
    with transaction(Role.WEB) as conn:
        return places.count(conn, asked)


def test_places_come_nearest_first_in_batches(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, *(row(number) for number in range(40)))
    with transaction(Role.WORKER) as conn:
        first, cursor = places.search(conn, query("cafe"), places.Cursor(), 30)
        assert cursor is not None
        second, end = places.search(conn, query("cafe"), cursor, 30)
    assert [place.name for place in [*first, *second]] == [f"Cup {number}" for number in range(40)]
    assert end is None


def test_a_search_stops_at_its_limit_and_its_radius(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, *(row(number) for number in range(40)))
    assert len(_names(query("cafe", limit=7))) == 7
    near = query("cafe", area=replace(CENTRE, radius_km=1.0))
    assert len(_names(near)) == _count(near) == 9


def test_the_count_is_what_the_search_finds(database: Database, tmp_path: Path) -> None:
    fill(
        tmp_path,
        *(row(number) for number in range(5)),
        row(5, category="shop=bakery"),
        row(6, category="shop=bakery", tags={"organic": "yes"}),
        row(7, category="amenity=bar", name="Organic Bar"),
    )
    for typed, found in [
        (("cafe",), 5),
        (("cafe", "bakery"), 7),
        (("cafe", "Cup 3"), 5),
        (("organic bakery",), 1),
        (("shop=bakery",), 2),
        (("dentist",), 0),
    ]:
        assert len(_names(query(*typed))) == _count(query(*typed)) == found, typed
    words = query("organic", by_name=True)
    assert len(_names(words)) == _count(words) == 2


def test_nothing_is_asked_for_when_no_type_is(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1))
    assert _names(PlaceQuery(types=(), area=CENTRE, limit=10)) == []


@pytest.mark.parametrize("typed", ["LÖYLY", "loyly", "löyl", "Ravintola Löyly", "saunan löyly"])
def test_words_are_found_without_case_and_accents(database: Database, tmp_path: Path, typed: str) -> None:
    fill(tmp_path, row(1, name="Saunan Ravintola Löyly", category="amenity=restaurant"), row(2))
    assert _names(query(typed, by_name=True)) == ["Saunan Ravintola Löyly"]


@pytest.mark.parametrize(
    "typed",
    ["'; drop table places;--", "a' & 'b", "cup:*", "!cup", "(cup", "\\", "%", "cup | mug", "' : * &"],
)
def test_hostile_words_are_only_words(database: Database, tmp_path: Path, typed: str) -> None:
    fill(tmp_path, row(1))
    _names(query(typed))
    assert _count(query("cafe")) == 1


def test_closed_and_ended_places_are_not_found(database: Database, tmp_path: Path) -> None:
    fill(
        tmp_path,
        row(1, opening_hours="closed"),
        row(2, tags={"abandoned": "yes"}),
        row(3, tags={"end_date": "2020"}),
        row(4, tags={"end_date": "2999"}),
        row(5, name=None),
    )
    assert _names(query("cafe")) == ["Cup 4"]


def test_a_search_reaches_over_the_date_line(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1, lat=0, lon=179.99), row(2, lat=0, lon=-179.99))
    area = replace(CENTRE, lat=0, lon=179.999, radius_km=5)
    assert sorted(_names(query("cafe", area=area))) == ["Cup 1", "Cup 2"]


def test_values_come_back_as_they_were_recorded(database: Database, tmp_path: Path) -> None:
    fill(
        tmp_path,
        row(1, name="Café “Ö”", phone="(09) 1", country="FI", tags={"name:sv": "Ö"}, cuisine="coffee;tea"),
    )
    ((place,),) = CatalogueSearch().search(query("cafe"))
    assert (place.source, place.source_ref, place.name) == ("openstreetmap", "node/1", "Café “Ö”")
    assert (place.phone, place.country, place.website) == ("(09) 1", "FI", None)
    assert place.tags == {"name:sv": "Ö", "cuisine": "coffee;tea"}
    assert str(place.observed_on) == "2024-01-01"


def test_the_backdrop_is_points_of_the_area(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, *(row(number) for number in range(60)))
    with transaction(Role.WEB) as conn:
        drawn = places.backdrop(conn, CENTRE, limit=10)
    assert len(drawn) == len(set(drawn)) == 10
    assert all(60 <= lat < 60.05 for lat, _ in drawn)


def test_localities_are_offered_and_found(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1), row(2, city=None), row(9, city="Vila", lat=40, lon=-8))
    with transaction(Role.WORKER) as conn:
        assert localities.names(conn, 10) == ("Town", "Vila")
        area = place_meaning.locate(conn, "TOWN, Finland", None)
        assert area is not None
        assert (area.label, area.country) == ("Town", "FI")
        assert place_meaning.locate(conn, "asdfqwer", None) is None
        wider = place_meaning.locate(conn, "town", 30)
        assert wider is not None
        assert wider.radius_km == 30
        point = place_meaning.locate(conn, "60.0, 25.0", None)
        assert point is not None
        assert (point.label, point.radius_km, point.country) == ("60, 25", 5, "FI")
        sea = place_meaning.locate(conn, "0,0", 1)
        assert sea is not None
        assert sea.country is None


def test_counts_of_categories_are_kept(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1), row(2), row(3, category="shop=bakery"))
    with transaction(Role.WEB) as conn:
        assert category_counts.all_of(conn) == {"amenity=cafe": 2, "shop=bakery": 1}


@pytest.mark.parametrize("role", [Role.WEB, Role.WORKER, Role.ADMIN, Role.SYSTEM])
def test_only_the_importer_may_write(database: Database, role: Role) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(role) as conn:
        localities.renew(conn)


def test_rings_outwards_leave_nothing_out_and_keep_the_order(database: Database, tmp_path: Path) -> None:
    """From within a kilometre to far beyond the fine cells, by categories and by words."""
    fill(tmp_path, *(row(number, lat=60.0 + number * number / 4000) for number in range(60)))
    far = replace(CENTRE, radius_km=100)
    for asked in (query("cafe", area=far), query("cup", area=far)):
        assert _names(asked) == [f"Cup {number}" for number in range(60)]
    with transaction(Role.WORKER) as conn:
        first, cursor = places.search(conn, query("cafe", area=far), places.Cursor(), 25)
        assert cursor is not None
        rest, end = places.search(conn, query("cafe", area=far), cursor, 100)
    assert [place.name for place in [*first, *rest]] == [f"Cup {number}" for number in range(60)]
    assert end is None
