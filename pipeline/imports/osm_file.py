"""Reads businesses and localities from an OpenStreetMap extract (``.osm.pbf``, ``.osm``, ``.osm.bz2`` ...).

The file is streamed. Memory goes to node locations, which large files keep in a temporary file instead, and
to one number per business node for telling a building from the business already drawn inside it.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import osmium
from osmium.osm import Area, Changeset, Node, Relation, Way

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.geo.location import KM_PER_DEGREE, distance_km
from pipeline.imports import osm_xml
from pipeline.imports.osm_points import Point, middle
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words.categories import BUSINESS_KEYS
from pipeline.words.osm_tags import LOCALITY_KINDS, category_of, place_from

# A node and an area with the same name and category closer than this are one business.
SAME_PLACE_KM = 0.06
_IN_MEMORY_UP_TO_BYTES = 300_000_000
_TILE_DEGREES = SAME_PLACE_KM / KM_PER_DEGREE

_UNPLACED = "has no position: the file lacks nodes of it"
# What the reader says of files people bring, and what to do about it.
_ADVICE = {
    "<way>: center": " Ask Overpass for “(._;>;); out meta;” instead of “out center”.",
    "<relation>: center": " Ask Overpass for “(._;>;); out meta;” instead of “out center”.",
    "nested too deep": " It may hold changes; ask Overpass for “(._;>;); out meta;” without [diff] or [adiff].",
    "line 1, column 0": " It is no XML; a file of one JSON object a line is read with import-places.",
}

Box = tuple[float, float, float, float]
_Item = Node | Way | Relation | Area | Changeset


def observed_on(path: Path) -> date | None:
    """The day of the snapshot: what the file's header says, else the day of its newest business."""
    with _readable(path):
        header = osmium.io.Reader(str(path)).header()
        stamp = header.get("osmosis_replication_timestamp") or header.get("timestamp")
        if stamp:
            return datetime.fromisoformat(stamp).astimezone(UTC).date()
        items = osmium.FileProcessor(str(path)).with_filter(_key_filter())
        latest = max((item.timestamp for item in items if not isinstance(item, Changeset)), default=None)
        return None if latest is None or latest.year < 2004 else latest.date()


def box(path: Path) -> Box | None:
    """South, west, north and east of what the file covers, when its header says so."""
    with _readable(path):
        bounds = osmium.io.Reader(str(path)).header().box()
        if not bounds.valid():
            return None
        low, high = bounds.bottom_left, bounds.top_right
        return low.lat, low.lon, high.lat, high.lon


def count(path: Path) -> int:
    """How many named objects the file has that may be businesses, for saying how far an import is."""
    with _readable(path):
        return sum(
            1 for _ in osmium.FileProcessor(str(path)).with_filter(_named()).with_filter(_key_filter())
        )


def read(path: Path, observed_on: date | None = None) -> Iterator[Record]:
    """Every named business and locality as a Record; closed businesses are among them, deleted objects are not.

    Raises SourceError when the file cannot be read as OpenStreetMap data, or is not all there was.
    """
    seen = Seen()
    position = 0
    with _readable(path), tempfile.TemporaryDirectory() as folder:
        _refuse_history(path)
        said = osm_xml.said(path)
        for found in _places(path, _storage(path, Path(folder)), observed_on, said.gone):
            if isinstance(found, Place) and seen.before(found):
                continue
            position += 1
            if isinstance(found, Place):
                yield Record(position=position, place=found)
            else:
                yield Record(position=position, problem=f"{found} {_UNPLACED}", ref=found)
    if said.remark:
        raise SourceError(
            Cause.BAD_FILE, detail=f"{path.name} is not complete: the server stopped ({said.remark.strip()})."
        )


def _refuse_history(path: Path) -> None:
    is_history = osmium.io.Reader(str(path)).header().has_multiple_object_versions
    if is_history or {".osc", ".osh"} & set(path.suffixes):
        raise SourceError(
            Cause.BAD_FILE,
            detail=f"{path.name} holds changes or several versions of each object. Import the extract as it stands:"
            " “osmium apply-changes” or “osmium time-filter” make one.",
        )


