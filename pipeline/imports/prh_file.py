"""Reads the open data of PRH: answers of its interface (``{"companies": […]}``), and the whole, a zip with JSON in it.

A company at a time, so that memory goes to one, however large a file is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pipeline.imports.json_items import CHUNK_BYTES, items
from pipeline.imports.packed_file import Broken, Member, day_of, members, refused
from pipeline.imports.prh_row import record
from pipeline.imports.record import Record

_HEAD = re.compile(r'\A\ufeff?\s*(\[(?=\s*[{\]])|\{[^\[]*"companies"\s*:\s*\[)')
_COMPANY = re.compile(rb'"businessId"\s*:')
_MODIFIED = re.compile(rb'"lastModified"\s*:\s*"(20\d\d-\d\d-\d\d)')
_LACKING = "holds no JSON file of companies"


def count(paths: Sequence[Path]) -> int:
    """How many companies there are, for saying how far an import is. Raises SourceError as ``read`` does."""
    return sum(len(_COMPANY.findall(part)) for member in _members(paths) for part in _parts(member))


def observed_on(paths: Sequence[Path]) -> date | None:
    """The day of the newest file of a zip, else that of the newest change of a company."""
    days: set[date | None] = set()
    for member in _members(paths):
        if member.info:
            days.add(member.packed_on)
        else:
            said = {day for part in _parts(member) for day in _MODIFIED.findall(part)}
            days |= {day_of(day.decode()) for day in said}
    return max((day for day in days if day), default=None)


def read(paths: Sequence[Path], observed_on: date | None = None, after: int = 0) -> Iterator[Record]:
    """Every company as a Record, from behind the position ``after``. Raises SourceError for a file that is none of
    PRH's, or ends too early; the records before that point have been yielded."""
    position = 0
    for member in _members(paths):
        try:
            with member.opened() as file:
                for company in items(file, _HEAD, "JSON file of companies as PRH publishes it", "company"):
                    position += 1
                    if position > after:
                        yield record(position, company, observed_on)
        except Broken as broken:
            before = "; what comes before was read" if position else ""
            raise refused(Path(member.name), f"{broken}{before}") from broken


def _members(paths: Sequence[Path]) -> Iterator[Member]:
    for path in paths:
        yield from members(path, (".json",), _LACKING)


def _parts(member: Member) -> Iterator[bytes]:
    """The bytes of a file in parts that cut no name of a field in two."""
    try:
        with member.opened() as file:
            kept = b""
            while chunk := file.read(CHUNK_BYTES):
                whole, comma, rest = (kept + chunk).rpartition(b",")
                yield whole + comma
                kept = rest
            yield kept
    except Broken as broken:
        raise refused(Path(member.name), str(broken)) from broken
