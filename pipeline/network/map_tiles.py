"""Pictures of streets from the one server the operator named, asked for as its caching rules and the tile usage policy
of OpenStreetMap (operations.osmfoundation.org/policies/tiles) want it."""

from __future__ import annotations

import logging
import re
import zlib
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime

import httpx

from pipeline.network.deadline import DeadlineTransport
from pipeline.network.http import bounded, retry_after_s, trusted

KINDS = ("image/png", "image/jpeg", "image/webp")
"""What may be a tile. An SVG may not: it could hold a script, and would be served under our name."""
MAX_BYTES = 512 * 1024
USUAL_FRESH_S = 7 * 86_400
"""How long a tile is kept whose server says nothing about that: the least that the policy of OpenStreetMap asks for."""
_MISSING_FRESH_S = 86_400
_MOST_FRESH_S = 365 * 86_400
# A server that failed, or that will not have us, is left alone for so long.
_REST_S = 10.0
_REFUSED = (401, 403, 429)
_MAX_AGE = re.compile(r"(?:^|[,\s])(s-maxage|max-age)\s*=\s*\"?(\d{1,10})")


@dataclass(frozen=True, slots=True, kw_only=True)
class TileName:
    """Which tile: zoom, column and row of the Web Mercator grid."""

    zoom: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether the grid has such a tile."""
        return 0 <= self.zoom <= 30 and 0 <= self.x < 2**self.zoom and 0 <= self.y < 2**self.zoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A tile as its server gave it; without ``content`` the server said that it has none there.

    ``fresh_until`` is Unix time in seconds; a tile that is not ``may_be_kept`` is shown once and forgotten.
    """

    content: bytes = field(repr=False)
    kind: str
    etag: str
    modified: str
    fresh_until: float
    may_be_kept: bool = True


class TileUnavailable(Exception):
    """The server gave no tile; the message holds no address, as that may hold a key. For ``rest_s`` seconds it is
    better not asked for any other; 0 where only this tile is wrong."""

    def __init__(self, why: str, rest_s: float = 0.0) -> None:
        super().__init__(why)
        self.rest_s = rest_s


class TileSource:
    """A client of one tile server; safe to share between threads.

    ``template`` is its address with ``{z}``, ``{x}`` and ``{y}`` behind the host. Redirects are not followed, so that
    nothing but this host is ever asked. An answer takes ``total_s`` seconds at most.
    """

    def __init__(self, template: str, user_agent: str, total_s: float = 10.0, proxy: str = "") -> None:
        # At INFO it logs every address with its query, which may hold a key.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._template = template
        self._total_s = total_s
        self._transport = DeadlineTransport(
            verify=trusted(), limits=httpx.Limits(max_connections=4, max_keepalive_connections=2), proxy=proxy
        )
        self._client = httpx.Client(
            headers={"User-Agent": user_agent, "Accept": ", ".join(KINDS), "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(total_s, connect=3.0),
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
        )

    def fetch(self, name: TileName, known: Tile | None, now: float) -> Tile:
        """The tile, or the ``known`` one as fresh again when the server says that it has not changed.

        Raises TileUnavailable.
        """
        request = self._client.build_request("GET", self._address(name), headers=_conditions(known))
        self._transport.start(self._total_s)
        try:
            response = self._client.send(request, stream=True)
            try:
                return self._tile(response, known, now)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, zlib.error) as error:
            raise TileUnavailable(type(error).__name__, _REST_S) from None

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _address(self, name: TileName) -> str:
        return (
            self._template.replace("{z}", str(name.zoom))
            .replace("{x}", str(name.x))
            .replace("{y}", str(name.y))
        )

    def _tile(self, response: httpx.Response, known: Tile | None, now: float) -> Tile:
        status, headers = response.status_code, response.headers
        if status == 304 and known is not None:
            return replace(known, fresh_until=_fresh_until(headers, now, USUAL_FRESH_S))
        if status in (204, 404, 410):
            until = _fresh_until(headers, now, _MISSING_FRESH_S)
            return Tile(content=b"", kind="", etag="", modified="", fresh_until=until)
        if status != 200:
            rest_s = retry_after_s(headers.get("retry-after")) or _REST_S
            raise TileUnavailable(f"status {status}", rest_s if status >= 500 or status in _REFUSED else 0.0)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in KINDS:
            raise TileUnavailable("no image")
        return Tile(
            content=_read(response),
            kind=kind,
            etag=_short(headers.get("etag", "")),
            modified=_short(headers.get("last-modified", "")),
            fresh_until=_fresh_until(headers, now, USUAL_FRESH_S),
            may_be_kept=not _asks(headers, "no-store", "private"),
        )


def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    for piece in bounded(response, MAX_BYTES):
        content += piece
        if len(content) > MAX_BYTES:
            raise TileUnavailable("too large")
    if not content:
        raise TileUnavailable("empty")
    return bytes(content)


def _conditions(known: Tile | None) -> dict[str, str]:
    """What asks only for a newer tile than the known one (RFC 9110, 13.1)."""
    if known is None or not known.content:
        return {}
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in asked.items() if value}


def _fresh_until(headers: httpx.Headers, now: float, usual_s: float) -> float:
    """As a shared cache has to reckon it (RFC 9111, 4.2.1); ``usual_s`` where the server says nothing."""
    if _asks(headers, "no-cache"):
        return now
    ages = dict(_MAX_AGE.findall(headers.get("cache-control", "").lower()))
    said = ages.get("s-maxage") or ages.get("max-age")
    if said is not None:
        age = headers.get("age", "0")
        fresh_s = float(said) - (int(age) if age.isascii() and age.isdecimal() else 0)
    elif "expires" in headers:
        fresh_s = _seconds_left(headers["expires"], headers.get("date", ""), now)
    else:
        fresh_s = usual_s
    return now + min(max(fresh_s, 0.0), _MOST_FRESH_S)


def _seconds_left(expires: str, date: str, now: float) -> float:
    """By the server's own clock where it tells the time. A day that cannot be read has passed (RFC 9111, 5.3)."""
    try:
        end = parsedate_to_datetime(expires).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    try:
        return end - parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return end - now


def _asks(headers: httpx.Headers, *wishes: str) -> bool:
    said = {part.strip().partition("=")[0] for part in headers.get("cache-control", "").lower().split(",")}
    return bool(said & set(wishes))


def _short(value: str) -> str:
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""
