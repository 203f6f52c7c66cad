"""Importing files into the catalogue, again and again, whole and broken."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services import catalogue
from services.catalogue import Order
from services.errors import Invalid
from services.importing import Summary
from tests.support.catalogue import fill, places_file, row
from tests.support.servers import Database, rows


def _shown(database: Database) -> list[str]:
    found = rows(database.owner_url, "select name from places where gone_at is null order by name")
    return [str(name) for (name,) in found]


def test_first_fill_loads_the_shipped_places_once(database: Database) -> None:
    catalogue.ensure_first_fill()
    catalogue.ensure_first_fill()
    loaded = {item.name: (item.places, item.observed_on) for item in catalogue.sources()}
    assert loaded == {
        "helsinki-core": (1248, date(2019, 4, 21)),
        "helsinki-localities": (0, date(2019, 4, 21)),
    }
    assert len(_shown(database)) == 1248
    assert len(catalogue.backdrop("Helsingfors", None)) == 400


def test_the_same_file_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    first = fill(tmp_path, row(1), row(2))
    assert (first.added, first.updated, first.was_known) == (2, 0, False)
    assert fill(tmp_path, row(1), row(2)).was_known


def test_a_newer_file_updates_adds_and_hides(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1), row(2), row(3), row(4))
    newer = fill(
        tmp_path,
        row(1, name="Mug"),
        row(2),
        row(3, opening_hours="closed"),
        row(5),
        observed_on=date(2025, 1, 1),
    )
    assert (newer.added, newer.updated, newer.left_out) == (1, 2, 1)
    assert _shown(database) == ["Cup 2", "Cup 5", "Mug"]


def test_an_older_file_takes_nothing_back(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1, name="New"))
    fill(tmp_path, row(1, name="Old"), row(2), observed_on=date(2020, 1, 1))
    assert _shown(database) == ["Cup 2", "New"]


def test_a_place_that_came_back_is_shown_again(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1), row(2))
    fill(tmp_path, row(1), observed_on=date(2025, 1, 1))
    assert _shown(database) == ["Cup 1"]
    fill(tmp_path, row(1), row(2), row(3), observed_on=date(2025, 1, 2))
    assert _shown(database) == ["Cup 1", "Cup 2", "Cup 3"]


def test_bad_lines_are_counted_and_listed(database: Database, tmp_path: Path) -> None:
    summary = fill(tmp_path, row(1), row(2, lat=99), row(3, category="amenity=school"), row(4, name=" "))
    assert (summary.added, summary.bad_records, summary.left_out) == (1, 2, 1)
    assert [problem.split(":")[0] for problem in summary.problems] == ["2", "3"]


def test_the_same_place_twice_in_a_file_is_one(database: Database, tmp_path: Path) -> None:
    assert fill(tmp_path, row(1), row(1, name="Last")).added == 1
    assert _shown(database) == ["Last"]


def test_a_file_cut_short_keeps_what_was_read_and_the_whole_one_completes_it(
    database: Database, tmp_path: Path
) -> None:
    whole = places_file(
        tmp_path, *(row(number, name=f"Cup {number * 7919 % 10007}") for number in range(5000))
    )
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(whole.read_bytes()[:-1000])
    with pytest.raises(Invalid, match=r"cut.jsonl.gz is damaged or cut short.* places were stored"):
        catalogue.import_places(Order(path=cut, name="test"))
    kept = len(_shown(database))
    assert 2000 < kept < 5000
    assert catalogue.sources() == ()
    summary = catalogue.import_places(Order(path=whole, name="test"))
    assert (summary.added, summary.updated) == (5000 - kept, kept)


def test_an_interrupted_import_goes_on_behind_its_last_batch(database: Database, tmp_path: Path) -> None:
    order = Order(path=places_file(tmp_path, *(row(number) for number in range(5000))), name="test")

    class Interrupted(Exception):
        pass

    def interrupt(_: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        catalogue.import_places(order, interrupt)
    kept = len(_shown(database))
    assert 0 < kept < 5000
    assert catalogue.import_places(order).added == 5000
    assert len(_shown(database)) == 5000


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"path": "missing.jsonl.gz"}, "does not exist"),
        ({"path": "."}, "is a folder"),
        ({"country": "Atlantis"}, "is no country"),
        ({"name": "x" * 101}, "--name"),
        ({"observed_on": datetime.now(UTC).date() + timedelta(days=2)}, "in the future"),
    ],
)
def test_an_order_that_cannot_be_carried_out_says_why(
    database: Database, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    places_file(tmp_path, row(1))
    values: dict[str, object] = {"name": "test", "path": "places.jsonl.gz", **changes}
    path = tmp_path / str(values.pop("path"))
    with pytest.raises(Invalid, match=said):
        catalogue.import_places(Order(path=path, **values))  # type: ignore[arg-type]


def test_an_openstreetmap_extract_is_imported_with_its_localities(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "town.osm"
    path.write_text(
        """<osm version="0.6">
        <node id="1" lat="60" lon="25" timestamp="2024-02-03T00:00:00Z" version="1">
          <tag k="name" v="Cup"/><tag k="amenity" v="cafe"/></node>
        <node id="2" lat="60" lon="25" timestamp="2024-02-03T00:00:00Z" version="1">
          <tag k="name" v="Gone"/><tag k="shop" v="books"/><tag k="disused:shop" v="books"/></node>
        <node id="3" lat="60.001" lon="25" timestamp="2024-02-03T00:00:00Z" version="1">
          <tag k="name" v="Borgå"/><tag k="name:fi" v="Porvoo"/><tag k="place" v="town"/></node>
        </osm>"""
    )
    summary = catalogue.import_osm(Order(path=path, country="Finland"))
    assert (summary.name, summary.added, summary.left_out) == ("town", 1, 1)
    (source,) = catalogue.sources()
    assert (source.observed_on, source.places) == (date(2024, 2, 3), 1)
    assert catalogue.backdrop("porvoo, finland", None) == ((60.0, 25.0),)
    assert catalogue.import_osm(Order(path=path, country="Finland")).was_known


def test_a_file_of_another_kind_is_refused(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("name,city\nCup,Town\n")
    with pytest.raises(Invalid, match="is not a JSON-lines file of places"):
        catalogue.import_places(Order(path=path))
    with pytest.raises(Invalid, match="cannot be read as OpenStreetMap data"):
        catalogue.import_osm(Order(path=path))


def test_the_backdrop_of_an_unknown_place_is_empty(database: Database) -> None:
    assert catalogue.backdrop("asdfqwer", None) == ()
    assert catalogue.backdrop("91,181", None) == ()


def test_a_file_without_a_usable_place_hides_nothing(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1))
    for bad in ([], [row(2, lat=99)]):
        with pytest.raises(Invalid, match=r"holds no place that can be used"):
            fill(tmp_path, *bad, observed_on=date(2025, 1, 1))
    assert _shown(database) == ["Cup 1"]


def _countries(database: Database) -> dict[object, object]:
    return {
        name: country
        for name, country in rows(database.owner_url, "select name, country from places order by name")
    }


def _import(path: Path, **options: Any) -> Summary:  # noqa: ANN401 - options of an order
    return catalogue.import_places(Order(path=path, name="test", **options))


def test_the_country_of_an_import_holds_for_places_that_name_none(database: Database, tmp_path: Path) -> None:
    fill(
        tmp_path,
        row(1),
        row(2, country="SE"),
        row(3, country="UK"),
        row(4, country="Finland"),
        row(5, country="??"),
    )
    assert list(_countries(database).values()) == ["FI", "SE", "GB", "FI", "FI"]


def test_what_was_imported_without_a_country_or_day_is_repaired_by_importing_again(
    database: Database, tmp_path: Path
) -> None:
    path = places_file(tmp_path, row(1), row(2))
    assert _import(path).added == 2
    assert _import(path, country="FI").updated == 2
    assert list(_countries(database).values()) == ["FI", "FI"]
    assert _import(path, observed_on=date(2025, 1, 1)).updated == 2
    assert _import(path, observed_on=date(2024, 1, 1)).updated == 2
    assert _import(path).was_known
    (source,) = catalogue.sources()
    assert (source.observed_on, source.places) == (date(2024, 1, 1), 2)
    assert list(_countries(database).values()) == ["FI", "FI"]


def test_a_newer_file_without_a_day_takes_effect(database: Database, tmp_path: Path) -> None:
    fill(tmp_path, row(1), row(2), row(3))
    newer = _import(places_file(tmp_path, row(1, name="Mug"), row(2, opening_hours="closed")))
    assert (newer.updated, newer.left_out, newer.hidden) == (1, 1, 1)
    assert _shown(database) == ["Mug"]


def test_an_earlier_file_can_be_gone_back_to(database: Database, tmp_path: Path) -> None:
    first = places_file(tmp_path, row(1)).rename(tmp_path / "first.jsonl.gz")
    _import(first)
    _import(places_file(tmp_path, row(1, name="Mistake"), row(2)))
    assert not _import(first).was_known
    assert _shown(database) == ["Cup 1"]


@pytest.mark.parametrize(
    ("second", "kept"),
    [
        ("{", ["Cup 1", "Cup 2"]),
        ({"osm_id": "node/2", "name": "Cup 2", "lat": 99}, ["Cup 1", "Cup 2"]),
        ({"osm_id": "node/3", "name": "Cup 3", "lat": 99}, ["Cup 1"]),
    ],
)
def test_what_a_file_has_but_does_not_say_is_not_hidden(
    database: Database, tmp_path: Path, second: str | dict[str, object], kept: list[str]
) -> None:
    fill(tmp_path, row(1), row(2))
    path = tmp_path / "newer.jsonl"
    path.write_text(f"{json.dumps(row(1))}\n{second if isinstance(second, str) else json.dumps(second)}")
    _import(path)
    assert _shown(database) == kept


def test_a_file_that_lacks_a_great_part_hides_nothing_unless_it_is_said_to_be_whole(
    database: Database, tmp_path: Path
) -> None:
    fill(tmp_path, *(row(number) for number in range(100)))
    part = places_file(tmp_path, *(row(number) for number in range(70)))
    summary = _import(part)
    assert (summary.hidden, summary.kept) == (0, 30)
    assert "may not be whole" in summary.why_kept
    assert len(_shown(database)) == 100
    assert _import(part, is_complete=True).hidden == 30
    assert len(_shown(database)) == 70


def test_a_file_says_nothing_of_what_lies_outside_its_edges(database: Database, tmp_path: Path) -> None:
    def extract(name: str, east: float, *lons: float) -> Path:
        nodes = "".join(
            f'<node id="{lon * 10:.0f}" lat="60" lon="{lon}"><tag k="name" v="Cup"/><tag k="amenity" v="cafe"/></node>'
            for lon in lons
        )
        path = tmp_path / name
        path.write_text(
            f'<osm version="0.6"><bounds minlat="59" minlon="24" maxlat="61" maxlon="{east}"/>{nodes}</osm>'
        )
        return path

    catalogue.import_osm(Order(path=extract("all.osm", 26, 24.5, 24.6, 25.5), name="test"))
    part = catalogue.import_osm(Order(path=extract("west.osm", 25, 24.5), name="test"))
    assert part.hidden == 1
    assert len(_shown(database)) == 2


def test_an_import_says_how_much_there_is(database: Database, tmp_path: Path) -> None:
    expected: list[int] = []
    read: list[int] = []
    order = Order(path=places_file(tmp_path, *(row(number) for number in range(3))))
    catalogue.import_places(order, read.append, expected.append)
    assert (expected, sum(read)) == ([3], 3)


def test_an_import_leaves_nothing_for_the_next_question_to_look_through(
    database: Database, tmp_path: Path
) -> None:
    catalogue.import_places(Order(path=places_file(tmp_path, *(row(number) for number in range(40)))))
    indexes = ("places_words", "localities_keys", "localities_pieces")
    waiting = [rows(database.superuser_url, f"select gin_clean_pending_list('{name}')") for name in indexes]
    assert waiting == [[(0,)]] * 3
