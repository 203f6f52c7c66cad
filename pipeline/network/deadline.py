"""Connections that end an exchange at its deadline, however slowly the other side sends.

The client's own timeouts start again with every byte, so a server that sends one now and then would never run into
them, least of all before its header is complete.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from pipeline.network.proxy import Proxy, proxy_of

_LONGEST_HEAD = 16_384


class DeadlineTransport(httpx.HTTPTransport):
    """A transport whose exchanges end at the deadline their thread set last; safe to share between threads. ``proxy``
    is the address of the one that leads out of a company's network, empty for none."""

    def __init__(self, *, verify: ssl.SSLContext, limits: httpx.Limits, proxy: str = "") -> None:
        super().__init__(verify=verify, limits=limits, trust_env=False)
        self._deadline = _Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=verify,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Backend(self._deadline, proxy_of(proxy)),
        )

    def start(self, total_s: float) -> None:
        """From now on this thread has so many seconds: to connect, to send, and to read all of the answer."""
        self._deadline.at_s = time.monotonic() + total_s


class _Deadline(threading.local):
    """The moment the exchange of this thread has to be over, on the monotonic clock."""

    at_s: float | None = None

    def shorten(self, timeout_s: float | None, error: type[Exception]) -> float | None:
        """The timeout of the next single step; raises ``error`` when there is no time left for it."""
        if self.at_s is None:
            return timeout_s
        left_s = self.at_s - time.monotonic()
        if left_s <= 0:
            raise error("The exchange took too long.")
        return left_s if timeout_s is None else min(timeout_s, left_s)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadline: _Deadline, proxy: Proxy | None) -> None:
        self._deadline = deadline
        self._proxy = proxy
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        proxy = self._proxy if self._proxy and self._proxy.leads_to(host) else None
        left_s = self._deadline.shorten(timeout, httpcore.ConnectTimeout)
        where = (proxy.host, proxy.port) if proxy else (host, port)
        stream = _Stream(
            self._inner.connect_tcp(*where, left_s, local_address, socket_options), self._deadline
        )
        if proxy:
            try:
                _tunnel(stream, proxy.request(host, port), timeout)
            except (httpcore.NetworkError, httpcore.TimeoutException):
                stream.close()
                raise
        return stream


def _tunnel(stream: httpcore.NetworkStream, request: bytes, timeout: float | None) -> None:
    """Make a connection to a proxy one to a host. Raises ConnectError and ConnectTimeout: nothing was asked of the host
    yet."""
    said = b""
    try:
        stream.write(request, timeout)
        while b"\r\n\r\n" not in said and len(said) < _LONGEST_HEAD:
            if not (more := stream.read(4096, timeout)):
                break
            said += more
    except httpcore.TimeoutException as error:
        raise httpcore.ConnectTimeout("The proxy does not answer.") from error
    except httpcore.NetworkError as error:
        raise httpcore.ConnectError("The proxy went away.") from error
    words = said.partition(b"\r\n")[0].split(b" ")
    if b"\r\n\r\n" not in said or len(words) < 2 or not words[1].startswith(b"2"):
        raise httpcore.ConnectError("The proxy refuses to connect.")


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.shorten(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.shorten(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left_s = self._deadline.shorten(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left_s), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - whatever the socket has
        return self._inner.get_extra_info(info)
