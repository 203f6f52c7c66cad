"""HTTP to a store of files whose address people name: pinned to an address that may be reached, bounded in time."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from io import RawIOBase
from typing import BinaryIO
from urllib.parse import urlsplit

import httpx

from pipeline.network.deadline import DeadlineTransport
from pipeline.network.http import trusted
from pipeline.network.public_address import Unreachable
from pipeline.network.reach import Reach

# A file of gigabytes over a slow line; the other side may be silent for far less.
_TOTAL_S, _SILENT_S = 3600.0, 30.0
_MOST_READ = 65_536
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAnswer:
    """What a store said, of its body the beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class StoreHttp:
    """One client of one store. Follows no redirect."""

    def __init__(self, user_agent: str, reach: Reach, proxy: str = "") -> None:
        self._reach, self._agent = reach, user_agent
        self._transport = DeadlineTransport(
            verify=trusted(), limits=httpx.Limits(max_keepalive_connections=0), proxy=proxy
        )
        self._client = httpx.Client(
            timeout=httpx.Timeout(_SILENT_S, connect=5.0),
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: BinaryIO | RawIOBase | bytes | None
    ) -> StoreAnswer:
        """Ask, with the headers as they are. Raises Unreachable when there was no answer, or must not be one."""
        there, host, extensions = self._pinned(url)
        sent = {**headers, "Host": host, "User-Agent": self._agent}
        try:
            request = self._client.build_request(
                method, there, headers=sent, content=body, extensions=extensions
            )
            self._transport.start(_TOTAL_S)
            response = self._client.send(request, stream=True)
            try:
                read = b"".join(_some(response))
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError):
            raise Unreachable("No answer came, or none that could be read.") from None
        return StoreAnswer(status=response.status_code, headers=dict(response.headers), body=read)

    def _pinned(self, url: str) -> tuple[str, str, dict[str, str]]:
        """The same address with the number of its host, what the host is called, and of whom a certificate is asked."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        if not self._reach.is_excepted(host, port):
            if parts.scheme != "https":
                raise Unreachable("The address does not begin with https://.")
            if port != _PORTS["https"]:
                raise Unreachable("The address names an unusual port.")
        number = self._reach.address(host, port)
        where = f"[{number}]:{port}" if ":" in number else f"{number}:{port}"
        rest = parts.path + (f"?{parts.query}" if parts.query else "")
        return f"{parts.scheme}://{where}{rest}", parts.netloc, {"sni_hostname": host}


def _some(response: httpx.Response) -> list[bytes]:
    pieces: list[bytes] = []
    for piece in response.iter_raw(_MOST_READ):
        pieces.append(piece)
        if sum(map(len, pieces)) >= _MOST_READ:
            break
    return pieces
