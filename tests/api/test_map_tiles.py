"""Streets by way of our own server: for whoever is signed in, kept on disk, and never more than its server allows."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx
import pytest
from httpx import Client

import settings
from api.map_tiles import MapTiles
from services.identity import SESSION_COOKIE
from tests.api.conftest import served
from tests.support.people import first_admin
from tests.support.servers import Database
from tests.support.tiles import nothing, png, tile
from tests.support.wire import Answerer, Wire, wire

PATH = "/tiles/3/4/2"
FRESH = tile("Cache-Control: max-age=3600", 'ETag: "upstream"')
STALE = tile("Cache-Control: max-age=0", 'ETag: "upstream"')


class Upstream:
    """A tile server whose answer may change."""

    def __init__(self) -> None:
        self.answer: Answerer = FRESH
        self.server: Wire

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        self.answer(connection, request)

    @property
    def asked(self) -> int:
        return len(self.server.requests)


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstream]:
    made = Upstream()
    with wire(made) as server:
        made.server = server
        monkeypatch.setenv("MAP_TILES_URL", f"{server.url}/{{z}}/{{x}}/{{y}}.png?key=canary")
        monkeypatch.setenv("OPERATOR_CONTACT", "us@example.com")
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        settings.get.cache_clear()
        yield made


@pytest.fixture
def inside(upstream: Upstream, site: Client) -> Client:
    site.cookies.set(SESSION_COOKIE, first_admin("boss@example.com", "correct horse"))
    return site


def said(answer: httpx.Response) -> tuple[int, bytes]:
    return answer.status_code, answer.content


def test_a_tile_is_asked_for_once_and_its_server_stays_unnamed(inside: Client, upstream: Upstream) -> None:
    for _ in range(2):
        answer = inside.get(PATH)
        assert said(answer) == (200, png())
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"].startswith("private, max-age=3")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not [secret for secret in ("canary", "upstream") if secret in str(answer.headers)]
    assert upstream.asked == 1
    assert b"ProspectPro/1 (+us@example.com)" in upstream.server.requests[0]
    unchanged = inside.get(PATH, headers={"If-None-Match": answer.headers["etag"]})
    assert said(unchanged) == (304, b"")


def test_a_tile_that_is_stale_is_asked_for_again_and_shown_when_that_fails(
    inside: Client, upstream: Upstream
) -> None:
    upstream.answer = STALE
    assert said(inside.get(PATH)) == (200, png())
    upstream.answer = nothing("304 Not Modified", "Cache-Control: max-age=0")
    assert said(inside.get(PATH)) == (200, png())
    assert b'"upstream"' in upstream.server.requests[1]
    upstream.answer = nothing("503 Service Unavailable")
    assert said(inside.get(PATH)) == (200, png())
    assert upstream.asked == 3
    # The server rests; what is not known is said to be missing for now, and it is not asked.
    assert said(inside.get(PATH)) == (200, png())
    missing = inside.get("/tiles/3/4/3")
    assert (missing.status_code, missing.headers["retry-after"]) == (503, "10")
    assert "canary" not in missing.text
    assert upstream.asked == 3


@pytest.mark.parametrize(
    "path",
    [
        *("/tiles/3/8/0", "/tiles/3/0/8", "/tiles/20/0/0", "/tiles/99/0/0", "/tiles/3/4", "/tiles/3/4/2.png"),
        *("/tiles/-1/0/0", "/tiles/a/b/c", "/tiles/3/4/2/9", "/tiles/", "/tiles/3/4/%2e%2e", "/tiles/٣/4/2"),
        *("/tiles/3/99999999999999999999/0", "/tiles/http://evil.example/x"),
    ],
)
def test_what_is_no_tile_is_not_asked_for(inside: Client, upstream: Upstream, path: str) -> None:
    assert inside.get(path).status_code == 404
    assert upstream.asked == 0


def test_a_page_that_is_no_picture_never_comes_from_our_name(inside: Client, upstream: Upstream) -> None:
    upstream.answer = tile(kind="text/html", content=b"<script>evil()</script>")
    answer = inside.get(PATH)
    assert (answer.status_code, "evil" in answer.text) == (503, False)
    upstream.answer = nothing("404 Not Found")
    assert [inside.get("/tiles/3/1/1").status_code for _ in range(2)] == [404, 404]
    assert upstream.asked == 2


def test_nobody_without_a_session_or_from_another_site_has_a_tile_fetched(
    site: Client, upstream: Upstream
) -> None:
    token = first_admin("boss@example.com", "correct horse")
    assert site.get(PATH).status_code == 303
    assert site.post(PATH).status_code == 401
    site.cookies.set(SESSION_COOKIE, token)
    assert site.get(PATH, headers={"Origin": "http://evil.example"}).status_code == 403
    assert upstream.asked == 0


def test_without_a_tile_server_there_are_no_tiles(site: Client) -> None:
    site.cookies.set(SESSION_COOKIE, first_admin("boss@example.com", "correct horse"))
    assert site.get(PATH).status_code == 404


def test_several_who_want_one_tile_wait_for_one_answer(inside: Client, upstream: Upstream) -> None:
    may_answer, is_asked = Event(), Event()

    def held(connection: socket.socket, request: bytes) -> None:
        is_asked.set()
        may_answer.wait()
        FRESH(connection, request)

    upstream.answer = held
    with ThreadPoolExecutor(4) as several:
        answers = [several.submit(inside.get, PATH) for _ in range(4)]
        is_asked.wait()
        # The others have come by the time a later request is answered.
        assert inside.get("/campaigns").status_code == 200
        may_answer.set()
        assert {said(each.result()) for each in answers} == {(200, png())}
    assert upstream.asked == 1


def test_what_its_server_wants_kept_nowhere_is_asked_for_each_time(
    inside: Client, upstream: Upstream
) -> None:
    upstream.answer = tile("Cache-Control: no-store")
    assert [said(inside.get(PATH)) for _ in range(2)] == [(200, png())] * 2
    assert upstream.asked == 2


def test_one_person_has_only_so_many_new_tiles_fetched(upstream: Upstream, database: Database) -> None:
    with served(MapTiles(most_new_an_hour=2)) as site:
        site.cookies.set(SESSION_COOKIE, first_admin("boss@example.com", "correct horse"))
        asked = [site.get(f"/tiles/3/{x}/0").status_code for x in (0, 1, 2, 0)]
    assert asked == [200, 200, 503, 200]
    assert upstream.asked == 2
