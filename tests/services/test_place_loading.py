"""Loading places from the page's orders: fetched, read, interrupted, stopped, removed; by what a worker does."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import settings
from jobs import side_work
from services import auditing, catalogue, place_load_steps, place_load_work, place_loading, places, results
from services.auditing import AuditWhere
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.place_loading import FileLoad, LoadKind, LoadRow, LoadState
from services.results import LeadFilter, LeadSort
from store import place_load_work as work
from store.database import Role, transaction
from tests.support import registers
from tests.support.campaigns import finished, lead
from tests.support.catalogue import row
from tests.support.people import person
from tests.support.providers import Providers, providers
from tests.support.servers import Database, change, rows
from tests.support.workers import eventually
from ui.place_load_words import result

CITY = "Helsinki, Finland"
BUSY = "<html><body>The server is probably too busy to handle your request.</body></html>"
REMARK = json.dumps({"elements": [], "remark": 'runtime error: Query timed out in "query" at line 1'})
LINES = "".join(json.dumps(row(number)) + "\n" for number in range(1, 6)).encode()
FILE = FileLoad(kind=LoadKind.PLACES, file_name="cafes of town.jsonl", name="cafes", country="Finland")


@pytest.fixture(scope="module")
def running() -> Iterator[Providers]:
    with providers("--no-limited") as started:
        yield started


@pytest.fixture
def stand_in(
    running: Providers, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Providers:
    for name, value in running.settings().items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    running.reset()
    return running


@pytest.fixture
def admin(database: Database, redis_url: str) -> Person:
    return person("admin", is_admin=True)


def done(pause: place_load_work.Pause = lambda _: None) -> list[str]:
    return list(place_load_work.run_due(pause))


def newest(admin: Person) -> LoadRow:
    return place_loading.loads(admin)[0]


def shown(database: Database) -> int:
    ((number,),) = rows(database.owner_url, "select count(*) from places where gone_at is null")
    return int(str(number))


def test_a_city_is_fetched_through_every_fault_of_its_server(
    stand_in: Providers, admin: Person, database: Database
) -> None:
    stand_in.order_faults(
        {
            "operation": "interpreter",
            "kind": "answer",
            "status": 429,
            "headers": {"Retry-After": "7"},
            "last": 1,
        },
        {"operation": "interpreter", "kind": "answer", "status": 504, "body": BUSY, "first": 2, "last": 2},
        {"operation": "interpreter", "kind": "answer", "status": 200, "body": REMARK, "first": 4, "last": 4},
        {
            "operation": "interpreter",
            "kind": "answer",
            "status": 200,
            "body": '{"elements": [{',
            "first": 6,
            "last": 6,
        },
        {"operation": "interpreter", "kind": "mid_body", "first": 8, "last": 8},
    )
    place_loading.load_city(admin, CITY)
    waits: list[float] = []
    assert done(waits.append) == [f"{CITY}: Helsinki, Uusimaa, Finland."]
    assert 7.0 in waits
    load = newest(admin)
    assert (load.state, load.counts["added"], load.has_file) == (LoadState.DONE, shown(database), False)
    assert load.counts["added"] > 1200
    assert places.meaning("Helsingfors").is_chosen
    (holding,) = place_loading.overview(admin).holdings
    assert (holding.source, holding.country, str(holding.newest)) == ("openstreetmap", "FI", "2026-11-20")
    place_loading.load_city(admin, CITY)
    assert done() == [f"{CITY}: Helsinki, Uusimaa, Finland. The catalogue holds exactly this already."]


def test_a_part_that_is_too_much_is_asked_for_in_quarters(stand_in: Providers, admin: Person) -> None:
    stand_in.order_faults(
        {"operation": "interpreter", "kind": "answer", "status": 504, "body": BUSY, "last": 2}
    )
    place_loading.load_city(admin, CITY)
    done()
    # The box in quarters, the last of which gave no answer twice and was asked for in quarters itself.
    assert stand_in.calls("interpreter") == 2 + 4 + 3
    assert newest(admin).counts["added"] > 1200


def test_a_server_that_gives_no_answer_is_said_and_can_be_asked_again(
    stand_in: Providers, admin: Person
) -> None:
    stand_in.order_faults(
        {"operation": "interpreter", "kind": "answer", "status": 429, "body": BUSY, "first": 3}
    )
    place_loading.load_city(admin, CITY)
    done()
    load = newest(admin)
    assert (load.state, load.counts) == (LoadState.FAILED, {})
    assert "OpenStreetMap (Overpass)" in load.said
    stand_in.reset()
    place_loading.go_on(admin, load.id)
    done()
    assert (stand_in.calls("interpreter"), newest(admin).state) == (2, LoadState.DONE)


def test_a_place_nobody_knows_and_one_that_is_too_large_are_refused(
    stand_in: Providers, admin: Person
) -> None:
    place_loading.load_city(admin, "Nowhere, Finland")
    done()
    assert "knows no place called “Nowhere, Finland”" in newest(admin).said
    place_loading.load_city(admin, "Lapland, Finland")
    done()
    assert "import-osm" in newest(admin).said
    assert stand_in.calls("interpreter") == 0


def test_another_process_goes_on_where_one_was_killed(
    stand_in: Providers, admin: Person, database: Database
) -> None:
    stand_in.order_faults({"operation": "interpreter", "kind": "hang", "first": 3, "last": 3})
    place_loading.load_city(admin, CITY)
    process = side_work.started("places", lambda: place_load_work.run_due(lambda _: None))
    eventually(lambda: stand_in.calls("interpreter") == 3, "the third question is asked")
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert done() == []
    change(database.superuser_url, "update place_loads set worked_at = now() - interval '2 minutes'")
    assert place_load_steps.are_due()
    done()
    assert stand_in.calls("interpreter") == 5
    assert (newest(admin).state, newest(admin).counts["added"]) == (LoadState.DONE, shown(database))


def test_a_load_that_is_stopped_ends_at_its_next_step_and_goes_on_later(
    stand_in: Providers, admin: Person, database: Database
) -> None:
    place_loading.load_city(admin, CITY)
    load = newest(admin)
    done(lambda _: place_loading.stop(admin, load.id))
    assert (newest(admin).state, stand_in.calls("interpreter"), shown(database)) == (LoadState.STOPPED, 1, 0)
    with pytest.raises(NotFound):
        place_loading.stop(admin, load.id)
    place_loading.go_on(admin, load.id)
    done()
    assert (newest(admin).state, stand_in.calls("interpreter")) == (LoadState.DONE, 4)


def test_a_process_that_lost_its_load_does_no_more(
    stand_in: Providers, admin: Person, database: Database
) -> None:
    place_loading.load_file(admin, FILE, LINES)
    with transaction(Role.SYSTEM) as conn:
        first = work.take(conn)
    assert first is not None
    change(database.superuser_url, "update place_loads set worked_at = now() - interval '2 minutes'")
    done()
    with transaction(Role.SYSTEM) as conn:
        assert not work.advance(conn, first, "storing", 1, 5)
        work.end(conn, first, LoadState.FAILED, {}, "Too late.")
    assert (newest(admin).state, newest(admin).counts["added"]) == (LoadState.DONE, 5)


def test_one_that_dies_again_and_again_is_given_up(admin: Person, database: Database, redis_url: str) -> None:
    place_loading.load_file(admin, FILE, LINES)
    change(database.superuser_url, "update place_loads set tries = 5")
    done()
    assert "ended 5 times" in newest(admin).said
    place_loading.go_on(admin, newest(admin).id)
    done()
    assert newest(admin).state is LoadState.DONE


def test_files_are_read_in_turn_and_bad_ones_say_why(admin: Person, database: Database) -> None:
    place_loading.load_file(admin, FILE, LINES)
    bad = FileLoad(kind=LoadKind.OSM, file_name="town.osm")
    place_loading.load_file(admin, bad, b"no map at all")
    with pytest.raises(Conflict, match="being loaded or removed already"):
        place_loading.load_file(admin, FILE, LINES)
    assert len(done()) == 2
    assert (newest(admin).state, newest(admin).name) == (LoadState.FAILED, "town")
    assert "cannot be read as OpenStreetMap data" in newest(admin).said
    newer = LINES.replace(b"Cup 1", b"Mug 1")
    place_loading.load_file(admin, FILE, b"".join(newer.splitlines(keepends=True)[:4]))
    done()
    counts = newest(admin).counts
    assert (counts["added"], counts["changed"], counts["hidden"], shown(database)) == (0, 1, 1, 4)


def test_companies_of_registers_come_in_where_places_tell_their_postcode(
    admin: Person, database: Database, tmp_path: Path
) -> None:
    placed = json.dumps(row(1, postcode="00100")).encode() + b"\n"
    place_loading.load_file(admin, FILE, placed)
    nowhere = registers.company(2, addresses=[registers.address("2", postCode="99999")])
    data = registers.answer(tmp_path / "all.json", registers.company(1), nowhere).read_bytes()
    place_loading.load_file(admin, FileLoad(kind=LoadKind.PRH, file_name="all.json"), data)
    lines = registers.table([registers.house(1)]).encode()
    place_loading.load_file(admin, FileLoad(kind=LoadKind.COMPANIES_HOUSE, file_name="uk.csv"), lines)
    assert len(done()) == 3
    british, finnish, _ = place_loading.loads(admin)
    assert (finnish.state, finnish.counts["added"], finnish.counts["unplaced"]) == (LoadState.DONE, 1, 1)
    assert (british.state, british.counts["unplaced"], shown(database)) == (LoadState.DONE, 1, 2)
    assert "1 left out because it has no postcode that a loaded place states" in result(finnish)
    many = replace(finnish, counts={**finnish.counts, "unplaced": 1_200})
    assert "1,200 left out because they have no postcode that a loaded place" in result(many)


@pytest.mark.parametrize(
    ("given", "data", "field"),
    [
        (FileLoad(kind=LoadKind.OSM, file_name="a.jsonl"), LINES, "file"),
        (FileLoad(kind=LoadKind.PLACES, file_name="../../.jsonl"), b"", "file"),
        (FileLoad(kind=LoadKind.PLACES, file_name="a.jsonl", country="Nowhere"), LINES, "country"),
        (FileLoad(kind=LoadKind.PLACES, file_name="a.jsonl", name="a" * 101), LINES, "name"),
        (FileLoad(kind=LoadKind.CITY, file_name="a.jsonl"), LINES, "file"),
    ],
)
def test_what_no_file_can_be_is_refused(admin: Person, given: FileLoad, data: bytes, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        place_loading.load_file(admin, given, data)
    assert field in refused.value.fields


def test_what_is_removed_is_gone_for_campaigns_to_come_and_stays_with_those_of_before(
    admin: Person, database: Database
) -> None:
    catalogue.ensure_first_fill()
    campaign = finished(admin, [lead(1)])
    place_loading.load_file(admin, FILE, LINES)
    done()
    place_loading.remove(admin, "helsinki-core")
    done()
    load = newest(admin)
    assert (load.state, load.counts["removed"], shown(database)) == (LoadState.DONE, 1248, 5)
    assert not places.meaning("Helsinki").candidates
    assert places.meaning("Town").is_chosen
    leads = results.leads(admin, campaign, LeadFilter(), LeadSort.CONFIDENCE, None, 10).rows
    assert len(leads) == 1
    assert [source.name for source in catalogue.sources()] == ["cafes", "helsinki-localities"]
    # Starting again brings nothing back; loading it does.
    assert catalogue.ensure_first_fill() == 0
    with pytest.raises(NotFound):
        place_loading.remove(admin, "helsinki-core")
    path = settings.PROJECT_ROOT / "data" / "helsinki-core.jsonl.gz"
    given = FileLoad(kind=LoadKind.PLACES, file_name=Path(path).name)
    place_loading.load_file(admin, given, path.read_bytes())
    done()
    assert shown(database) == 1253
    acts = [note.action for note in auditing.listing(admin, AuditWhere()).rows]
    assert (acts.count("places_loaded"), acts.count("places_removed")) == (2, 1)


def test_people_ask_for_a_place_once_and_loading_it_settles_that(admin: Person, database: Database) -> None:
    member = person("member")
    for _ in range(2):
        place_loading.wish(member, " Tampere,  Finland ")
    place_loading.wish(admin, "Tampere, Finland")
    place_loading.wish(member, "Turku")
    assert [(wish.place, wish.people) for wish in place_loading.overview(admin).wishes] == [
        ("Tampere, Finland", 2),
        ("Turku", 1),
    ]
    place_loading.load_city(admin, "Tampere, Finland")
    place_loading.turn_down(admin, "Turku")
    assert place_loading.overview(admin).wishes == ()


def test_old_loads_are_forgotten_and_their_files_sooner(admin: Person, database: Database) -> None:
    place_loading.load_file(admin, FILE, b"[]")
    done()
    assert newest(admin).has_file
    change(database.superuser_url, "update place_loads set ended_at = now() - interval '8 days'")
    with transaction(Role.SYSTEM) as conn:
        assert work.forget(conn, 7, 400) == 0
    assert not newest(admin).has_file
    with pytest.raises(NotFound, match="file is not kept"):
        place_loading.go_on(admin, newest(admin).id)
    change(database.superuser_url, "update place_loads set ended_at = now() - interval '401 days'")
    with transaction(Role.SYSTEM) as conn:
        assert work.forget(conn, 7, 400) == 1