def _places(
    path: Path, storage: str, observed_on: date | None, gone: Container[str]
) -> Iterator[Place | str]:
    """Every place; of an object whose position the file lacks, its id."""
    processor = (
        osmium.FileProcessor(str(path))
        .with_locations(storage)
        .with_areas(osmium.filter.KeyFilter(*BUSINESS_KEYS))
        .with_filter(_named())
        .with_filter(_key_filter())
    )
    outlines: dict[str, None] = {}
    for item in processor:
        tags = {tag.k: tag.v.replace("\x00", "") for tag in item.tags}
        category = _locality(item, tags) or category_of(tags)
        ref = _ref(item)
        if category is None or ref is None or not tags["name"].strip():
            continue
        if ref in gone or not getattr(item, "visible", True):
            continue
        if isinstance(item, Relation):
            # Its area comes later, unless parts of its outline are missing.
            outlines |= {ref: None} if tags.get("type") in ("multipolygon", "boundary") else {}
            continue
        outlines.pop(ref, None)
        point = _point(item)
        if point is None:
            yield ref
            continue
        if ref.startswith("relation/"):
            tags.pop("type", None)
        yield place_from(ref, tags, category, *_rounded(point), observed_on)
    yield from outlines


def _named() -> osmium.filter.KeyFilter:
    return osmium.filter.KeyFilter("name")


def _key_filter() -> osmium.filter.KeyFilter:
    return osmium.filter.KeyFilter(*BUSINESS_KEYS, "place")


def _locality(item: _Item, tags: Mapping[str, str]) -> str | None:
    if isinstance(item, Node) and tags.get("place") in LOCALITY_KINDS:
        return f"place={tags['place']}"
    return None


def _ref(item: _Item) -> str | None:
    """The id people know an object by; the area of a closed way is that way again."""
    if isinstance(item, Area):
        return None if item.from_way() else f"relation/{item.orig_id()}"
    for kind, name in ((Node, "node"), (Way, "way"), (Relation, "relation")):
        if isinstance(item, kind):
            return f"{name}/{item.id}"
    return None


def _point(item: _Item) -> Point | None:
    """Where it is; None when the file lacks its nodes."""
    if isinstance(item, Node):
        return (item.location.lat, item.location.lon) if item.location.valid() else None
    if isinstance(item, Way):
        return middle([[(node.lat, node.lon) for node in item.nodes if node.location.valid()]])
    if isinstance(item, Area):
        return middle([[(node.lat, node.lon) for node in ring] for ring in item.outer_rings()])
    return None


def _rounded(point: Point) -> Point:
    # OpenStreetMap stores seven decimals, about a centimetre.
    return round(point[0], 7), round(point[1], 7)


class Seen:
    """Remembers business nodes and finds the one an area repeats. Files list nodes before areas."""

    def __init__(self) -> None:
        self._nodes: dict[int, int] = {}

    def before(self, place: Place) -> bool:
        """Whether ``place`` is an area for a node seen earlier; nodes are remembered."""
        lat, lon = place.point
        row, column = math.floor(lat / _TILE_DEGREES), math.floor(lon / _column_width(lat))
        if place.source_ref.startswith("node/"):
            self._nodes[_tile(place, row, column)] = _packed(place)
            return False
        tiles = (_tile(place, row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1))
        return any(self._is_near(place, tile) for tile in tiles)

    def _is_near(self, place: Place, tile: int) -> bool:
        packed = self._nodes.get(tile)
        if packed is None:
            return False
        lat, lon = divmod(packed, 1 << 32)
        return distance_km(*place.point, lat / 1e7 - 90, lon / 1e7 - 180) <= SAME_PLACE_KM


def _column_width(lat: float) -> float:
    # Latitude in whole degrees, so that neighbours share one width; at most 89 keeps it finite.
    return _TILE_DEGREES / math.cos(math.radians(min(89, abs(round(lat)) + 1)))


def _tile(place: Place, row: int, column: int) -> int:
    return hash((place.name, place.category, row, column))


def _packed(place: Place) -> int:
    lat, lon = place.point
    return (round((lat + 90) * 1e7) << 32) + round((lon + 180) * 1e7)


def _storage(path: Path, folder: Path) -> str:
    if path.stat().st_size <= _IN_MEMORY_UP_TO_BYTES:
        return "flex_mem"
    return f"sparse_file_array,{folder / 'nodes'}"


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, osmium.InvalidLocationError) as error:
        reason = str(error).splitlines()[0] if str(error) else "unreadable"
        advice = next((said for sign, said in _ADVICE.items() if sign in reason), "")
        raise SourceError(
            Cause.BAD_FILE, detail=f"{path.name} cannot be read as OpenStreetMap data ({reason}).{advice}"
        ) from error
