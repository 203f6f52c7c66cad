"""A pooler as some are: it passes a connection on and drops the ``options`` the client says of itself."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

# PostgreSQL: Frontend/Backend Protocol, message formats of StartupMessage, SSLRequest and GSSENCRequest.
_VERSION_3 = 196608
_ASKS_FOR_ENCRYPTION = (80877103, 80877104)
_HEAD = struct.Struct("!ii")


@contextmanager
def pooler(server: str) -> Iterator[int]:
    """Its port on this machine; ``server`` is the socket file of the real one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=_serve, args=(listener, server), daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            # Wakes the thread that waits for a client; closing alone would not.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, server: str) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            Thread(target=_connect, args=(client, server), daemon=True).start()


def _connect(client: socket.socket, server: str) -> None:
    with client, socket.socket(socket.AF_UNIX) as behind, suppress(OSError, struct.error):
        size, code = _HEAD.unpack(_exactly(client, _HEAD.size))
        while code in _ASKS_FOR_ENCRYPTION:
            client.sendall(b"N")
            size, code = _HEAD.unpack(_exactly(client, _HEAD.size))
        said = _exactly(client, size - _HEAD.size)
        behind.connect(server)
        if code == _VERSION_3:
            said = _without_options(said)
        behind.sendall(_HEAD.pack(_HEAD.size + len(said), code) + said)
        back = Thread(target=_pass_on, args=(behind, client), daemon=True)
        back.start()
        _pass_on(client, behind)
        back.join()


def _without_options(said: bytes) -> bytes:
    words = said.rstrip(b"\0").split(b"\0")
    kept = [pair for pair in zip(words[::2], words[1::2], strict=True) if pair[0] != b"options"]
    return b"".join(word + b"\0" for pair in kept for word in pair) + b"\0"


def _exactly(sender: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = sender.recv(size - len(found))
        if not more:
            raise OSError("the client left")
        found += more
    return found


def _pass_on(sender: socket.socket, receiver: socket.socket) -> None:
    with suppress(OSError):
        while said := sender.recv(65536):
            receiver.sendall(said)
        receiver.shutdown(socket.SHUT_WR)
