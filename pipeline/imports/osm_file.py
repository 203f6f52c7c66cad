"""Reads businesses and localities from an OpenStreetMap extract (``.osm.pbf``, ``.osm``, ``.osm.bz2`` ...).

The file is streamed. Memory goes to node locations, which large files keep in a temporary file instead, and
to one number per business node for telling a building from the business already drawn inside it.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import osmium
from osmium.osm import Area, Changeset, Node, Relation, Way

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.geo.location import KM_PER_DEGREE, distance_km
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words.categories import BUSINESS_KEYS
from pipeline.words.osm_tags import LOCALITY_KINDS, category_of, place_from

# A node and an area with the same name and category closer than this are one business.
SAME_PLACE_KM = 0.06
_IN_MEMORY_UP_TO_BYTES = 300_000_000
_TILE_DEGREES = SAME_PLACE_KM / KM_PER_DEGREE

_Point = tuple[float, float]
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


def read(path: Path, observed_on: date | None = None) -> Iterator[Record]:
    """Every named business and locality as a Record; closed businesses are among them.

    Raises SourceError when the file cannot be read as OpenStreetMap data.
    """
    seen = _Seen()
    position = 0
    with _readable(path), tempfile.TemporaryDirectory() as folder:
        for place in _places(path, _storage(path, Path(folder)), observed_on):
            if not seen.before(place):
                position += 1
                yield Record(position=position, place=place)


def _places(path: Path, storage: str, observed_on: date | None) -> Iterator[Place]:
    processor = (
        osmium.FileProcessor(str(path))
        .with_locations(storage)
        .with_areas(osmium.filter.KeyFilter(*BUSINESS_KEYS))
        .with_filter(osmium.filter.KeyFilter("name"))
        .with_filter(_key_filter())
    )
    for item in processor:
        tags = {tag.k: tag.v.replace("\x00", "") for tag in item.tags}
        category = _locality(item, tags) or category_of(tags)
        if category is None or not tags["name"].strip():
            continue
        located = _ref_and_point(item)
        if located is not None:
            if located[0].startswith("relation/"):
                tags.pop("type", None)
            yield place_from(located[0], tags, category, *_rounded(located[1]), observed_on)


def _key_filter() -> osmium.filter.KeyFilter:
    return osmium.filter.KeyFilter(*BUSINESS_KEYS, "place")


def _locality(item: _Item, tags: Mapping[str, str]) -> str | None:
    if isinstance(item, Node) and tags.get("place") in LOCALITY_KINDS:
        return f"place={tags['place']}"
    return None


def _ref_and_point(item: _Item) -> tuple[str, _Point] | None:
    if isinstance(item, Node):
        return f"node/{item.id}", (item.location.lat, item.location.lon)
    if isinstance(item, Way):
        point = _middle([[(node.lat, node.lon) for node in item.nodes if node.location.valid()]])
        return (f"way/{item.id}", point) if point else None
    if isinstance(item, Area) and not item.from_way():
        point = _middle([[(node.lat, node.lon) for node in ring] for ring in item.outer_rings()])
        return (f"relation/{item.orig_id()}", point) if point else None
    return None


def _middle(lines: Iterable[list[_Point]]) -> _Point | None:
    """The centroid of closed rings, weighted by area; the mean of the points when there is no area."""
    kept = [line for line in lines if line]
    centroids = [_ring_centroid(ring) for ring in kept if len(ring) > 3 and ring[0] == ring[-1]]
    area = sum(weight for weight, _, _ in centroids)
    if centroids and area:
        return (
            sum(weight * lat for weight, lat, _ in centroids) / area,
            sum(weight * lon for weight, _, lon in centroids) / area,
        )
    points = [point for line in kept for point in line]
    if not points:
        return None
    return sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points)


def _ring_centroid(ring: list[_Point]) -> tuple[float, float, float]:
    """Area (in square degrees, unsigned) and centroid by the shoelace formula, from the first point on."""
    lat_0, lon_0 = ring[0]
    shifted = [(lat - lat_0, lon - lon_0) for lat, lon in ring]
    area = lat_sum = lon_sum = 0.0
    for (lat_a, lon_a), (lat_b, lon_b) in pairwise(shifted):
        cross = lon_a * lat_b - lon_b * lat_a
        area += cross
        lat_sum += (lat_a + lat_b) * cross
        lon_sum += (lon_a + lon_b) * cross
    if not area:
        return 0.0, lat_0, lon_0
    return abs(area), lat_0 + lat_sum / (3 * area), lon_0 + lon_sum / (3 * area)


def _rounded(point: _Point) -> _Point:
    # OpenStreetMap stores seven decimals, about a centimetre.
    return round(point[0], 7), round(point[1], 7)


class _Seen:
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
        raise SourceError(
            Cause.BAD_FILE, detail=f"{path.name} cannot be read as OpenStreetMap data ({reason})."
        ) from error
