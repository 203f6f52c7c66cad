"""The places of AllThePlaces in the catalogue, run after run."""

from __future__ import annotations

from pathlib import Path

import pytest

from services import catalogue
from services.catalogue import Order
from services.importing import Summary
from tests.support.alltheplaces import collection, feature, run_of
from tests.support.servers import Database, rows


def run(folder: Path, day: int, **files: str) -> Summary:
    path = run_of(folder / f"{day}.zip", {f"{name}.geojson": text for name, text in files.items()})
    return catalogue.import_alltheplaces(Order(path=path, name="atp"))


def shown(database: Database) -> list[str]:
    found = rows(database.owner_url, "select source_ref from places where gone_at is null order by id")
    return [str(ref) for (ref,) in found]


def test_a_run_says_what_is_new_changed_and_gone(database: Database, tmp_path: Path) -> None:
    first = run(
        tmp_path, 1, crumb_fi=collection(feature(1), feature(2), feature(3, shop=None, amenity="atm"))
    )
    assert (first.added, first.most_apart) == (2, (("amenity=atm", 1),))
    # A spider that failed says nothing of its places.
    broken = run(tmp_path, 2, crumb_fi=collection(feature(1, phone="+358 9 1234567"))[:-4], other="")
    assert (broken.changed, broken.hidden, broken.kept) == (1, 0, 1)
    assert broken.problems == (
        "2: crumb_fi: the file was cut off",
        "3: other: the file is empty",
    )
    assert shown(database) == ["crumb_fi/1", "crumb_fi/2"]
    then = run(tmp_path, 3, crumb_fi=collection(feature(1), feature(4)))
    assert (then.added, then.changed, then.hidden) == (1, 1, 1)
    assert shown(database) == ["crumb_fi/1", "crumb_fi/4"]
    said = rows(database.owner_url, "select distinct source, licence, attribution from places")
    assert said == [("alltheplaces", "CC0-1.0", "All the Places, alltheplaces.xyz")]


def test_an_interrupted_import_goes_on_behind_its_last_batch(database: Database, tmp_path: Path) -> None:
    path = run_of(
        tmp_path / "run.zip",
        {
            f"s{part}.geojson": collection(*(feature(part * 2250 + number) for number in range(2250)))
            for part in range(2)
        },
    )

    class Interrupted(Exception):
        pass

    def interrupt(_: int) -> None:
        raise Interrupted

    order = Order(path=path, name="atp")
    with pytest.raises(Interrupted):
        catalogue.import_alltheplaces(order, interrupt)
    kept = len(shown(database))
    assert 0 < kept < 4500
    assert catalogue.import_alltheplaces(order).added == 4500
