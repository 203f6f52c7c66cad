"""Files of places as administrators upload them; how each kind is read beyond that is tested in tests/providers."""

from __future__ import annotations

import gzip
import json

import pytest

from services import place_load_work, place_loading
from services.errors import Invalid
from services.identity import Person
from services.place_loading import FileLoad, LoadKind, LoadState
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.catalogue import row

# Not one of those the others look for.
LINES = (json.dumps(row(900)) + "\n").encode()
PICTURE = b"\x89PNG\r\n\x1a\n"
Given = tuple[LoadKind, str, bytes]
REFUSED: tuple[Case[Given, str], ...] = (
    Case(34, "empty", (LoadKind.PLACES, "town.jsonl", b""), "The file is empty"),
    Case(56, "a name of its ending alone", (LoadKind.PLACES, "../.jsonl", LINES), "end in .jsonl"),
    Case(
        56, "a name that ends on a line of its own", (LoadKind.PLACES, "town.jsonl\n", LINES), "end in .jsonl"
    ),
)
FAILED: tuple[Case[Given, str], ...] = (
    Case(51, "a picture as an extract", (LoadKind.OSM, "town.osm.pbf", PICTURE), "cannot be read"),
    Case(51, "a picture as a table", (LoadKind.OVERTURE, "town.parquet", PICTURE), "town.parquet"),
    Case(60, "a zip that is none", (LoadKind.ALLTHEPLACES, "town.zip", b"PK\x03\x04junk"), "town.zip"),
    Case(
        60,
        "a packed file cut off",
        (LoadKind.PLACES, "town.jsonl.gz", gzip.compress(LINES)[:20]),
        "town.jsonl.gz",
    ),
)
READ: tuple[Case[str, str], ...] = (
    Case(56, "a name that leads elsewhere", "../../etc/passwd.jsonl", "passwd.jsonl"),
    Case(56, "one of another system", r"C:\files\town one.jsonl", "town_one.jsonl"),
    Case(56, "300 characters", "a" * 300 + ".jsonl", "a" * 94 + ".jsonl"),
    Case(56, "a line end in it", "to\nwn.jsonl", "to_wn.jsonl"),
)


def _offer(boss: Person, given: Given) -> None:
    kind, name, data = given
    place_loading.load_file(boss, FileLoad(kind=kind, file_name=name), data)
    for _ in place_load_work.run_due(lambda _: None):
        pass


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_a_file_that_is_refused(world: World, case: Case[Given, str]) -> None:
    with pytest.raises(Invalid, match=case.expected):
        _offer(world.boss, case.given)


@pytest.mark.parametrize("case", FAILED, ids=str)
def test_a_file_that_cannot_be_read_says_why(world: World, case: Case[Given, str]) -> None:
    _offer(world.boss, case.given)
    load = place_loading.loads(world.boss)[0]
    assert load.state is LoadState.FAILED
    assert case.expected in load.said
    assert "/tmp" not in load.said


@pytest.mark.parametrize("case", READ, ids=str)
def test_a_name_is_kept_as_far_as_it_is_one(world: World, case: Case[str, str]) -> None:
    _offer(world.boss, (LoadKind.PLACES, case.given, LINES))
    load = place_loading.loads(world.boss)[0]
    assert (load.file_name, load.state) == (case.expected, LoadState.DONE)
