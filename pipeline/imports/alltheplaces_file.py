"""Reads the output of AllThePlaces: GeoJSON, a file a spider, or the zip of them all.

Features are read one after the other, so that memory goes to one, however large a file is. A file in the zip that is
broken is a record that says so, and the others go on.
"""

from __future__ import annotations

import codecs
import json
import re
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
from pipeline.imports.alltheplaces_row import record
from pipeline.imports.places_file import MAX_SWELLING
from pipeline.imports.record import Record

MAX_FEATURE = 1_000_000
_CHUNK_BYTES = 1 << 18
_SWELLING_COUNTS_FROM_BYTES = 64_000_000
_ENDINGS = (".geojson", ".json")
_HEAD = re.compile(r'\A\ufeff?\s*\{.*?"features"\s*:\s*\[', re.DOTALL)
_COLLECTION = re.compile(r'"type"\s*:\s*"FeatureCollection"')
_COLLECTED = re.compile(r'"spider:collection_time"\s*:\s*"(20\d\d-\d\d-\d\d)')
_BETWEEN = re.compile(r"[\s,]*")
_FEATURE = re.compile(rb'"Feature"')
_DECODER = json.JSONDecoder()


class _Broken(Exception):
    """Why a file cannot be read, or not to its end."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A spider's file, on the disk or in a zip."""

    spider: str
    path: Path
    info: zipfile.ZipInfo | None = None

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Its bytes. Raises _Broken when they are damaged."""
        try:
            if self.info is None:
                with self.path.open("rb") as file:
                    yield file
            else:
                if self.info.file_size > max(
                    _SWELLING_COUNTS_FROM_BYTES, MAX_SWELLING * self.info.compress_size
                ):
                    raise _Broken("unpacks to far more than a file of places would")
                with zipfile.ZipFile(self.path) as archive, archive.open(self.info) as packed:
                    yield packed
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise _Broken(f"is damaged ({str(error)[:80]})") from error


def count(paths: Sequence[Path]) -> int:
    """How many features there are, for saying how far an import is. Raises SourceError for what is neither a zip nor
    GeoJSON."""
    found = 0
    for member in _members(paths):
        try:
            with member.opened() as file:
                while chunk := file.read(_CHUNK_BYTES):
                    # Up to the end of a line, so that no feature is cut in two.
                    found += len(_FEATURE.findall(chunk + file.readline(MAX_FEATURE)))
        except _Broken:
            continue
    return found


def observed_on(paths: Sequence[Path]) -> date | None:
    """The day of the newest of its files, as the zip or the spider says."""
    days = []
    for member in _members(paths):
        if member.info:
            days.append(date(*member.info.date_time[:3]))
        else:
            with member.path.open("rb") as file:
                said = _COLLECTED.search(file.read(_CHUNK_BYTES).decode(errors="replace"))
            days += [date.fromisoformat(said[1])] if said else []
    return max(days, default=None)


def read(paths: Sequence[Path], observed_on: date | None = None, after: int = 0) -> Iterator[Record]:
    """Every feature as a Record, from behind the position ``after``. Raises SourceError as ``count`` does."""
    position = 0
    for member in _members(paths):
        try:
            for feature in _features(member):
                position += 1
                if position > after:
                    yield record(position, feature, member.spider, observed_on)
        except _Broken as broken:
            position += 1
            if position > after:
                why = f"{member.spider}: the file {broken}"
                yield Record(position=position, problem=why, is_lost=True)


def _members(paths: Sequence[Path]) -> Iterator[_Member]:
    for path in paths:
        with path.open("rb") as file:
            start = file.read(_CHUNK_BYTES)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                inside = [info for info in archive.infolist() if info.filename.endswith(_ENDINGS)]
            if not inside:
                raise _refused(path, "holds no file of AllThePlaces: no *.geojson is in it")
            yield from (_Member(Path(info.filename).stem, path, info) for info in inside)
        elif start.startswith(b"PK"):
            raise _refused(path, "is no whole zip: it was cut off. Download it again")
        elif not _COLLECTION.search(start.decode(errors="replace")):
            raise _refused(path, "is neither a zip nor a GeoJSON file of AllThePlaces")
        else:
            yield _Member(path.name.split(".")[0], path)


def _features(member: _Member) -> Iterator[object]:
    """The features of a file, one after the other. Raises _Broken where it ends too early or is no GeoJSON."""
    with member.opened() as file:
        texts = codecs.iterdecode(iter(lambda: file.read(_CHUNK_BYTES), b""), "utf-8", errors="replace")
        text = next(texts, "")
        if not text.strip():
            raise _Broken("is empty")
        head = _HEAD.match(text)
        if head is None:
            raise _Broken("is no collection of features")
        at = head.end()
        while True:
            at = _end_of(_BETWEEN, text, at)
            if text.startswith("]", at):
                return
            try:
                feature, at = _DECODER.raw_decode(text, at)
            except (ValueError, RecursionError) as error:
                more = next(texts, "") if len(text) - at <= MAX_FEATURE else ""
                if not more:
                    said = (
                        "was cut off" if len(text) - at <= MAX_FEATURE else "has a feature too long to be one"
                    )
                    raise _Broken(said) from error
                text, at = text[at:] + more, 0
                continue
            yield feature


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _refused(path: Path, why: str) -> SourceError:
    return SourceError(Cause.BAD_FILE, detail=f"{path.name} {why}.")
