"""What a backup refuses, and what restoring one does to a database that is in use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

import settings
from embedded import backup_file, backups
from embedded.errors import CannotBackUp
from embedded.postgres import DATABASE, Postgres
from store import backups as stored
from store import migrate, readiness
from store.database import Role
from store.schema_version import NEWEST
from store.sealed_files import CannotUnseal, new_salt, sealed, unsealed
from tests.store.test_accepted_status import upgraded_to
from tests.support import terminal
from tests.support.people import person
from tests.support.schema_dump import FILE, schema_text
from tests.support.servers import APP_SECRET, Database, change, cloned, rows

PASSPHRASE = "a passphrase of sixteen or more"
LONG = bytes(range(256)) * 9000


@pytest.fixture
def taken(database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encrypted backup of an installation with one account, which has changed since."""
    monkeypatch.setenv("DATABASE_URL_BACKUP", database.superuser_url)
    settings.get.cache_clear()
    person("owner")
    file = tmp_path / "all.backup"
    backups.back_up(file, PASSPHRASE)
    person("later")
    return file


def accounts(database: Database) -> list[tuple[object, ...]]:
    return rows(database.superuser_url, "select email from users order by 1")


def refused(file: Path, passphrase: str, said: str, *, replaces: bool = True) -> None:
    with pytest.raises(CannotBackUp, match=re.escape(said)):
        backups.restore(file, passphrase, replaces=replaces, new_secret=False)


def test_what_is_in_the_database_is_given_up_only_when_asked(taken: Path, database: Database) -> None:
    refused(taken, PASSPHRASE, "--replace", replaces=False)
    assert accounts(database) == [("later@example.com",), ("owner@example.com",)]
    backups.restore(taken, PASSPHRASE, replaces=True, new_secret=False)
    assert accounts(database) == [("owner@example.com",)]
    for role in Role:
        readiness.check(role)
    # The owner does not act for the role of the functions any longer.
    inherits = "select inherit_option from pg_auth_members where roleid = 'pp_auth'::regrole"
    assert (False,) in rows(database.superuser_url, inherits)
    assert (True,) not in rows(database.superuser_url, f"{inherits} and member = 'pp_owner'::regrole")


