"""Reads places from files of Parquet, a batch of a row group at a time, whoever publishes them.

A box is held against the statistics of the row groups first: those that lie outside are never read. Memory goes to one
batch, however large the files.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.imports.record import Record
from pipeline.imports.remote_file import Remote

BATCH_ROWS = 4_096
_LEVELS = re.compile(r"\.list\.(element|item)\b")
_WKB_POINT = struct.Struct("<BI2d")
_POINT_TYPE = 1

Box = tuple[float, float, float, float]
"""South, west, north and east, WGS 84 degrees."""
File = Path | Remote
"""On this machine, or on a server that is read in place."""
Point = tuple[float, float]
"""Longitude and latitude."""
Raw = Mapping[str, Any]
"""A row as the file has it: what it lacks is missing or None."""


@dataclass(frozen=True, slots=True)
class Part:
    """A row group that may hold rows of a box: its rows count from ``start`` (from 0) over all files."""

    file: File
    number: int
    start: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How somebody publishes places: what of the files is read, and what a row of them says.

    ``wanted`` columns are paths of Parquet without the levels of lists; ``check`` says why a file with this schema is
    none of them, empty when it is one. ``sides`` are the columns that hold the least and most of latitudes and
    longitudes, as ``Box`` has them, of the first that a file has. ``release`` finds a day in the path, and the column
    ``updated`` says when a row was changed.
    """

    wanted: frozenset[str]
    check: Callable[[pa.Schema], str]
    sides: Sequence[tuple[str, str, str, str]]
    point: Callable[[Raw], Point | None]
    record: Callable[[int, Raw, Point | None, date | None], Record]
    release: re.Pattern[str]
    updated: str

    def parts(self, files: Sequence[File], box: Box | None = None) -> list[Part]:
        """The row groups that may hold places in a box, in order. Raises SourceError for what is no file of places."""
        found = []
        start = 0
        for file in files:
            with self._opened(file) as opened:
                for number in range(opened.num_row_groups):
                    group = opened.metadata.row_group(number)
                    if box is None or _meet(self._extent(group), box):
                        found.append(Part(file, number, start, group.num_rows))
                        start += group.num_rows
        return found

    def count_rows(self, files: Sequence[File], box: Box | None = None) -> int:
        """How many rows there are to read, for saying how far an import is."""
        return sum(part.rows for part in self.parts(files, box))

    def extent(self, files: Sequence[File]) -> Box | None:
        """The box that all places of the files lie in, as far as their statistics tell."""
        boxes = []
        for file in files:
            with self._opened(file) as opened:
                groups = range(opened.num_row_groups)
                boxes += [self._extent(opened.metadata.row_group(number)) for number in groups]
        known = [box for box in boxes if box]
        if not known or len(known) < len(boxes):
            return None
        south, west, north, east = zip(*known, strict=True)
        return min(south), min(west), max(north), max(east)

    def observed_on(self, files: Sequence[File]) -> date | None:
        """The day of the snapshot: that of the release a folder is named by, else the newest a row was changed."""
        if release := next((found for file in files if (found := self.release.search(str(file)))), None):
            return _day(release[1])
        newest = []
        for file in files:
            with self._opened(file) as opened:
                groups = (opened.metadata.row_group(number) for number in range(opened.num_row_groups))
                newest += [
                    str(most)
                    for group in groups
                    if (most := _statistics(group).get(self.updated, ("", ""))[1])
                ]
        return max((day for text in newest if (day := _day(text))), default=None)

    def read(
        self, files: Sequence[File], observed_on: date | None = None, box: Box | None = None, after: int = 0
    ) -> Iterator[Record]:
        """Every row in the box as a Record, from behind the position ``after``; closed businesses are among them.

        Raises SourceError for a file that cannot be read, or not to its end.
        """
        rest = (part for part in self.parts(files, box) if part.start + part.rows > after)
        for file, parts in groupby(rest, lambda part: part.file):
            with self._opened(file) as opened:
                columns = self._columns(opened, box)
                for part in parts:
                    position = part.start
                    for batch in opened.iter_batches(BATCH_ROWS, [part.number], columns):
                        if position + batch.num_rows > after:
                            yield from self._records(batch, position, observed_on, box)
                        position += batch.num_rows

    def _columns(self, file: pq.ParquetFile, box: Box | None) -> list[str]:
        columns = [file.schema.column(number).path for number in range(len(file.schema))]
        wanted = [column for column in columns if _LEVELS.sub("", column) in self.wanted]
        return wanted if box else [column for column in wanted if not column.startswith("bbox.")]

    def _records(
        self, batch: pa.RecordBatch, position: int, observed_on: date | None, box: Box | None
    ) -> Iterator[Record]:
        places: Iterator[int] = count(position + 1)
        sides = next((found for found in self.sides if _has(batch.schema, found)), None)
        if box and sides:
            near = pc.indices_nonzero(_near(batch, sides, box))
            batch = batch.take(near)
            places = (position + 1 + index for index in near.to_pylist())
        if "bbox" in batch.schema.names:
            batch = batch.drop_columns(["bbox"])
        for number, raw in zip(places, batch.to_pylist(), strict=False):
            point = self.point(raw)
            if box is None or point is None or _is_in(point, box):
                yield self.record(number, raw, point, observed_on)

    def _extent(self, group: pq.RowGroupMetaData) -> Box | None:
        said = _statistics(group)
        for sides in self.sides:
            if all(name in said for name in sides):
                south, west, north, east = (said[name] for name in sides)
                return float(south[0]), float(west[0]), float(north[1]), float(east[1])
        return None

    @contextmanager
    def _opened(self, file: File) -> Iterator[pq.ParquetFile]:
        try:
            with file.opened() if isinstance(file, Remote) else pq.ParquetFile(file) as opened:
                if why := self.check(opened.schema_arrow):
                    raise _refused(file, why)
                yield opened
        except pa.ArrowInvalid as error:
            reason = str(error).splitlines()[0][:120]
            raise _refused(file, f"cannot be read as Parquet ({reason})") from error


