"""The file of a backup: one line that says what it holds, then what pg_dump wrote, encrypted or as it is."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from embedded.errors import CannotBackUp
from store.sealed_files import CannotUnseal, new_salt, sealed, unsealed

_MAGIC = "ProspectPro backup 1"
_LONGEST_HEAD = 4096
_SHORTEST_PASSPHRASE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a backup says of itself to whoever has the file. ``salt`` is empty when it is not encrypted; ``mark`` tells
    by which APP_SECRET the database was prepared, and nothing about that."""

    version: str
    schema: str
    taken_at: str
    postgres: str
    role_prefix: str
    mark: str
    salt: str = ""


def check_passphrase(passphrase: str) -> None:
    """Raise CannotBackUp for one that is easily guessed, as everything else of an encrypted file is known."""
    if passphrase and len(passphrase) < _SHORTEST_PASSPHRASE:
        raise CannotBackUp(f"The passphrase of a backup has at least {_SHORTEST_PASSPHRASE} characters.")


def salt_for(passphrase: str) -> str:
    """The salt of a new file; empty without a passphrase."""
    return new_salt() if passphrase else ""


def write(path: Path, head: Head, pieces: Iterable[bytes], passphrase: str) -> int:
    """Write all or nothing, readable by this user only; returns the size. Raises CannotBackUp when the file exists."""
    line = json.dumps({"file": _MAGIC, **asdict(head)}).encode() + b"\n"
    body = sealed(pieces, passphrase, head.salt, line) if head.salt else pieces
    try:
        # The name is taken before anything is written; not every network drive has the links that do so at the end.
        path.open("xb").close()
    except FileExistsError:
        raise CannotBackUp(
            f"{path} exists already, and a backup is never written over another file."
        ) from None
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(line)
            for piece in body:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return Path(name).replace(path).stat().st_size
    except BaseException:
        for left in (path, Path(name)):
            left.unlink(missing_ok=True)
        raise


@contextmanager
def opened(path: Path, passphrase: str) -> Iterator[tuple[Head, IO[bytes]]]:
    """What a backup says of itself, and what pg_dump wrote: all of it authenticated before anybody reads it, in a file
    without a name beside the backup. Raises CannotBackUp."""
    with path.open("rb") as file, tempfile.TemporaryFile(dir=path.parent) as dump:
        line = file.readline(_LONGEST_HEAD)
        head = _head(line, path)
        if head.salt and not passphrase:
            raise CannotBackUp(
                f"{path} is encrypted: name its passphrase in --passphrase-file or BACKUP_PASSPHRASE."
            )
        if head.salt:
            try:
                for piece in unsealed(file, passphrase, head.salt, line):
                    dump.write(piece)
            except CannotUnseal:
                raise CannotBackUp(
                    f"The passphrase is not that of {path}, or the file was changed or cut off."
                ) from None
        else:
            shutil.copyfileobj(file, dump)
        dump.flush()
        yield head, dump


def _head(line: bytes, path: Path) -> Head:
    try:
        said = json.loads(line)
        if said.pop("file") == _MAGIC:
            return Head(**said)
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise CannotBackUp(f"{path} is no backup of this version of ProspectPro.")
