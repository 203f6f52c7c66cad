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


class DeadlineTransport(httpx.HTTPTransport):
    """A transport whose exchanges end at the deadline their thread set last; safe to share between threads."""

    def __init__(self, *, verify: ssl.SSLContext, limits: httpx.Limits) -> None:
        super().__init__(verify=verify, limits=limits, trust_env=False)
        self._deadline = _Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=verify,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Backend(self._deadline),
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
    def __init__(self, deadline: _Deadline) -> None:
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left_s = self._deadline.shorten(timeout, httpcore.ConnectTimeout)
        stream = self._inner.connect_tcp(host, port, left_s, local_address, socket_options)
        return _Stream(stream, self._deadline)


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
