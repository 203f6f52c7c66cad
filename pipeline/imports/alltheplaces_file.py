"""Reads the output of AllThePlaces: GeoJSON, a file a spider, or the zip of them all.

Features are read one after the other, so that memory goes to one, however large a file is. A file in the zip that is
broken is a record that says so, and the others go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pipeline.imports.alltheplaces_row import record
from pipeline.imports.json_items import CHUNK_BYTES, MAX_ITEM, items
from pipeline.imports.packed_file import Broken, Member, day_of, members, refused
from pipeline.imports.record import Record

_ENDINGS = (".geojson", ".json")
_LACKING = "holds no file of AllThePlaces: no *.geojson is in it"
_HEAD = re.compile(r'\A\ufeff?\s*\{.*?"features"\s*:\s*\[', re.DOTALL)
_COLLECTION = re.compile(r'"type"\s*:\s*"FeatureCollection"')
_COLLECTED = re.compile(r'"spider:collection_time"\s*:\s*"(20\d\d-\d\d-\d\d)')
_FEATURE = re.compile(rb'"Feature"')


def count(paths: Sequence[Path]) -> int:
    """How many features there are, for saying how far an import is. Raises SourceError for what is neither a zip nor
    GeoJSON."""
    found = 0
    for member in _members(paths):
        try:
            with member.opened() as file:
                while chunk := file.read(CHUNK_BYTES):
                    # Up to the end of a line, so that no feature is cut in two.
                    found += len(_FEATURE.findall(chunk + file.readline(MAX_ITEM)))
        except Broken:
            continue
    return found


def observed_on(paths: Sequence[Path]) -> date | None:
    """The day of the newest of its files, as the zip or the spider says."""
    days: list[date | None] = []
    for member in _members(paths):
        if member.info:
            days.append(member.packed_on)
        else:
            with member.path.open("rb") as file:
                said = _COLLECTED.search(file.read(CHUNK_BYTES).decode(errors="replace"))
            days += [day_of(said[1])] if said else []
    return max((day for day in days if day), default=None)


def read(paths: Sequence[Path], observed_on: date | None = None, after: int = 0) -> Iterator[Record]:
    """Every feature as a Record, from behind the position ``after``. Raises SourceError as ``count`` does."""
    position = 0
    for member in _members(paths):
        spider = _spider(member)
        try:
            for feature in _features(member):
                position += 1
                if position > after:
                    yield record(position, feature, spider, observed_on)
        except Broken as broken:
            position += 1
            if position > after:
                why = f"{spider}: the file {broken}"
                yield Record(position=position, problem=why, is_lost=True)


def _members(paths: Sequence[Path]) -> Iterator[Member]:
    for path in paths:
        for member in members(path, _ENDINGS, _LACKING):
            if member.info is None:
                with path.open("rb") as file:
                    start = file.read(CHUNK_BYTES)
                if not _COLLECTION.search(start.decode(errors="replace")):
                    raise refused(path, "is neither a zip nor a GeoJSON file of AllThePlaces")
            yield member


def _spider(member: Member) -> str:
    """Whose file it is."""
    return Path(member.name).stem if member.info else member.name.split(".")[0]


def _features(member: Member) -> Iterator[object]:
    """The features of a file, one after the other. Raises Broken where it ends too early or is no GeoJSON."""
    with member.opened() as file:
        yield from items(file, _HEAD, "collection of features", "feature")
