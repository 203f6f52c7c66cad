"""A tile server on a real socket: it answers every tile with what the test says."""

from __future__ import annotations

import struct
import zlib

from tests.support.wire import Answerer, plain


def png(red: int = 200, green: int = 220, blue: int = 200) -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(bytes([0, red, green, blue]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def tile(*headers: str, content: bytes | None = None, kind: str = "image/png") -> Answerer:
    """A tile with these headers."""
    return plain(png() if content is None else content, "200 OK", f"Content-Type: {kind}", *headers)


def nothing(status: str, *headers: str) -> Answerer:
    """An answer without a tile."""
    return plain("", status, "Content-Type: text/plain", *headers)
