from __future__ import annotations

from services import catalogue
from tests.support.servers import Database


def test_first_fill_loads_the_shipped_places_once(database: Database) -> None:
    catalogue.ensure_first_fill()
    catalogue.ensure_first_fill()
    assert {row.name: row.places for row in catalogue.sources()} == {"helsinki-core": 1248, "helsinki-localities": 0}
