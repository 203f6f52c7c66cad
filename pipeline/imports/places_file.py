"""Reads places from a JSON-lines file (``.jsonl`` or ``.jsonl.gz``), one place a line.

The columns are those of ``data/PROVENANCE.md``. Every line is checked by itself: a bad one becomes a Record
with a reason and the next is read. Lines, and how far a compressed file may swell, are bounded.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.imports.places_row import read_row, reason, ref_of
from pipeline.imports.record import Record
from pipeline.words.osm_tags import LOCALITY_KINDS, is_business

MAX_LINE_BYTES = 1_000_000
# JSON lines of places shrink about tenfold; a file that grows a thousandfold is made to fill memory or time.
MAX_SWELLING = 1_000
_SWELLING_COUNTS_FROM_BYTES = 64_000_000
_GZIP_MAGIC = b"\x1f\x8b"
# What other files of places begin with, and what to do with them.
_OTHER_KINDS = (
    (b'"FeatureCollection"', "GeoJSON", "Read the OpenStreetMap extract it was made from with import-osm"),
    (
        b'"elements"',
        "an answer of Overpass in JSON",
        "Ask for it with [out:xml] and “(._;>;); out meta;”, and read that with import-osm",
    ),
)
_HEAD_LINES = 50


def read(path: Path, observed_on: date | None = None) -> Iterator[Record]:
    """Every line of the file as a Record.

    Raises SourceError when the file is no JSON-lines file, ends in the middle of compressed data or swells
    beyond reason; the records before that point have been yielded.
    """
    with _opened(path) as (file, raw):
        for number, line in enumerate(_lines(file, raw), start=1):
            if number == 1:
                _refuse_other_kinds(path, line)
            if line.strip():
                yield _record(number, line, observed_on)


def count(path: Path) -> int:
    """How many lines the file has, for saying how far an import is. Raises SourceError as ``read`` does."""
    with _opened(path) as (file, raw):
        return sum(1 for _ in _lines(file, raw))


@contextmanager
def _opened(path: Path) -> Iterator[tuple[gzip.GzipFile | IO[bytes], IO[bytes]]]:
    """The text of the file, and the file as it lies on the disk."""
    with path.open("rb") as raw:
        is_packed = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        yield gzip.GzipFile(fileobj=raw) if is_packed else raw, raw


def _refuse_other_kinds(path: Path, first_line: bytes) -> None:
    """Raises SourceError for a file that does not begin with an object a line."""
    start = first_line.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{") and b'"osm_id"' in start:
        return
    with _opened(path) as (file, raw):
        head = b"".join(islice(_lines(file, raw), _HEAD_LINES))
    for mark, kind, advice in _OTHER_KINDS:
        if start.startswith((b"{", b"[")) and mark in head:
            raise _refused(path, f"is {kind}, no JSON-lines file of places. {advice}")
    if start.startswith((b"<?xml", b"<osm")) or b"OSMHeader" in head:
        raise _refused(path, "is an OpenStreetMap extract. Read it with import-osm")
    if not start.startswith(b"{"):
        raise _refused(path, "is not a JSON-lines file of places: it needs one JSON object a line")


def _lines(file: gzip.GzipFile | IO[bytes], raw: IO[bytes]) -> Iterator[bytes]:
    """Lines cut at MAX_LINE_BYTES; what exceeds that is read over without being kept."""
    unpacked = 0
    while True:
        try:
            line = file.readline(MAX_LINE_BYTES + 1)
            rest = line
            while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
                rest = file.readline(MAX_LINE_BYTES + 1)
                unpacked = _bounded(unpacked + len(rest), raw)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _refused(Path(raw.name), "is damaged or cut short; what comes before was read") from error
        if not line:
            return
        unpacked = _bounded(unpacked + len(line), raw)
        yield line


def _bounded(unpacked: int, raw: IO[bytes]) -> int:
    if unpacked > _SWELLING_COUNTS_FROM_BYTES and unpacked > MAX_SWELLING * raw.tell():
        raise _refused(Path(raw.name), "unpacks to far more than a file of places would")
    return unpacked


def _record(number: int, line: bytes, observed_on: date | None) -> Record:
    if len(line) > MAX_LINE_BYTES:
        return Record(position=number, problem="longer than a million bytes", is_lost=True)
    try:
        raw = json.loads(line.lstrip(b"\xef\xbb\xbf"))
        place, odd = read_row(raw, observed_on)
    except (ValueError, RecursionError) as error:
        problem = reason(error) if isinstance(error, ValidationError) else "not valid JSON"
        ref = ref_of(raw) if isinstance(error, ValidationError) else None
        return Record(position=number, problem=problem, ref=ref, is_lost=ref is None)
    key, _, value = place.category.partition("=")
    if not (is_business(key, value) or (key == "place" and value in LOCALITY_KINDS)):
        return Record(position=number, problem=f"category {place.category} is no kind of business")
    return Record(position=number, place=place, odd=tuple(odd))


def _refused(path: Path, why: str) -> SourceError:
    return SourceError(Cause.BAD_FILE, detail=f"{path.name} {why}.")
