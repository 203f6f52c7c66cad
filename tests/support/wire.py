"""A server that answers with raw bytes on a real socket: whatever a broken or hostile server could send."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answerer = Callable[[socket.socket, bytes], None]


class Wire:
    """Answers connection after connection; ``requests`` are what it received, each ``until`` it holds these bytes."""

    def __init__(self, answer: Answerer, until: bytes, tls: ssl.SSLContext | None = None) -> None:
        self._until = until
        self.requests: list[bytes] = []
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._tls = tls
        scheme, host = ("https", "localhost") if tls else ("http", "127.0.0.1")
        self.url = f"{scheme}://{host}:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError), self._secured(connection) as talk:
                request = _read(talk, self._until)
                self.requests.append(request)
                self._answer(talk, request)

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection


def _read(connection: socket.socket, until: bytes) -> bytes:
    data = b""
    while until not in data:
        more = connection.recv(65_536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def plain(body: bytes | str, status: str = "200 OK", *headers: str) -> Answerer:
    """A complete answer; JSON unless the headers say otherwise."""
    content = body.encode() if isinstance(body, str) else body
    kind = (
        ()
        if any(header.lower().startswith("content-type") for header in headers)
        else ("Content-Type: application/json",)
    )
    head = "\r\n".join(
        [f"HTTP/1.1 {status}", *kind, *headers, f"Content-Length: {len(content)}", "Connection: close"]
    )
    return raw(head.encode() + b"\r\n\r\n" + content)


def raw(data: bytes) -> Answerer:
    """Exactly these bytes, then the end."""
    return lambda connection, _request: connection.sendall(data)


@contextmanager
def wire(answer: Answerer, until: bytes = b"\r\n\r\n", tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """A running server, with a certificate for ``localhost`` where ``tls`` has one."""
    server = Wire(answer, until, tls)
    try:
        yield server
    finally:
        server.close()
