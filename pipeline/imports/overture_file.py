"""Reads the places of Overture from its GeoParquet files, a batch of a row group at a time.

A box is held against the statistics of the row groups first: those that lie outside are never read. Memory goes to one
batch, however large the files. Both schemas are read: that with ``taxonomy`` and the older one with ``categories``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.imports.overture_row import point_of, record
from pipeline.imports.record import Record

BATCH_ROWS = 4_096
_NEEDED = ("id", "geometry", "names")
_KINDS = ("taxonomy", "basic_category", "categories")
_STRUCTS = ("names", "taxonomy", "categories")
# What is read of a row, by paths of Parquet without the levels of lists; the rest is left in the file.
_WANTED = frozenset(
    {
        *("id", "geometry", "names.primary", "operating_status", "websites", "socials", "emails", "phones"),
        *("bbox.xmin", "bbox.xmax", "bbox.ymin", "bbox.ymax", "basic_category"),
        *("taxonomy.primary", "taxonomy.hierarchy", "taxonomy.alternates"),
        *("categories.primary", "categories.alternate", "brand.names.primary", "brand.wikidata"),
        *("addresses.freeform", "addresses.locality", "addresses.postcode", "addresses.region"),
        *("addresses.country", "sources.dataset", "sources.license"),
    }
)
_LEVELS = re.compile(r"\.list\.(element|item)\b")
_RELEASE = re.compile(r"\b(20\d\d-\d\d-\d\d)\.\d+\b")
_UPDATED = "sources.update_time"

Box = tuple[float, float, float, float]
"""South, west, north and east, WGS 84 degrees."""


@dataclass(frozen=True, slots=True)
class Part:
    """A row group that may hold rows of a box: its rows count from ``start`` (from 0) over all files."""

    path: Path
    number: int
    start: int
    rows: int


def parts(paths: Sequence[Path], box: Box | None = None) -> list[Part]:
    """The row groups that may hold places in a box, in order. Raises SourceError for what is no file of places."""
    found = []
    start = 0
    for path in paths:
        with _opened(path) as file:
            for number in range(file.num_row_groups):
                group = file.metadata.row_group(number)
                if box is None or _meet(_extent(group), box):
                    found.append(Part(path, number, start, group.num_rows))
                    start += group.num_rows
    return found


def count_rows(paths: Sequence[Path], box: Box | None = None) -> int:
    """How many rows there are to read, for saying how far an import is."""
    return sum(part.rows for part in parts(paths, box))


def extent(paths: Sequence[Path]) -> Box | None:
    """The box that all places of the files lie in, as far as their statistics tell."""
    boxes = []
    for path in paths:
        with _opened(path) as file:
            boxes += [_extent(file.metadata.row_group(number)) for number in range(file.num_row_groups)]
    known = [box for box in boxes if box]
    if not known or len(known) < len(boxes):
        return None
    south, west, north, east = zip(*known, strict=True)
    return min(south), min(west), max(north), max(east)


def observed_on(paths: Sequence[Path]) -> date | None:
    """The day of the snapshot: that of the release a folder is named by, else the newest a row was changed."""
    if release := next((found for path in paths if (found := _RELEASE.search(str(path)))), None):
        return date.fromisoformat(release[1])
    newest = []
    for path in paths:
        with _opened(path) as file:
            groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
            newest += [
                str(most) for group in groups if (most := _statistics(group).get(_UPDATED, ("", ""))[1])
            ]
    days = [day for text in newest if (day := _day(text))]
    return max(days, default=None)


def read(
    paths: Sequence[Path], observed_on: date | None = None, box: Box | None = None, after: int = 0
) -> Iterator[Record]:
    """Every row in the box as a Record, from behind the position ``after``; closed businesses are among them.

    Raises SourceError for a file that cannot be read, or not to its end.
    """
    for part in parts(paths, box):
        if part.start + part.rows <= after:
            continue
        with _opened(part.path) as file:
            columns = [file.schema.column(number).path for number in range(len(file.schema))]
            wanted = [column for column in columns if _LEVELS.sub("", column) in _WANTED]
            if box is None:
                wanted = [column for column in wanted if not column.startswith("bbox.")]
            position = part.start
            for batch in file.iter_batches(BATCH_ROWS, [part.number], wanted):
                if position + batch.num_rows > after:
                    yield from _records(batch, position, observed_on, box)
                position += batch.num_rows


def _records(
    batch: pa.RecordBatch, position: int, observed_on: date | None, box: Box | None
) -> Iterator[Record]:
    places: Iterator[int] = count(position + 1)
    if box and "bbox" in batch.schema.names:
        near = pc.indices_nonzero(_near(batch.column("bbox"), box))
        batch = batch.take(near).drop_columns(["bbox"])
        places = (position + 1 + index for index in near.to_pylist())
    for number, raw in zip(places, batch.to_pylist(), strict=False):
        point = point_of(raw["geometry"])
        if box is None or point is None or _is_in(point, box):
            yield record(number, raw, point, observed_on)


def _near(bbox: pa.StructArray, box: Box) -> pa.BooleanArray:
    """Rows whose own box meets ours; one without a box may."""
    south, west, north, east = box
    sides: list[tuple[str, Callable[..., pa.BooleanArray], float]] = [
        ("ymax", pc.greater_equal, south),
        ("xmax", pc.greater_equal, west),
        ("ymin", pc.less_equal, north),
        ("xmin", pc.less_equal, east),
    ]
    met = pa.array([True] * len(bbox))
    for name, compare, edge in sides:
        side = pc.cast(pc.struct_field(bbox, name), pa.float64())
        met = pc.and_(met, pc.fill_null(compare(side, edge), True))
    return met


def _is_in(point: tuple[float, float], box: Box) -> bool:
    lon, lat = point
    south, west, north, east = box
    return south <= lat <= north and west <= lon <= east


def _meet(extent: Box | None, box: Box) -> bool:
    """Whether a row group may hold places of a box."""
    if extent is None:
        return True
    south, west, north, east = extent
    return south <= box[2] and north >= box[0] and west <= box[3] and east >= box[1]


def _extent(group: pq.RowGroupMetaData) -> Box | None:
    said = _statistics(group)
    names = ("bbox.ymin", "bbox.xmin", "bbox.ymax", "bbox.xmax")
    if any(name not in said for name in names):
        return None
    south, west, north, east = (said[name] for name in names)
    return float(south[0]), float(west[0]), float(north[1]), float(east[1])


def _statistics(group: pq.RowGroupMetaData) -> dict[str, tuple[str, str]]:
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


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            lacking = [name for name in _NEEDED if name not in names]
            if lacking or not set(_KINDS) & set(names):
                what = " and no ".join(lacking) or "categories"
                raise _refused(path, f"is no file of Overture's places: it has no {what}")
            told = (name for name in _STRUCTS if name in names)
            if not all(pa.types.is_struct(file.schema_arrow.field(name).type) for name in told):
                raise _refused(
                    path, "is no file of Overture's places as they are published: it has them as texts"
                )
            yield file
    except pa.ArrowInvalid as error:
        reason = str(error).splitlines()[0][:120]
        raise _refused(path, f"cannot be read as Parquet ({reason})") from error


def _refused(path: Path, why: str) -> SourceError:
    return SourceError(Cause.BAD_FILE, detail=f"{path.name} {why}.")
