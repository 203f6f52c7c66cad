"""Overture's places in the catalogue: release after release, beside those of OpenStreetMap."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.place import Area
from services import catalogue
from services.catalogue import Order
from services.errors import Invalid
from services.importing import Summary
from store import places
from store.database import Role, transaction
from store.places import Cursor
from tests.support.catalogue import fill, query
from tests.support.catalogue import row as on_map
from tests.support.overture import places_file, row, source
from tests.support.servers import Database, rows


def release(folder: Path, day: int, *given: dict[str, Any], **options: Any) -> Summary:  # noqa: ANN401
    path = places_file(folder / f"{day}.parquet", given, group_rows=2)
    return catalogue.import_overture(
        Order(path=path, name="overture", observed_on=date(2026, 8, day), **options)
    )


def shown(database: Database) -> list[str]:
    found = rows(database.owner_url, "select name from places where gone_at is null order by name")
    return [str(name) for (name,) in found]


def test_a_release_says_what_is_new_changed_closed_and_gone(database: Database, tmp_path: Path) -> None:
    everything = [row(number) for number in range(1, 7)]
    first = release(tmp_path, 1, *everything, row(7, category="park"), row(8, taxonomy=None))
    assert (first.added, first.changed, first.apart) == (6, 0, 2)
    assert dict(first.most_apart) == {"park": 1, "without a category": 1}
    later = [
        row(1),
        row(2, names={"primary": "Grin 2"}),
        row(3, phones=["+358 9 1234567"]),
        row(4, operating_status="permanently_closed", confidence=0.0),
        row(5, geometry=b"junk"),
        row(9),
    ]
    then = release(tmp_path, 19, *later)
    assert (then.added, then.changed, then.updated - then.changed) == (1, 2, 1)
    assert (then.closed, then.hidden, then.bad_records) == (1, 1, 1)
    assert then.problems == ("5: geometry: not a point",)
    assert shown(database) == ["Grin 2", "Smile 1", "Smile 3", "Smile 5", "Smile 9"]
    assert release(tmp_path, 19, *later).was_known


def test_a_box_hides_nothing_that_lies_outside(database: Database, tmp_path: Path) -> None:
    far = row(9, at=(62.0, 25.0))
    release(tmp_path, 1, row(1), row(2), far)
    then = release(tmp_path, 19, row(1, names={"primary": "Grin"}), far, box=(59.0, 24.0, 61.0, 26.0))
    assert (then.changed, then.hidden, then.added) == (1, 1, 0)
    # A file that holds a town alone says nothing of another one, also without a box.
    assert release(tmp_path, 20, row(1), row(3), row(4)).hidden == 0
    assert shown(database) == ["Smile 1", "Smile 3", "Smile 4", "Smile 9"]
    with pytest.raises(Invalid, match="--bbox"):
        release(tmp_path, 21, row(1), box=(61.0, 24.0, 59.0, 26.0))


def test_an_interrupted_import_goes_on_behind_its_last_batch(database: Database, tmp_path: Path) -> None:
    path = places_file(tmp_path / "part.parquet", [row(number) for number in range(5000)])

    class Interrupted(Exception):
        pass

    def interrupt(_: int) -> None:
        raise Interrupted

    order = Order(path=path, name="overture")
    with pytest.raises(Interrupted):
        catalogue.import_overture(order, interrupt)
    kept = len(shown(database))
    assert 0 < kept < 5000
    assert 0 < kept < 5000
    assert catalogue.import_overture(order).added == 5000
    ((position, state, day),) = rows(
        database.owner_url, "select position, state, observed_on from place_imports"
    )
    assert (position, state, day) == (5000, "done", date(2026, 8, 1))


def test_two_sources_stay_two_places_each_with_its_licence(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, on_map(1, name="Smile 1", category="amenity=dentist"))
    release(
        tmp_path,
        1,
        row(1, sources=[source("Foursquare", "Apache-2.0")]),
        row(2, category="divorce_and_family_law"),
    )
    said = rows(database.owner_url, "select source, licence, attribution from places order by id limit 2")
    assert said == [
        (
            "openstreetmap",
            "ODbL-1.0",
            "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright",
        ),
        ("overture", "Apache-2.0", "Overture Maps Foundation, overturemaps.org: © Foursquare Labs, Inc."),
    ]
    area = Area(label="Town", lat=60.0, lon=25.0, radius_km=5, country="FI")
    with transaction(Role.WEB) as conn:
        found, _ = places.search(conn, query("dentist", area=area), Cursor(), 10)
        finer, _ = places.search(conn, query("divorce lawyer", area=area), Cursor(), 10)
    assert {(place.source, place.licence) for place in found} == {
        ("openstreetmap", "ODbL-1.0"), ("overture", "Apache-2.0"),
    }  # fmt: skip
    # Finer than our kinds, by what Overture calls it.
    assert [place.name for place in finer] == ["Smile 2"]
