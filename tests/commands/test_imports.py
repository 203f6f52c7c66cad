"""The import commands as typed in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import manage
import settings
from tests.support import overture, registers
from tests.support.catalogue import places_file, row
from tests.support.servers import Database


def _run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(manage.application(), [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_an_import_says_what_it_did(database: Database, tmp_path: Path) -> None:
    path = places_file(tmp_path, row(1), row(2, lat=99), row(3, name=None))
    code, said = _run("import-places", path, "--country", "FI", "--observed-on", "2024-01-01")
    assert code == 0
    assert (
        "1 place new, 0 changed, 0 as before, 0 closed, 0 gone; 1 closed or without a name left out" in said
    )
    assert "1 line could not be used:\n  line 2: lat" in said
    code, said = _run("import-places", path, "--country", "FI")
    assert code == 0
    assert "Nothing to do" in said


@pytest.mark.parametrize(
    "command",
    [
        *("import-places", "import-osm", "import-overture", "import-foursquare", "import-alltheplaces"),
        *("import-prh", "import-companies-house"),
    ],
)
@pytest.mark.parametrize(
    ("name", "said"),
    [("missing.osm.pbf", "does not exist"), (".", "is a folder"), ("README.txt", "README.txt")],
)
def test_a_wrong_path_or_format_is_one_sentence(
    database: Database, tmp_path: Path, command: str, name: str, said: str
) -> None:
    (tmp_path / "README.txt").write_text("hello")
    code, output = _run(command, tmp_path / name)
    assert code == 1
    assert said in output
    assert "Traceback" not in output


def test_without_a_database_the_command_says_how_to_get_one(tmp_path: Path) -> None:
    path = settings.PROJECT_ROOT / "data" / "helsinki-core.jsonl.gz"
    code, output = _run("import-places", path)
    assert code == 1
    assert "make run" in output


def test_overtures_places_are_imported_by_box(database: Database, tmp_path: Path) -> None:
    given = [overture.row(1), overture.row(2, category="park"), overture.row(3, at=(62.0, 25.0))]
    path = overture.places_file(tmp_path / "part.parquet", given, group_rows=1)
    code, said = _run("import-overture", path, "--bbox", "24.8,59.9,25.1,60.5", "--name", "town")
    assert code == 0, said
    assert "town: 1 place new, 0 changed" in said
    assert "1 is no business and was left out: 1 park." in said
    code, said = _run("import-overture", path, "--bbox", "24.8,59.9")
    assert code == 2
    assert "west,south,east,north" in " ".join(said.split())


def test_companies_of_a_register_are_imported_with_what_tells_their_postcodes(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(registers.table([registers.house(1), registers.house(2, PostCode="AB9 9ZZ")]))
    (tmp_path / "points.csv").write_text("pcds,lat,long\nAB1 2CD,60.0,25.0\n")
    code, said = _run("import-companies-house", path, "--postcodes", tmp_path / "points.csv")
    assert code == 0, said
    assert "companies: 1 place new" in said
    assert "Left out, as no loaded place states their postcode or they have none: 1. Load places" in said
    code, said = _run("import-prh", registers.answer(tmp_path / "all.json", registers.company(1)))
    assert code == 0, said
    assert "all: 0 places new" in said
