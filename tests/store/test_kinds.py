"""A place is found by everything it is, and stored places get that from their tags."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg2

import settings
from jobs.catalogue_search import CatalogueSearch
from services import catalogue
from store import category_counts
from store.database import Role, transaction
from tests.support.catalogue import fill, places_file, query, row
from tests.support.servers import Database

_ROWS = (
    row(1, name="Tread", category="shop=tyres", tags={"shop": "tyres;car_repair"}),
    row(2, name="Ledger", category="shop=accountant", tags={"office": "accountant"}),
    row(3, name="Inn", category="amenity=pub", tags={"tourism": "hotel"}),
    row(4, name="Slice", category="amenity=restaurant", cuisine="pasta; pizza"),
    row(5, name="Plate", category="amenity=restaurant", cuisine="pizza_bagel"),
    row(6, name="Asana", category="leisure=fitness_centre", tags={"sport": "yoga"}),
    row(7, name="Weights", category="leisure=fitness_centre"),
    row(8, name="Rubber", category="shop=car_repair", tags={"service:vehicle:tyres": "yes"}),
)


def _names(typed: str) -> set[str]:
    return {place.name for batch in CatalogueSearch().search(query(typed)) for place in batch}


def test_a_place_is_found_by_everything_it_is(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, *_ROWS)
    assert _names("car repair") == {"Tread", "Rubber"}
    assert _names("tyre shop") == {"Tread", "Rubber"}
    assert _names("accountant") == {"Ledger"}
    assert _names("hotel") == {"Inn"}
    assert _names("pizzeria") == {"Slice"}
    assert _names("restaurant") == {"Slice", "Plate"}
    assert _names("yoga") == {"Asana"}
    with transaction(Role.WEB) as conn:
        assert category_counts.all_of(conn)["amenity=restaurant+cuisine=pizza"] == 1


def test_a_newer_record_takes_its_kinds_along(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, *_ROWS)
    fill(tmp_path, row(4, name="Slice", category="amenity=restaurant", cuisine="sushi"))
    assert (_names("pizzeria"), _names("sushi")) == (set(), {"Slice"})


def test_places_stored_before_get_what_an_import_writes(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, *_ROWS)
    script = (settings.PROJECT_ROOT / "migrations/sql/0017_kinds.sql").read_text()
    read = "select source_ref, kind from place_kinds k join places p on p.id = k.place_id"
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        cursor.execute(read)
        written = set(cursor.fetchall())
        cursor.execute("delete from place_kinds")
        cursor.execute(script[script.index("with mains") :])
        cursor.execute(read)
        assert set(cursor.fetchall()) == written
    assert len(written) == 8


def test_an_older_record_of_another_import_leaves_the_kinds_alone(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(4, category="amenity=restaurant", cuisine="sushi"))
    old = places_file(tmp_path, row(4, category="amenity=restaurant", cuisine="pizza"))
    catalogue.import_places(catalogue.Order(path=old, name="older", observed_on=date(2023, 1, 1)))
    assert (_names("pizzeria"), _names("sushi")) == (set(), {"Cup 4"})