def lacking(schema: pa.Schema, needed: Sequence[str]) -> str:
    """The columns a schema lacks, as a sentence ends with them."""
    return " and no ".join(name for name in needed if name not in schema.names)


def point_of(geometry: bytes | None) -> Point | None:
    """Longitude and latitude of a point in well-known binary (little-endian, as GeoParquet writes it)."""
    if geometry is None or len(geometry) != _WKB_POINT.size:
        return None
    order, kind, lon, lat = _WKB_POINT.unpack(geometry)
    return (lon, lat) if (order, kind) == (1, _POINT_TYPE) else None


def _has(schema: pa.Schema, sides: Sequence[str]) -> bool:
    return all(name.partition(".")[0] in schema.names for name in sides)


def _near(batch: pa.RecordBatch, sides: Sequence[str], box: Box) -> pa.BooleanArray:
    """Rows whose own box meets ours; one without a box may."""
    south, west, north, east = box
    least_lat, least_lon, most_lat, most_lon = sides
    tests: list[tuple[str, Callable[..., pa.BooleanArray], float]] = [
        (most_lat, pc.greater_equal, south),
        (most_lon, pc.greater_equal, west),
        (least_lat, pc.less_equal, north),
        (least_lon, pc.less_equal, east),
    ]
    met = pa.array([True] * batch.num_rows)
    for name, compare, edge in tests:
        column, *inner = name.split(".")
        values = pc.struct_field(batch.column(column), inner) if inner else batch.column(column)
        met = pc.and_(met, pc.fill_null(compare(pc.cast(values, pa.float64()), edge), True))
    return met


def _is_in(point: Point, box: Box) -> bool:
    lon, lat = point
    south, west, north, east = box
    return south <= lat <= north and west <= lon <= east


def _meet(extent: Box | None, box: Box) -> bool:
    """Whether a row group may hold places of a box."""
    if extent is None:
        return True
    south, west, north, east = extent
    return south <= box[2] and north >= box[0] and west <= box[3] and east >= box[1]


def _statistics(group: pq.RowGroupMetaData) -> dict[str, tuple[Any, Any]]:
    """Least and most of the columns that say it."""
    found = {}
    for number in range(group.num_columns):
        column = group.column(number)
        if column.statistics is not None and column.statistics.has_min_max:
            least, most = column.statistics.min, column.statistics.max
            found[_LEVELS.sub("", column.path_in_schema)] = least, most
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _refused(file: File, why: str) -> SourceError:
    return SourceError(Cause.BAD_FILE, detail=f"{file.name} {why}.")
