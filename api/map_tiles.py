"""Streets beneath the leads: tiles by way of this server, so that a browser talks to nobody else."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

import settings
from api import errors
from api.middleware import asking
from pipeline import events
from pipeline.network.map_tiles import Tile, TileName, TileSource, TileUnavailable
from pipeline.network.tile_cache import TileCache
from services import mapping

_LOG = logging.getLogger(__name__)
PATH = "/tiles/{tile:path}"
_NAME = re.compile(r"([0-9]{1,2})/([0-9]{1,9})/([0-9]{1,9})")
# As many as the tile usage policy of OpenStreetMap has long asked for.
_AT_ONCE = 2
_HOUR_S = 3600.0
MOST_NEW_AN_HOUR = 3000
"""New tiles one person has fetched in an hour: a few dozen screens. Nobody copies a map by way of this server."""
_BROWSER_KEEPS_S = 86_400
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Shelf:
    template: str
    source: TileSource
    cache: TileCache


class MapTiles:
    """The tiles of one web application: one question a tile at a time, a few at once, none while the server rests."""

    def __init__(self, most_new_an_hour: int = MOST_NEW_AN_HOUR) -> None:
        self._most_new = most_new_an_hour
        self._shelf: _Shelf | None = None
        self._asked: dict[TileName, asyncio.Task[Tile]] = {}
        self._few = asyncio.Semaphore(_AT_ONCE)
        self._rests_until = 0.0
        self._new: Counter[UUID] = Counter()
        self._counted_since = 0.0

    async def tile(self, request: Request) -> Response:
        """One tile: from the disk while it is fresh, else from its server, and from the disk again where that fails."""
        shelf, name = self._opened(), _named(request.path_params["tile"])
        if shelf is None or name is None or not name.exists or name.zoom > settings.get().map_max_zoom:
            return errors.answer(request.scope, 404)
        task = self._asked.get(name)
        if task is None:
            # Whoever wants it meanwhile waits for the same answer, from the disk or from its server.
            person = asking(request.scope).person.id
            task = self._asked[name] = asyncio.create_task(self._found(shelf, name, person))
            task.add_done_callback(lambda done: self._answered(name, done))
        try:
            return _answer(request, await asyncio.shield(task))
        except TileUnavailable:
            return errors.answer(request.scope, 503, headers={"Retry-After": "10"})

    def _opened(self) -> _Shelf | None:
        ours = settings.get()
        template = ours.map_tiles_url.get_secret_value()
        if not template:
            return None
        if self._shelf is None or self._shelf.template != template:
            self._shelf = _Shelf(
                template,
                TileSource(template, mapping.user_agent(), proxy=ours.outbound_proxy.get_secret_value()),
                TileCache(ours.data_dir / "tiles", template, ours.map_tiles_mb * _MB),
            )
        return self._shelf

    async def _found(self, shelf: _Shelf, name: TileName, person: UUID) -> Tile:
        known = await run_in_threadpool(shelf.cache.look, name, time.time())
        if known is not None and known.fresh_until > time.time():
            return known
        try:
            return await self._newest(shelf, name, known, person)
        except TileUnavailable:
            if known is None:
                raise
            return known

    async def _newest(self, shelf: _Shelf, name: TileName, known: Tile | None, person: UUID) -> Tile:
        async with self._few:
            if time.monotonic() < self._rests_until or not self._may_ask(person):
                raise TileUnavailable("not now")
            try:
                tile = await run_in_threadpool(shelf.source.fetch, name, known, time.time())
            except TileUnavailable as failed:
                self._rests_until = max(self._rests_until, time.monotonic() + failed.rest_s)
                events.warning(_LOG, "tile_unavailable", reason=failed)
                raise
        if tile.may_be_kept:
            await run_in_threadpool(shelf.cache.keep, name, tile)
        return tile

    def _answered(self, name: TileName, task: asyncio.Task[Tile]) -> None:
        del self._asked[name]
        if not task.cancelled():
            # Whoever waited may have gone away; then nobody else looks at what went wrong.
            task.exception()

    def _may_ask(self, person: UUID) -> bool:
        if time.monotonic() - self._counted_since > _HOUR_S:
            self._new.clear()
            self._counted_since = time.monotonic()
        self._new[person] += 1
        return self._new[person] <= self._most_new


def _named(path: str) -> TileName | None:
    found = _NAME.fullmatch(path)
    return TileName(zoom=int(found[1]), x=int(found[2]), y=int(found[3])) if found else None


def _answer(request: Request, tile: Tile) -> Response:
    if not tile.content:
        return errors.answer(request.scope, 404)
    etag = f'"{hashlib.sha256(tile.content).hexdigest()[:32]}"'
    left_s = int(min(max(tile.fresh_until - time.time(), 60), _BROWSER_KEEPS_S))
    headers = {"ETag": etag, "Cache-Control": f"private, max-age={left_s}"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(tile.content, media_type=tile.kind, headers=headers)
