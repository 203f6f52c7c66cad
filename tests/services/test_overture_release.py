"""Overture's places read where they are published: only what is wanted, again from where it broke off."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import manage
from services import catalogue
from services.catalogue import Order
from services.errors import Invalid
from tests.support.overture import places_file, row
from tests.support.public_bucket import PublicBucket, public_bucket
from tests.support.servers import Database, rows

BOX = (59.9, 24.0, 61.0, 26.0)
PLACES = "overturemaps-us-west-2/release/{}/theme=places/type=place/part-{:05}.parquet"


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[PublicBucket]:
    """Two releases of two files: a town in one row group of each, and a hundred places with much to say far away."""
    draw = random.Random(1)  # noqa: S311 - a sample, no secret
    far = [
        row(number, at=(10.0 + number / 100, 10.0), websites=[draw.randbytes(20_000).hex()])
        for number in range(100, 200)
    ]
    town = [row(number) for number in range(1, 5)]
    kept = {}
    for release, given in (("2026-08-19.0", town), ("2026-09-23.0", [*town[:3], row(9)])):
        for number in range(2):
            half = [*given[number * 2 : number * 2 + 2], *far[number * 50 : number * 50 + 50]]
            path = places_file(tmp_path / "part.parquet", half, group_rows=2)
            kept[PLACES.format(release, number)] = path.read_bytes()
    with public_bucket(kept) as server:
        yield server


def order(bucket: PublicBucket, release: str) -> Order:
    files = catalogue.release_of_overture(release, bucket.url)
    return Order(published=files, name="overture", box=BOX)


def shown(database: Database) -> list[str]:
    found = rows(database.owner_url, "select name from places where gone_at is null order by name")
    return [str(name) for (name,) in found]


def test_a_release_is_read_by_box_without_the_rest(database: Database, bucket: PublicBucket) -> None:
    first = catalogue.import_overture(order(bucket, "2026-08-19.0"))
    assert (first.added, first.hidden) == (4, 0)
    ((day,),) = rows(database.owner_url, "select distinct observed_on::text from places")
    assert day == "2026-08-19"
    # Nobody says who asks, and the row groups of elsewhere stay where they are but for what the files say of them.
    assert bucket.signed == []
    whole = sum(len(content) for name, content in bucket.objects.items() if "2026-08" in name)
    assert 0 < bucket.sent < whole
    then = catalogue.import_overture(order(bucket, "latest"))
    assert (then.added, then.hidden, then.updated, then.changed) == (1, 1, 3, 0)
    assert shown(database) == ["Smile 1", "Smile 2", "Smile 3", "Smile 9"]
    assert catalogue.import_overture(order(bucket, "latest")).was_known


def test_a_server_that_breaks_off_is_asked_again_from_there(database: Database, bucket: PublicBucket) -> None:
    bucket.faults = [503]
    wanted = order(bucket, "2026-08-19.0")
    before = bucket.reads
    catalogue.import_overture(replace(wanted, name="elsewhere"))
    whole = bucket.reads - before
    bucket.most_reads = bucket.reads + whole - 1
    with pytest.raises(Invalid, match="Overture's server could not be reached"):
        catalogue.import_overture(wanted)
    ((position, state),) = rows(
        database.owner_url, "select position, state from place_imports where name = 'overture'"
    )
    assert state == "stopped"
    assert 0 < int(str(position)) < 4
    bucket.most_reads = None
    assert catalogue.import_overture(wanted).added == 0
    assert shown(database) == [f"Smile {number}" for number in range(1, 5)]


def test_a_release_that_is_not_there_is_one_sentence(database: Database, bucket: PublicBucket) -> None:
    for release, said in (
        (
            "2025-01-01.0",
            "does not have the release 2025-01-01.0 any more, or yet: 2026-08-19.0, 2026-09-23.0",
        ),
        ("../../etc", "is no release"),
    ):
        with pytest.raises(Invalid, match=said):
            catalogue.release_of_overture(release, bucket.url)
    with pytest.raises(Invalid, match=r"Give the server as in https://mirror\.example\.com"):
        catalogue.release_of_overture("latest", "ftp://mirror.test")
    with public_bucket({}) as empty, pytest.raises(Invalid, match="names no release"):
        catalogue.release_of_overture("latest", empty.url)


def test_the_command_takes_files_or_a_release_with_a_box(database: Database, bucket: PublicBucket) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(manage.application(), ["import-overture", *arguments])
        return result.exit_code, " ".join(result.output.split())

    code, said = run("--release", "latest", "--bbox", "24,59.9,26,61", "--endpoint", bucket.url)
    assert (code, "overture: 4 places new" in said) == (0, True), said
    for wrong in ((), ("part.parquet", "--release", "latest"), ("--release", "latest")):
        code, said = run(*wrong)
        assert (code, "--release" in said) == (2, True)
