"""Backing up the database of an installation while it works, and bringing a backup back."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

import settings
from embedded import backup_file
from embedded.backup_file import Head
from embedded.errors import CannotBackUp, CannotStart
from embedded.installation import this_installation
from embedded.postgres_programs import installed
from store import backups, migrate
from store.backups import Address
from store.roles import mark

_PIECE_BYTES = 1 << 20
_ROLE = "create role prospectpro_backup login bypassrls in role pg_read_all_data password '…';"


def back_up(path: Path, passphrase: str) -> tuple[Head, int]:
    """Write the whole database as it is at one moment to a file; everybody goes on working. Returns what it says of
    itself and its size. Raises CannotBackUp, DatabaseError, DatabaseNotConfigured and SettingsError."""
    backup_file.check_passphrase(passphrase)
    if path.exists():
        raise CannotBackUp(f"{path} exists already, and a backup is never written over another file.")
    if not path.parent.is_dir():
        raise CannotBackUp(f"There is no folder {path.parent} to write {path.name} to.")
    own = this_installation().postgres
    if own and settings.get().database_url.get_secret_value():
        address = backups.backup_address(own.url("postgres"))
    else:
        address = backups.backup_address()
    found = backups.source(address)
    if not found.sees_all:
        raise CannotBackUp(
            f"Row-level security hides rows from {found.user}. An administrator of the server makes a role for backups,"
            f" {_ROLE} and DATABASE_URL_BACKUP names it."
        )
    head = Head(
        version=settings.version(),
        schema=found.schema,
        taken_at=found.clock.isoformat(timespec="seconds"),
        postgres=found.postgres,
        role_prefix=settings.get().role_prefix,
        mark=found.mark,
        salt=backup_file.salt_for(passphrase),
    )
    options = ["--format=custom", "--schema=public", "--no-publications", "--no-security-labels"]
    with _running([_program("pg_dump"), *options, f"--dbname={address.shown}"], address) as dumping:
        size = backup_file.write(path, head, iter(lambda: dumping.read(_PIECE_BYTES), b""), passphrase)
    return head, size


def check(path: Path, passphrase: str) -> Head:
    """Read a backup to its end, as restoring does, and change nothing. Raises CannotBackUp."""
    with backup_file.opened(path, passphrase) as (head, dump):
        _read_through(dump)
    return head


def restore(path: Path, passphrase: str, *, replaces: bool, new_secret: bool) -> Head:
    """Bring the database back as it was, all or nothing, then to the schema of this version. Raises CannotBackUp,
    CannotMigrate, DatabaseError, DatabaseNotConfigured and SettingsError."""
    address = backups.owner_address()
    with backup_file.opened(path, passphrase) as (head, dump):
        _check_head(head, new_secret=new_secret)
        if not replaces and backups.is_in_use(address):
            raise CannotBackUp(
                "The database in DATABASE_URL is in use. Name an empty one, or give up what is in it with --replace."
            )
        # Statements that end too early would be taken for all.
        _read_through(dump)
        migrate.make_roles(new_secret=new_secret)
        before, after = backups.before_restoring(replaces=replaces), backups.after_restoring()
        options = [
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            "--output=/dev/null",
        ]
        steps = [f"--command={before}", "--file=-", f"--command={after}", f"--dbname={address.shown}"]
        with _statements(dump) as script, _running([_program("psql"), *options, *steps], address, script):
            pass
    migrate.upgrade(new_secret=new_secret)
    return head


def _check_head(head: Head, *, new_secret: bool) -> None:
    ours = settings.get()
    if head.mark != mark() and not new_secret:
        raise CannotBackUp(
            "The backup was made with another APP_SECRET. Set that one; with --new-secret it is restored all the same,"
            " without what only the old secret can read: suppression lists and second factors."
        )
    if head.role_prefix != ours.role_prefix:
        raise CannotBackUp(f"The backup was made with ROLE_PREFIX={head.role_prefix}. Set that one.")
    if not migrate.knows(head.schema):
        raise CannotBackUp(
            f"The backup is of schema {head.schema}, made by ProspectPro {head.version}, which is newer than this one."
            " Restore it with that version."
        )


def _read_through(dump: IO[bytes]) -> None:
    with _statements(dump) as script:
        while script.read(_PIECE_BYTES):
            pass


@contextmanager
def _statements(dump: IO[bytes]) -> Iterator[IO[bytes]]:
    """The statements that make what was dumped, in a schema that is there already, as it is in every database."""
    dump.seek(0)
    argv: list[str | Path] = [_program("pg_restore"), "--format=custom", "--schema=public", "--file=-"]
    with _running(argv, None, dump) as script:
        yield script


@contextmanager
def _running(
    argv: Sequence[str | Path], address: Address | None, given: IO[bytes] | None = None
) -> Iterator[IO[bytes]]:
    """What a program of Postgres writes; raises CannotBackUp when it fails, with its first word on that."""
    environment = {**os.environ, "PGCONNECT_TIMEOUT": "10"}
    if address:
        environment["PGPASSWORD"] = address.password
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - our own list, no shell
            argv, stdin=given or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment
        )
        try:
            yield cast(IO[bytes], process.stdout)
        except BaseException:
            process.kill()
            raise
        finally:
            cast(IO[bytes], process.stdout).close()
            code = process.wait()
        if code:
            errors.seek(0)
            raise CannotBackUp(f"{Path(argv[0]).name} failed: {_first_error(errors.read())}")


def _first_error(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
    return next((line for line in lines if "error:" in line.casefold()), lines[-1])


def _program(name: str) -> Path:
    """That of the embedded Postgres, which is as new as any server it was tested with, or else the machine's own."""
    with suppress(CannotStart):
        return installed() / name
    found = shutil.which(name)
    if not found:
        raise CannotBackUp(
            f"{name} is not installed here: install the client programs of Postgres (postgresql-client)."
        )
    return Path(found)
