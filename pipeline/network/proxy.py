"""A proxy between this machine and the internet, as companies have: each connection is a tunnel through it (RFC 9110
§9.3.6), so that what is asked, and of which certificate, stays between us and the other side."""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

# Names that no proxy knows: of this machine and of networks without names of the internet.
_NEAR = (".localhost", ".local", ".internal", ".lan")


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where it is, and as whom it is asked."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)

    def leads_to(self, host: str) -> bool:
        """Whether it is asked for this host: not for this machine, and not for a private network."""
        try:
            return ipaddress.ip_address(host.strip("[]")).is_global
        except ValueError:
            return "." in host and not host.endswith(_NEAR)

    def request(self, host: str, port: int) -> bytes:
        """What asks it for a tunnel."""
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {where} HTTP/1.1", f"Host: {where}"]
        if self.authorization:
            lines.append(f"Proxy-Authorization: Basic {self.authorization}")
        return "\r\n".join([*lines, "", ""]).encode("ascii")


def proxy_of(url: str) -> Proxy | None:
    """``http://host:port``, with ``user:password@`` before the host where it wants to know who asks; None for nothing.

    Raises ValueError for what is no such address.
    """
    if not url:
        return None
    found = urlsplit(url)
    if found.scheme != "http" or not found.hostname or not found.port or found.path.strip("/") or found.query:
        raise ValueError("has to be like http://proxy.example.com:3128")
    named = f"{unquote(found.username)}:{unquote(found.password or '')}" if found.username else ""
    return Proxy(found.hostname, found.port, b64encode(named.encode()).decode())
