"""HTTP for a library that speaks a wire format of its own: bounded in time and size, through our proxy, following
nobody elsewhere."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import httpx

from pipeline.network.deadline import DeadlineTransport
from pipeline.network.http import MAX_BODY_BYTES, Timeouts, bounded, trusted


class NoAnswer(Exception):
    """There was none, or it was broken off or too long: what was asked for may have been done."""


class PlainHttp:
    """A client; safe to share between threads."""

    def __init__(self, *, proxy: str = "", timeouts: Timeouts | None = None) -> None:
        self._timeouts = timeouts or Timeouts()
        limits = httpx.Limits(max_connections=10, max_keepalive_connections=5)
        self._transport = DeadlineTransport(verify=trusted(), limits=limits, proxy=proxy)
        self._client = httpx.Client(
            timeout=httpx.Timeout(self._timeouts.read_s, connect=self._timeouts.connect_s),
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
        )

    def exchange(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Body, status and headers of the answer. Raises NoAnswer."""
        self._transport.start(self._timeouts.total_s)
        try:
            request = self._client.build_request(method, url, headers=dict(headers), content=content)
            response = self._client.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(type(error).__name__) from None
        body = bytearray()
        try:
            for chunk in bounded(response, MAX_BODY_BYTES):
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise NoAnswer("too long")
        except (httpx.HTTPError, httpx.StreamError, zlib.error) as error:
            raise NoAnswer(type(error).__name__) from None
        finally:
            response.close()
        return bytes(body), response.status_code, response.headers

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
