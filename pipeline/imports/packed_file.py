"""A file as it was downloaded: on the disk, or one of those in a zip."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.imports.places_file import MAX_SWELLING

_SWELLING_COUNTS_FROM_BYTES = 64_000_000
_UNDATED = date(1980, 1, 1)
"""The first day a zip can say; written for a file without a day."""


class Broken(Exception):
    """Why a file cannot be read, or not to its end."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file; ``info`` says which of the zip at ``path``, None that it lies there itself."""

    path: Path
    info: zipfile.ZipInfo | None = None

    @property
    def name(self) -> str:
        """Its name without folders."""
        return Path(self.info.filename if self.info else self.path).name

    @property
    def packed_on(self) -> date | None:
        """The day its zip says of it; None outside of a zip, and where the zip says none: some write zeros."""
        day = day_of("{:04}-{:02}-{:02}".format(*self.info.date_time[:3])) if self.info else None
        return None if day == _UNDATED else day

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Its bytes. Raises Broken when they are damaged."""
        try:
            if self.info is None:
                with self.path.open("rb") as file:
                    yield file
            else:
                if self.info.file_size > max(
                    _SWELLING_COUNTS_FROM_BYTES, MAX_SWELLING * self.info.compress_size
                ):
                    raise Broken("unpacks to far more than a file of places would")
                with zipfile.ZipFile(self.path) as archive, archive.open(self.info) as packed:
                    yield packed
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise Broken(f"is damaged ({str(error)[:80]})") from error


def day_of(text: str) -> date | None:
    """An ISO date; None for what only looks like one, as `2026-13-45` does."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def members(path: Path, endings: Sequence[str], lacking: str) -> list[Member]:
    """The file itself, or those of a zip whose names end so. Raises SourceError, which says ``lacking`` of a zip
    without any."""
    with path.open("rb") as file:
        start = file.read(2)
    if not zipfile.is_zipfile(path):
        if start == b"PK":
            raise refused(path, "is no whole zip: it was cut off. Download it again")
        return [Member(path)]
    with zipfile.ZipFile(path) as archive:
        inside = [info for info in archive.infolist() if info.filename.casefold().endswith(tuple(endings))]
    if not inside:
        raise refused(path, lacking)
    return [Member(path, info) for info in inside]


def refused(path: Path, why: str) -> SourceError:
    """What is wrong with a file, as a sentence about it."""
    return SourceError(Cause.BAD_FILE, detail=f"{path.name} {why}.")
