"""HTTP to one provider: bounded in time and size, silent about keys, honest about what may have been billed."""

from __future__ import annotations

import logging
import os
import ssl
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

import httpx

from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint, Json
from pipeline.network.deadline import DeadlineTransport
from pipeline.network.json_body import is_readable, lenient_json

MAX_BODY_BYTES = 2_000_000
"""Decoded bytes read of one answer; the largest real answers of these providers are a tenth of it."""
MAX_RETRY_AFTER_S = 60.0
SIMULATED_HEADER = "x-simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to connect, to wait for the next bytes, and for the whole exchange."""

    connect_s: float = 3.0
    read_s: float = 10.0
    total_s: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    """A complete answer; ``simulated``: a stand-in gave it.

    ``body`` is None unless all of it is sane JSON. ``lenient_body`` holds markers where it is not, for whoever reads it
    item by item with ``readable_items``.
    """

    status: int
    body: Json
    lenient_body: Json
    text: str = field(repr=False)
    retry_after_s: float | None
    simulated: bool
    content_type: str


class ProviderHttp:
    """A client of one provider, which people call ``label``; safe to share between threads.

    Every method raises SourceError: once the request had been written nobody knows whether it was billed.
    """

    def __init__(
        self,
        label: str,
        endpoint: Endpoint,
        *,
        user_agent: str,
        timeouts: Timeouts | None = None,
        most_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        """``most_bytes``: decoded bytes that are read of one answer."""
        # At INFO it logs every address with its query, which for some providers holds the key.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._name = label
        self._timeouts = timeouts or Timeouts()
        self._most_bytes = most_bytes
        self._transport = DeadlineTransport(
            verify=trusted(),
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=20),
            proxy=endpoint.proxy,
        )
        self._client = httpx.Client(
            base_url=endpoint.base_url.rstrip("/") + "/",
            headers={"User-Agent": user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(self._timeouts.read_s, connect=self._timeouts.connect_s),
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
        )

    def get(
        self, path: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpReply:
        """Ask with GET."""
        return self._send(self._client.build_request("GET", path, params=params, headers=headers))

    def post_json(self, path: str, body: Json, *, headers: Mapping[str, str] | None = None) -> HttpReply:
        """Ask with a JSON body."""
        return self._send(self._client.build_request("POST", path, json=body, headers=headers))

    def patch_json(self, path: str, body: Json, *, headers: Mapping[str, str] | None = None) -> HttpReply:
        """Change something with a JSON body."""
        return self._send(self._client.build_request("PATCH", path, json=body, headers=headers))

    def post_form(
        self, path: str, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> HttpReply:
        """Ask with form fields."""
        return self._send(self._client.build_request("POST", path, data=dict(fields), headers=headers))

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _send(self, request: httpx.Request) -> HttpReply:
        self._transport.start(self._timeouts.total_s)
        try:
            response = self._client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            raise self._failure(Cause.UNREACHABLE, Billed.NO) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise self._failure(Cause.NO_ANSWER, Billed.UNKNOWN) from None
        try:
            content = self._read(response)
        finally:
            response.close()
        text = content.decode("utf-8", errors="replace")
        lenient = lenient_json(content)
        return HttpReply(
            status=response.status_code,
            body=lenient if is_readable(lenient) else None,
            lenient_body=lenient,
            text=text,
            retry_after_s=retry_after_s(response.headers.get("retry-after")),
            simulated=response.headers.get(SIMULATED_HEADER) == "1",
            content_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
        )

    def _read(self, response: httpx.Response) -> bytes:
        content = bytearray()
        try:
            for chunk in bounded(response, self._most_bytes):
                content += chunk
                if len(content) > self._most_bytes:
                    raise self._failure(Cause.TOO_LARGE, Billed.UNKNOWN)
        except (httpx.HTTPError, httpx.StreamError, zlib.error):
            raise self._failure(Cause.BROKEN_OFF, Billed.UNKNOWN) from None
        return bytes(content)

    def _failure(self, cause: Cause, billed: Billed) -> SourceError:
        return SourceError(cause, self._name, billed=billed)


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    """The certificates this process trusts: the usual ones and, as a company may have its own, those in SSL_CERT_FILE.
    Reading them takes longer than many an answer, so clients share them."""
    context = httpx.create_ssl_context(trust_env=False)
    if file := os.environ.get("SSL_CERT_FILE"):
        context.load_verify_locations(file)
    return context


def bounded(response: httpx.Response, most: int) -> Iterator[bytes]:
    """The decoded body as it arrives, in pieces no larger than ``most`` and a byte, whatever it was packed from.

    Raises zlib.error for a packed body that is damaged or packed in a way that was not asked for.
    """
    packed = response.headers.get("content-encoding", "").strip().lower()
    if packed in ("", "identity"):
        yield from response.iter_raw()
        return
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise zlib.error(packed)
    unpacker, is_empty = zlib.decompressobj(wbits=47), True
    for piece in response.iter_raw():
        is_empty = False
        yield unpacker.decompress(piece, most + 1)
    # An answer without a body may be called packed all the same.
    if not unpacker.eof and not is_empty:
        raise zlib.error("cut")


def retry_after_s(header: str | None) -> float | None:
    """Seconds to wait by a Retry-After header (RFC 9110 §10.2.3), at most 60; None when it says nothing usable."""
    if not header:
        return None
    try:
        seconds = float(header) if header.strip().isdigit() else _until(header)
    except (ValueError, TypeError, OverflowError):
        return None
    return None if seconds < 0 else min(seconds, MAX_RETRY_AFTER_S)


def _until(header: str) -> float:
    moment = parsedate_to_datetime(header)
    return (moment - datetime.now(moment.tzinfo or UTC)).total_seconds()


def unreadable(source: str) -> SourceError:
    """The error for a 2xx answer that holds something else than documented: it was answered, so it may be billed."""
    return SourceError(Cause.UNREADABLE, source, billed=Billed.UNKNOWN)


def server_error(source: str, reply: HttpReply) -> SourceError:
    """The error for a 5xx: whoever stands in front of the provider may have given up after it was answered and billed,
    so it is free only for a provider whose documentation says so."""
    return SourceError(Cause.SERVER_ERROR, source, billed=Billed.UNKNOWN, retry_after_s=reply.retry_after_s)


def too_fast(source: str, reply: HttpReply) -> SourceError:
    """The error for a question that was refused for coming too fast: it was not carried out."""
    return SourceError(Cause.TOO_FAST, source, retry_after_s=reply.retry_after_s)