def test_a_file_that_cannot_be_read_whole_changes_nothing(
    taken: Path, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(taken, "", "--passphrase-file")
    refused(taken, "another passphrase of sixteen", "The passphrase is not that of")
    whole, bad = taken.read_bytes(), tmp_path / "bad.backup"
    for content, said in (
        (whole[:-1], "cut off"),
        (whole.replace(b'"schema": "00', b'"schema": "01', 1), "changed"),
        (b"PGDMP" + whole, "is no backup"),
        (b"", "is no backup"),
    ):
        bad.write_bytes(content)
        refused(bad, PASSPHRASE, said)
    plain = tmp_path / "plain.backup"
    backups.back_up(plain, "")
    bad.write_bytes(plain.read_bytes()[:-5000])
    refused(bad, "", "pg_restore failed")
    bad.write_bytes(plain.read_bytes().replace(b'"schema": "00', b'"schema": "99', 1))
    refused(bad, "", "newer than this one")
    monkeypatch.setenv("APP_SECRET", "a secret of another installation, by mistake")
    settings.get.cache_clear()
    refused(plain, "", "another APP_SECRET")
    monkeypatch.setenv("APP_SECRET", APP_SECRET)
    monkeypatch.setenv("ROLE_PREFIX", "other_")
    settings.get.cache_clear()
    refused(plain, "", "ROLE_PREFIX=pp_")
    assert accounts(database) == [("later@example.com",), ("owner@example.com",)]


def test_no_file_is_written_over_and_no_half_backup_is_left(
    taken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CannotBackUp, match="exists already"):
        backups.back_up(taken, PASSPHRASE)
    with pytest.raises(CannotBackUp, match="16 characters"):
        backups.back_up(tmp_path / "new", "too short")

    def broken_off() -> Iterator[bytes]:
        yield b"half of it"
        raise CannotBackUp("pg_dump failed")

    with (
        pytest.raises(CannotBackUp, match="pg_dump failed"),
        backup_file.opened(taken, PASSPHRASE) as (head, _),
    ):
        backup_file.write(tmp_path / "new", replace(head, salt=""), broken_off(), "")
    # Row-level security would hide rows from the roles of the application, and from the owner.
    monkeypatch.setenv("DATABASE_URL_BACKUP", settings.get().database_url.get_secret_value())
    settings.get.cache_clear()
    with pytest.raises(CannotBackUp, match="bypassrls in role pg_read_all_data"):
        backups.back_up(tmp_path / "new", "")
    assert [path.name for path in tmp_path.iterdir()] == [taken.name]


def test_a_backup_of_the_version_before_comes_back_at_the_schema_of_this_one(
    postgres: Postgres, migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    with cloned(postgres, "template1") as before, cloned(postgres, "template1") as after:
        monkeypatch.setenv("DATABASE_URL", before.owner_url)
        monkeypatch.setenv("DATABASE_URL_BACKUP", before.superuser_url)
        monkeypatch.setenv("APP_SECRET", APP_SECRET)
        settings.get.cache_clear()
        upgraded_to(str(scripts.get_revision(NEWEST).down_revision))
        change(before.superuser_url, "insert into workspaces values (gen_random_uuid(), 'Of before')")
        head, _ = backups.back_up(tmp_path / "before.backup", "")
        assert head.schema < NEWEST
        monkeypatch.setenv("DATABASE_URL", after.owner_url)
        settings.get.cache_clear()
        backups.restore(tmp_path / "before.backup", "", replaces=False, new_secret=False)
        assert rows(after.superuser_url, "select name from workspaces") == [("Of before",)]
        assert schema_text(postgres, after.name) == FILE.read_text()


@pytest.fixture
def embedded_installation(
    postgres: Postgres, migrated: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Postgres]:
    """The cluster of this test run, as an installation that `make run` has started finds it."""
    monkeypatch.setenv("DATA_DIR", str(postgres.layout.root))
    known = postgres.layout.root / settings.INSTALLATION_FILE
    known.write_text(f"DATABASE_URL='{postgres.url()}'\nAPP_SECRET='{APP_SECRET}'\n")
    yield postgres
    known.unlink()


def test_the_embedded_postgres_needs_no_setting(embedded_installation: Postgres, tmp_path: Path) -> None:
    done = terminal.manage("backup", str(tmp_path / "own.backup"))
    assert (done.returncode, "not encrypted" in done.stdout) == (0, True), done
    read = terminal.manage("restore", str(tmp_path / "own.backup"), "--check")
    assert (read.returncode, "can be restored" in read.stdout) == (0, True), read
    address = stored.backup_address(embedded_installation.url("postgres", DATABASE))
    assert address.password
    assert address.password not in address.shown


@pytest.mark.parametrize("length", [0, 1, 1 << 20, (1 << 20) + 1, len(LONG)])
def test_a_file_of_any_length_is_sealed_and_unsealed(length: int, tmp_path: Path) -> None:
    salt, file = new_salt(), tmp_path / "sealed"
    file.write_bytes(b"".join(sealed([LONG[:length]], PASSPHRASE, salt, b"head")))
    with file.open("rb") as read:
        assert b"".join(unsealed(read, PASSPHRASE, salt, b"head")) == LONG[:length]
    with file.open("rb") as read, pytest.raises(CannotUnseal):
        list(unsealed(read, PASSPHRASE, salt, b"another head"))


def test_pieces_can_be_neither_swapped_nor_left_out(tmp_path: Path) -> None:
    salt, file = new_salt(), tmp_path / "sealed"
    first, second, third = sealed([LONG], PASSPHRASE, salt, b"")
    for pieces in ((second, first, third), (first, third), (first, second), (first, second, third, third)):
        file.write_bytes(b"".join(pieces))
        with file.open("rb") as read, pytest.raises(CannotUnseal):
            list(unsealed(read, PASSPHRASE, salt, b""))
