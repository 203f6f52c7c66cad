"""Reads the basic company data of UK Companies House: CSV, or the zip of it as it is downloaded.

A row at a time, so that memory stays the same however large the file is. Some of its headings begin with blanks; texts
are UTF-8, and rows that are not are read as Windows writes them.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

from pipeline.imports.companies_house_row import COLUMNS, NEEDED, record
from pipeline.imports.json_items import CHUNK_BYTES
from pipeline.imports.packed_file import Broken, Member, day_of, members, refused
from pipeline.imports.record import Record

_DAY = re.compile(r"20\d\d-\d\d-\d\d")
_LACKING = "holds no CSV file of companies"
_LONGEST_LINE = 1 << 20


def count(paths: Sequence[Path]) -> int:
    """How many rows there are, for saying how far an import is. Raises SourceError as ``read`` does."""
    found = 0
    for member in _members(paths):
        with _opened(member) as file:
            lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK_BYTES), b""))
        found += max(lines - 1, 0)
    return found


def observed_on(paths: Sequence[Path]) -> date | None:
    """The day in the file's name, or in that of the file in the zip."""
    names = [name for member in _members(paths) for name in (member.name, member.path.name)]
    found = (day_of(text) for name in names for text in _DAY.findall(name))
    return max((day for day in found if day), default=None)


def read(paths: Sequence[Path], observed_on: date | None = None, after: int = 0) -> Iterator[Record]:
    """Every row as a Record, from behind the position ``after``. Raises SourceError for a file that is none of
    Companies House's, or is damaged; the records before that point have been yielded."""
    position = 0
    for member in _members(paths):
        with _opened(member) as file:
            rows = csv.reader(_lines(file))
            columns = _columns(member, rows)
            for cells in _cells(rows):
                position += 1
                if position > after:
                    yield _record(position, columns, cells, observed_on)


def _members(paths: Sequence[Path]) -> Iterator[Member]:
    for path in paths:
        yield from members(path, (".csv",), _LACKING)


@contextmanager
def _opened(member: Member) -> Iterator[IO[bytes]]:
    """The bytes of a file. Raises SourceError when they are damaged."""
    try:
        with member.opened() as file:
            yield file
    except Broken as broken:
        raise refused(Path(member.name), f"{broken}; what comes before was read") from broken


def _lines(file: IO[bytes]) -> Iterator[str]:
    mark = codecs.BOM_UTF8
    for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
        try:
            yield line.removeprefix(mark).decode()
        except UnicodeDecodeError:
            yield line.decode("cp1252", errors="replace")


def _columns(member: Member, rows: Iterator[list[str]]) -> Mapping[str, int]:
    """The number of each column that is read. Raises SourceError for a file without those that are needed."""
    titles = [title.strip() for title in next(_cells(rows), None) or ()]
    lacks = [name for name in NEEDED if name not in titles]
    if lacks:
        raise refused(
            Path(member.name),
            f"is no basic company data of Companies House: it has no {' and no '.join(lacks)}",
        )
    return {name: titles.index(name) for name in COLUMNS if name in titles}


def _cells(rows: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """The rows one by one, without empty lines; None for one that cannot be read: a quotation mark was left open."""
    while True:
        try:
            if cells := next(rows):
                yield cells
        except StopIteration:
            return
        except csv.Error:
            yield None


def _record(
    position: int, columns: Mapping[str, int], cells: list[str] | None, observed_on: date | None
) -> Record:
    if cells is None or len(cells) <= max(columns.values()):
        why = "is too long: is a quotation mark open?" if cells is None else "has too few cells"
        return Record(position=position, problem=f"the row {why}", is_lost=True)
    return record(position, {name: cells[number] for name, number in columns.items()}, observed_on)
