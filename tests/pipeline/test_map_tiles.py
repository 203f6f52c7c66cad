"""What a tile server may answer, what is kept of it and for how long."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.network.map_tiles import MAX_BYTES, USUAL_FRESH_S, Tile, TileName, TileSource, TileUnavailable
from pipeline.network.tile_cache import TileCache
from tests.support.tiles import nothing, png, tile
from tests.support.wire import Answerer, Wire, raw, wire

NAME = TileName(zoom=3, x=4, y=2)
NOW = 1_764_000_000.0
DAY_S = 86_400.0
KNOWN = Tile(
    content=png(), kind="image/png", etag='"a"', modified="Tue, 24 Nov 2026 08:00:00 GMT", fresh_until=0
)


@contextmanager
def source(server: Wire, total_s: float = 10.0) -> Iterator[TileSource]:
    made = TileSource(
        f"{server.url}/{{z}}/{{x}}/{{y}}.png?key=canary", "ProspectPro/1 (+us@example.com)", total_s
    )
    try:
        yield made
    finally:
        made.close()


def fetched(answer: Answerer, known: Tile | None = None) -> Tile:
    with wire(answer) as server, source(server) as asking:
        return asking.fetch(NAME, known, NOW)


@pytest.mark.parametrize(
    ("headers", "fresh_s"),
    [
        ((), USUAL_FRESH_S),
        (("Cache-Control: max-age=3600",), 3600),
        (("Cache-Control: public, max-age=3600, s-maxage=7200", "Age: 200"), 7000),
        (("Cache-Control: max-age=3600", "Age: 9999"), 0),
        (("Cache-Control: no-cache, max-age=3600",), 0),
        (("Date: Tue, 24 Nov 2026 08:00:00 GMT", "Expires: Wed, 25 Nov 2026 08:00:00 GMT"), DAY_S),
        (("Expires: 0",), 0),
        (("Cache-Control: max-age=60", "Expires: Wed, 25 Nov 2026 08:00:00 GMT"), 60),
        (("Cache-Control: max-age=9999999999",), 365 * DAY_S),
        (("Cache-Control: max-age=nonsense",), USUAL_FRESH_S),
    ],
)
def test_a_tile_is_fresh_for_as_long_as_its_server_says_and_else_a_week(
    headers: tuple[str, ...], fresh_s: float
) -> None:
    found = fetched(tile(*headers, 'ETag: "a"'))
    assert found.fresh_until - NOW == fresh_s
    assert (found.content, found.kind, found.etag, found.may_be_kept) == (png(), "image/png", '"a"', True)


@pytest.mark.parametrize("wish", ["no-store", "private, max-age=60"])
def test_what_its_server_wants_kept_nowhere_is_not_kept(wish: str) -> None:
    assert not fetched(tile(f"Cache-Control: {wish}")).may_be_kept


def test_a_tile_that_has_not_changed_is_not_sent_again() -> None:
    with wire(nothing("304 Not Modified", "Cache-Control: max-age=60")) as server, source(server) as asking:
        found = asking.fetch(NAME, KNOWN, NOW)
        (request,) = server.requests
    assert (found.content, found.etag, found.fresh_until) == (KNOWN.content, KNOWN.etag, NOW + 60)
    said = request.decode().lower()
    assert said.startswith("get /3/4/2.png?key=canary ")
    assert 'if-none-match: "a"\r\n' in said
    assert "if-modified-since: tue, 24 nov 2026 08:00:00 gmt\r\n" in said
    assert "user-agent: prospectpro/1 (+us@example.com)\r\n" in said
    assert "no-cache" not in said


def test_a_place_without_a_tile_is_remembered_for_a_day() -> None:
    found = fetched(nothing("404 Not Found"))
    assert (found.content, found.fresh_until - NOW) == (b"", DAY_S)


@pytest.mark.parametrize(
    ("answer", "rests"),
    [
        (nothing("500 Internal Server Error"), 10),
        (nothing("429 Too Many Requests", "Retry-After: 45"), 45),
        (nothing("403 Forbidden"), 10),
        (nothing("400 Bad Request"), 0),
        (nothing("304 Not Modified"), 0),
        (nothing("302 Found", "Location: http://169.254.169.254/latest/meta-data"), 0),
        (tile(kind="image/svg+xml", content=b"<svg onload='x()'/>"), 0),
        (tile(kind="text/html", content=b"<p>Pay first</p>"), 0),
        (tile(content=b""), 0),
        (tile(content=b"x" * (MAX_BYTES + 1)), 0),
        (tile("Content-Encoding: gzip"), 10),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 999\r\n\r\nshort"), 10),
        (raw(b"nonsense"), 10),
        (raw(b""), 10),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_tile_is_none_and_names_no_address(answer: Answerer, rests: float) -> None:
    with pytest.raises(TileUnavailable) as failed:
        fetched(answer)
    assert failed.value.rest_s == rests
    assert not [secret for secret in ("canary", "127.0.0.1") if secret in f"{failed.value!r}"]


def test_a_slow_server_is_not_waited_for() -> None:
    def slow(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\n")
        # Until the other side has given up.
        connection.recv(1)

    with wire(slow) as server, source(server, total_s=0.2) as asking, pytest.raises(TileUnavailable):
        asking.fetch(NAME, None, NOW)


def test_nobody_listening_is_a_tile_that_is_not_there() -> None:
    with wire(tile()) as server:
        pass
    with source(server) as asking, pytest.raises(TileUnavailable):
        asking.fetch(NAME, None, NOW)


@pytest.mark.parametrize(("zoom", "x", "y"), [(0, 1, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0), (31, 0, 0)])
def test_a_tile_beyond_the_grid_does_not_exist(zoom: int, x: int, y: int) -> None:
    assert not TileName(zoom=zoom, x=x, y=y).exists
    assert NAME.exists


def test_a_kept_tile_comes_back_whole_and_only_for_its_own_source(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, "one", 1_000_000)
    assert cache.look(NAME, NOW) is None
    cache.keep(NAME, KNOWN)
    assert cache.look(NAME, NOW) == KNOWN
    assert TileCache(tmp_path, "another", 1_000_000).look(NAME, NOW) is None
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    for damaged in (b"", b"{}", b"[1]\nx", b'{"kind": "image/png"}\nx', b"\xff\xfe\n"):
        file.write_bytes(damaged)
        assert cache.look(NAME, NOW) is None, damaged
    cache.keep(NAME, KNOWN)
    assert cache.look(NAME, NOW) == KNOWN


def test_a_disk_that_takes_nothing_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "tiles").write_text("a file where a folder should be")
    cache = TileCache(tmp_path / "tiles", "one", 1_000_000)
    cache.keep(NAME, KNOWN)
    assert cache.look(NAME, NOW) is None


def test_what_was_not_looked_at_for_longest_makes_room(tmp_path: Path) -> None:
    size = 10_000
    names = [TileName(zoom=5, x=x, y=0) for x in range(12)]
    large = Tile(content=b"x" * size, kind="image/png", etag="", modified="", fresh_until=0)
    cache = TileCache(tmp_path, "one", 10 * size)
    for age, name in enumerate(names[:9]):
        cache.keep(name, large)
        os.utime(next(tmp_path.rglob(f"5/{name.x}/0")), (age, age))
    # A look counts as use.
    assert cache.look(names[0], NOW) == large
    for name in names[9:]:
        cache.keep(name, large)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 10 * size
    assert [name.x for name in names if cache.look(name, NOW) is None] == [1, 2, 3, 4]
