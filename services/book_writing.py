"""Leads of the book written into a file one after another, so that any number of them needs the same memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from pipeline.output.export import BOOK, About, ExportFormat, ExportRow, Layout
from services import data_sheets
from services.data_sheets import Taking, Tally
from services.lead_filter import LeadFilter, in_words
from services.leaving import row_that_leaves
from services.results import LeadSort
from store import book
from store.database import Connection

EVERYTHING = "every company of the workspace"
_ID_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is taken: the leads, their order, and how they are written down."""

    filter: LeadFilter
    sort: LeadSort
    format: ExportFormat
    layout: Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The book leads are read from, who takes them, and the moment; ``simulated`` are campaigns a stand-in answered,
    ``kept_here`` origins whose values stay."""

    workspace_id: UUID
    taking: Taking
    simulated: frozenset[UUID]
    kept_here: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came into a file. ``withheld`` leads lost values that a provider's terms keep here, ``left_out`` are not in
    it, because the format cannot take them."""

    rows: int
    withheld: int
    left_out: int
    is_simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where leads are written: the file, and apart from it the ids of those that are in it."""

    file: BinaryIO
    ids: BinaryIO

    def parts(self, most: int) -> Iterator[list[UUID]]:
        """The ids, so many at once."""
        self.ids.seek(0)
        while data := self.ids.read(most * _ID_BYTES):
            yield [UUID(bytes=data[at : at + _ID_BYTES]) for at in range(0, len(data), _ID_BYTES)]


def write(
    conn: Connection, source: Source, wanted: Wanted, into: Target, passed: Callable[[int], None]
) -> Written:
    """Write the leads into a file; ``passed`` is told, now and then, how many have gone by, and may raise to stop.

    A format that does not write row by row (``ExportFormat.stream``) holds them all in memory.
    """
    file = _File(source, wanted)
    rows = file.rows(conn, into.ids, passed)
    wanted.format.pour(rows, file.about, wanted.layout, into.file)
    return Written(
        rows=file.tally.rows,
        withheld=file.tally.withheld,
        left_out=file.left_out,
        is_simulated=file.is_simulated,
    )


class _File:
    """A file while it is written: what went by so far."""

    def __init__(self, source: Source, wanted: Wanted) -> None:
        self._source, self._wanted = source, wanted
        self.tally = Tally(source.kept_here)
        self.left_out = 0
        self.is_simulated = False

    def rows(self, conn: Connection, ids: BinaryIO, passed: Callable[[int], None]) -> Iterator[ExportRow]:
        source, wanted, seen = self._source, self._wanted, 0
        where = wanted.filter.where()
        for part in book.every(conn, source.workspace_id, where, wanted.sort, source.simulated):
            for is_simulated, lead in part:
                row = row_that_leaves(lead, source.kept_here, is_simulated=is_simulated)
                if wanted.format.takes is not None and not wanted.format.takes(row):
                    self.left_out += 1
                    continue
                self.tally.see(lead)
                self.is_simulated |= is_simulated
                ids.write(lead.id.bytes)
                yield row
            seen += len(part)
            passed(seen)

    def about(self) -> About:
        words, source = in_words(self._wanted.filter, EVERYTHING), self._source
        sheet = data_sheets.of_tally(source.taking, BOOK, words, self.tally, source.at)
        return About(
            spec=None,
            filtered_by=words,
            exported_at=source.at,
            attribution=self.tally.attribution,
            licence=self.tally.licence,
            withheld=self.tally.withheld,
            withheld_by=self.tally.withheld_by,
            is_simulated=self.is_simulated,
            data_sheet=tuple(sheet),
        )
