"""Tiles on disk, bounded in size: what was not looked at for longest goes first."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path
from threading import Lock

from pipeline import events
from pipeline.network.map_tiles import Tile, TileName

_LOG = logging.getLogger(__name__)
_TOUCHED_EVERY_S = 3600
# Other processes write into the same folder, so that what is in it is counted anew after so many of our own.
_COUNTED_EVERY = 1000
_LEFT_SHARE = 0.9


class TileCache:
    """A folder of tiles of all sources; those of this one are apart. Several processes may share the folder: a file is
    replaced at once, and one that is gone or damaged is a tile that is not known."""

    def __init__(self, folder: Path, source: str, most_bytes: int) -> None:
        self._folder = folder
        self._own = folder / hashlib.sha256(source.encode()).hexdigest()[:16]
        self._most = most_bytes
        self._lock = Lock()
        self._bytes = 0
        self._until_counted = 0

    def look(self, name: TileName, now: float) -> Tile | None:
        """The tile as it was kept, whether still fresh or not; ``now`` is Unix time in seconds."""
        path = self._path(name)
        try:
            head, _, content = path.read_bytes().partition(b"\n")
            tile = Tile(content=content, **json.loads(head))
            _touch(path, now)
        except (OSError, ValueError, TypeError):
            return None
        return tile

    def keep(self, name: TileName, tile: Tile) -> None:
        """Keep a tile; where the disk does not take it, the next who wants it asks the server again."""
        head = {
            "kind": tile.kind,
            "etag": tile.etag,
            "modified": tile.modified,
            "fresh_until": tile.fresh_until,
        }
        path = self._path(name)
        new = path.with_name(f".{secrets.token_hex(8)}")
        body = json.dumps(head).encode() + b"\n" + tile.content
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(body)
            os.replace(new, path)
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            events.warning(_LOG, "tile_not_kept", reason=error.strerror)
            return
        with self._lock:
            self._bytes += len(body)
            self._until_counted -= 1
            if self._until_counted < 0 or self._bytes > self._most:
                self._bytes = self._make_room()
                self._until_counted = _COUNTED_EVERY

    def _path(self, name: TileName) -> Path:
        return self._own / str(name.zoom) / str(name.x) / str(name.y)

    def _make_room(self) -> int:
        """Remove what was not looked at for longest; returns the bytes that are left."""
        found = []
        for path in self._folder.rglob("*"):
            with suppress(OSError):
                if path.is_file():
                    seen = path.stat()
                    found.append((seen.st_mtime, seen.st_size, path))
        left = sum(size for _, size, _ in found)
        if left <= self._most:
            return left
        for _, size, path in sorted(found, key=lambda each: each[0]):
            if left <= self._most * _LEFT_SHARE:
                break
            with suppress(OSError):
                path.unlink()
            left -= size
        return left


def _touch(path: Path, now: float) -> None:
    """The time of a file says when it was last looked at, to the hour."""
    if now - path.stat().st_mtime > _TOUCHED_EVERY_S:
        os.utime(path, (now, now))
