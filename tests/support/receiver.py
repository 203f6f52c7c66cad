"""A system that is sent webhooks: an own server that takes all of them, and checks each as its makers would."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.wire import Wire, plain, wire


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it arrived."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    def told(self) -> dict[str, Any]:
        """What it says."""
        said: dict[str, Any] = json.loads(self.body)
        return said

    def is_signed_with(self, secret: str) -> bool:
        """By the letter of Standard Webhooks 1: HMAC-SHA256 of id, time and body under the secret's bytes."""
        about = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode()
        key = b64decode(secret.partition("_")[2])
        right = b64encode(hmac.new(key, about + self.body, hashlib.sha256).digest()).decode()
        return f"v1,{right}" in self.headers["webhook-signature"].split(" ")


@dataclass(slots=True)
class Receiver:
    """The server; ``status`` is what it answers from now on."""

    server: Wire
    status: list[str]

    @property
    def url(self) -> str:
        """Where it listens: a gateway, as no public address leads to this machine."""
        return self.server.url

    def received(self) -> list[Received]:
        """All messages, in order."""
        return [_read(request) for request in self.server.requests]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A running one, which answers 204."""
    status = ["204 No Content"]

    def answer(connection: socket.socket, request: bytes) -> None:
        plain("", status[0], "Location: https://elsewhere.example.com/")(connection, request)

    with wire(answer) as server:
        yield Receiver(server, status)


def _read(request: bytes) -> Received:
    head, _, body = request.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in rest)}
    return Received(line, headers, body)
