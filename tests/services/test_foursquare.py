"""Foursquare's places in the catalogue: release after release, with the notice that has to be kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pipeline.place import Area
from services import catalogue
from services.catalogue import Order
from services.importing import Summary
from store import places
from store.database import Role, transaction
from store.places import Cursor
from tests.support.catalogue import query
from tests.support.foursquare import places_file, row
from tests.support.servers import Database, rows


def release(folder: Path, day: int, *given: dict[str, Any]) -> Summary:
    path = places_file(folder / f"{day}.parquet", given)
    return catalogue.import_foursquare(Order(path=path, name="foursquare", observed_on=date(2026, 8, day)))


def test_a_release_says_what_is_new_changed_closed_and_gone(database: Database, tmp_path: Path) -> None:
    lawyer = ["Business and Professional Services > Legal Service > Divorce Lawyer"]
    first = release(tmp_path, 1, *(row(number) for number in range(1, 5)), row(5, fsq_category_labels=lawyer))
    assert (first.added, first.apart) == (5, 0)
    then = release(
        tmp_path,
        19,
        row(1),
        row(2, name="Grin"),
        row(3, date_closed="2026-08-02"),
        row(5, fsq_category_labels=lawyer),
        row(6, fsq_category_labels=["Landmarks and Outdoors > Park"]),
    )
    assert (then.added, then.changed, then.closed, then.hidden) == (0, 1, 1, 1)
    assert then.most_apart == (("park", 1),)
    area = Area(label="Town", lat=60.0, lon=25.0, radius_km=5, country="FI")
    with transaction(Role.WEB) as conn:
        found, _ = places.search(conn, query("dentist", area=area), Cursor(), 10)
        finer, _ = places.search(conn, query("divorce lawyer", area=area), Cursor(), 10)
    assert [place.name for place in found] == ["Smile 1", "Grin"]
    # Finer than our kinds, by what Foursquare calls it.
    assert [place.name for place in finer] == ["Smile 5"]
    assert rows(database.owner_url, "select distinct source, licence, attribution from places") == [
        (
            "foursquare",
            "Apache-2.0",
            "Foursquare OS Places, Copyright 2024 Foursquare Labs, Inc. All rights reserved.",
        )
    ]
