"""Reading an OpenStreetMap extract written for the test."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from pipeline.errors import SourceError
from pipeline.geo.location import distance_km
from pipeline.imports import osm_file
from pipeline.place import Place

_SEEN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


class _Extract:
    """Nodes, ways and relations of a small town, numbered as they come."""

    def __init__(self) -> None:
        self._objects: list[Any] = []
        self._next = 1

    def node(self, lat: float, lon: float, **tags: str) -> int:
        return self._add(Node(location=(lon, lat), **self._common(tags)))

    def square(self, lat: float, lon: float, **tags: str) -> int:
        half = 0.0001
        corners = [(-half, -half), (-half, half), (half, half), (half, -half)]
        ids = [self.node(lat + down, lon + right) for down, right in corners]
        return self._add(Way(nodes=[*ids, ids[0]], **self._common(tags)))

    def relation(self, members: list[tuple[str, int, str]], **tags: str) -> int:
        return self._add(Relation(members=members, **self._common(tags)))

    def way(self, nodes: list[int], **tags: str) -> int:
        return self._add(Way(nodes=nodes, **self._common(tags)))

    def _common(self, tags: dict[str, str]) -> dict[str, Any]:
        return {"id": self._next, "tags": tags, "timestamp": _SEEN, "version": 1}

    def _add(self, item: Any) -> int:  # noqa: ANN401 - osmium's mutable objects share no type
        self._objects.append(item)
        self._next += 1
        return self._next - 1

    def write(self, path: Path, **header: str) -> Path:
        osmium_header = osmium.io.Header()
        for name, value in header.items():
            osmium_header.set(name, value)
        with osmium.SimpleWriter(str(path), header=osmium_header) as writer:
            for kind in (Node, Way, Relation):
                for item in self._objects:
                    if isinstance(item, kind):
                        writer.add(item)
        return path


def _read(path: Path) -> dict[str, Place]:
    records = list(osm_file.read(path))
    assert [record.position for record in records] == list(range(1, len(records) + 1))
    return {record.place.source_ref: record.place for record in records if record.place}


@pytest.mark.parametrize("suffix", ["osm.pbf", "osm", "osm.bz2"])
def test_nodes_with_a_name_and_a_business_tag_are_places(tmp_path: Path, suffix: str) -> None:
    extract = _Extract()
    cafe = extract.node(60.1, 24.9, name="Cup", amenity="cafe", cuisine="coffee")
    extract.node(60.1, 24.9, amenity="cafe")
    extract.node(60.1, 24.9, name="Bus stop", highway="bus_stop")
    extract.node(60.1, 24.9, name="School", amenity="school")
    extract.node(60.1, 24.9, name=" ", shop="books")
    found = _read(extract.write(tmp_path / f"town.{suffix}"))
    assert list(found) == [f"node/{cafe}"]
    place = found[f"node/{cafe}"]
    assert (place.name, place.category, place.lat, place.lon) == ("Cup", "amenity=cafe", 60.1, 24.9)
    assert place.tags == {"cuisine": "coffee"}


def test_a_building_is_placed_at_its_centroid(tmp_path: Path) -> None:
    extract = _Extract()
    hotel = extract.square(60.1, 24.9, name="Inn", tourism="hotel")
    found = _read(extract.write(tmp_path / "town.osm.pbf"))
    place = found[f"way/{hotel}"]
    assert (place.lat, place.lon) == (60.1, 24.9)


def test_a_multipolygon_is_placed_in_the_middle_of_its_outer_rings(tmp_path: Path) -> None:
    extract = _Extract()
    parts = [extract.square(60.1, 24.9), extract.square(60.2, 24.9)]
    members = [("w", part, "outer") for part in parts]
    mall = extract.relation(members, type="multipolygon", name="Twin", shop="mall")
    found = _read(extract.write(tmp_path / "town.osm.pbf"))
    place = found[f"relation/{mall}"]
    assert distance_km(*place.point, 60.15, 24.9) < 0.001
    assert place.tags == {}


def test_relations_that_are_no_area_are_no_place(tmp_path: Path) -> None:
    extract = _Extract()
    part = extract.square(60.1, 24.9)
    extract.relation([("w", part, "")], type="route", name="Pub tram", amenity="pub")
    assert _read(extract.write(tmp_path / "town.osm.pbf")) == {}


def test_a_building_cut_by_the_edge_of_the_extract_keeps_its_known_corners(tmp_path: Path) -> None:
    extract = _Extract()
    known = [extract.node(60.1, 24.9), extract.node(60.1, 24.92)]
    shop = extract.way([*known, 900, 901, known[0]], name="Edge", shop="books")
    extract.way([900, 901, 902], name="Outside", shop="books")
    found = _read(extract.write(tmp_path / "town.osm.pbf"))
    assert list(found) == [f"way/{shop}"]
    assert found[f"way/{shop}"].lat == pytest.approx(60.1)


@pytest.mark.parametrize(
    ("metres", "name", "repeats"),
    [(10, "Cup", True), (55, "Cup", True), (70, "Cup", False), (10, "Mug", False)],
)
def test_a_building_around_its_own_node_counts_once(
    tmp_path: Path, metres: float, name: str, repeats: bool
) -> None:
    extract = _Extract()
    node = extract.node(60.1, 24.9, name="Cup", amenity="cafe")
    building = extract.square(60.1 + metres / 111_195, 24.9, name=name, amenity="cafe")
    found = _read(extract.write(tmp_path / "town.osm.pbf"))
    assert set(found) == ({f"node/{node}"} if repeats else {f"node/{node}", f"way/{building}"})


def test_two_nodes_of_one_name_stay_two_places(tmp_path: Path) -> None:
    extract = _Extract()
    extract.node(60.1, 24.9, name="Cup", amenity="cafe")
    extract.node(60.1001, 24.9, name="Cup", amenity="cafe")
    assert len(_read(extract.write(tmp_path / "town.osm.pbf"))) == 2


def test_localities_come_with_their_names(tmp_path: Path) -> None:
    extract = _Extract()
    town = extract.node(60.1, 24.9, **{"name": "Borgå", "place": "town", "name:fi": "Porvoo"})
    extract.node(60.1, 24.9, name="Farm", place="isolated_dwelling")
    found = _read(extract.write(tmp_path / "town.osm.pbf"))
    assert found[f"node/{town}"].category == "place=town"
    assert len(found) == 1


def test_the_day_of_the_snapshot_is_in_the_header_or_in_the_newest_object(tmp_path: Path) -> None:
    extract = _Extract()
    extract.node(60.1, 24.9, name="Cup", amenity="cafe")
    plain = extract.write(tmp_path / "plain.osm.pbf")
    dated = extract.write(tmp_path / "dated.osm.pbf", osmosis_replication_timestamp="2025-01-02T03:04:05Z")
    assert osm_file.observed_on(plain) == date(2024, 5, 6)
    assert osm_file.observed_on(dated) == date(2025, 1, 2)


@pytest.mark.parametrize(
    ("name", "content"), [("a.osm.pbf", b"\x89PNG"), ("a.osm", b"<html>"), ("a.txt", b"x")]
)
def test_another_kind_of_file_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for question in (lambda: list(osm_file.read(path)), lambda: osm_file.observed_on(path)):
        with pytest.raises(SourceError, match=f"{name} cannot be read as OpenStreetMap data"):
            question()


def _osm(path: Path, body: str, root: str = "osm") -> Path:
    path.write_text(f'<{root} version="0.6">{body}</{root}>')
    return path


_CUP = '<tag k="name" v="Cup"/><tag k="amenity" v="cafe"/>'


@pytest.mark.parametrize("gone", ['action="delete"', 'visible="false" version="3"'])
@pytest.mark.parametrize("name", ["town.osm", "town.osm.gz"])
def test_deleted_and_invisible_objects_are_no_places(tmp_path: Path, gone: str, name: str) -> None:
    kept = f'<node id="-1" action="modify" lat="60.1" lon="24.9">{_CUP}</node>'
    path = _osm(tmp_path / name, f'{kept}<node id="7" {gone} lat="60.2" lon="24.9">{_CUP}</node>')
    if name.endswith("gz"):
        path.write_bytes(gzip.compress(path.read_bytes()))
    assert list(_read(path)) == ["node/-1"]


def test_a_deleted_building_is_no_place(tmp_path: Path) -> None:
    corners = [(60.1, 24.9), (60.1, 24.91), (60.11, 24.91)]
    nodes = "".join(f'<node id="{n}" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in enumerate(corners, 1))
    refs = "".join(f'<nd ref="{n}"/>' for n in (1, 2, 3, 1))
    ways = "".join(
        f'<way id="{n}" action="{done}">{refs}{_CUP}</way>' for n, done in ((8, "delete"), (9, "modify"))
    )
    assert list(_read(_osm(tmp_path / "town.osm", nodes + ways))) == ["way/9"]


def test_an_answer_the_server_broke_off_is_not_complete(tmp_path: Path) -> None:
    body = f'<node id="1" lat="60.1" lon="24.9">{_CUP}</node><remark> runtime error: timed out </remark>'
    records = osm_file.read(_osm(tmp_path / "town.osm", body))
    assert next(records).place
    with pytest.raises(SourceError, match=r"not complete: the server stopped \(runtime error: timed out\)"):
        next(records)


@pytest.mark.parametrize(
    ("name", "root", "body"),
    [
        ("day.osc", "osmChange", f'<delete><node id="1" lat="60.1" lon="24.9">{_CUP}</node></delete>'),
        ("all.osh", "osm", f'<node id="1" version="1" lat="60.1" lon="24.9">{_CUP}</node>'),
    ],
)
def test_changes_and_histories_are_refused(tmp_path: Path, name: str, root: str, body: str) -> None:
    with pytest.raises(SourceError, match="holds changes or several versions"):
        list(osm_file.read(_osm(tmp_path / name, body, root)))


def test_the_export_with_centres_says_what_to_ask_for(tmp_path: Path) -> None:
    path = _osm(tmp_path / "town.osm", f'<way id="5"><center lat="60" lon="24"/>{_CUP}</way>')
    with pytest.raises(SourceError, match="instead of “out center”"):
        list(osm_file.read(path))


def test_objects_without_their_nodes_are_named(tmp_path: Path) -> None:
    extract = _Extract()
    way = extract.way([900, 901, 902], name="Outside", shop="books")
    mall = extract.relation([("w", 700, "outer")], type="multipolygon", name="Twin", shop="mall")
    extract.node(60.1, 24.9, name="Cup", amenity="cafe")
    path = extract.write(tmp_path / "town.osm.pbf")
    unplaced = {record.ref for record in osm_file.read(path) if record.problem}
    assert unplaced == {f"way/{way}", f"relation/{mall}"}
    assert osm_file.count(path) == 3
