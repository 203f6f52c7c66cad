"""Fetches pages of websites that strangers name, without ever reaching what only this machine can reach.

The rules (OWASP, Server-Side Request Forgery Prevention): http and https on their own ports, no user names; the host
is resolved once, every address it has must be a public one, and the connection goes to that very address; redirects
are followed by hand, each under the same rules; size and time are bounded.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import httpx

from pipeline.contact.contacts import host_ascii
from pipeline.network.deadline import DeadlineTransport
from pipeline.network.http import bounded, trusted

MAX_BYTES = 2_000_000
MAX_REDIRECTS = 5
_PAGE_S = 10.0
_PORTS = {"http": 80, "https": 443}
# Addresses that hide another one, and one block that only partly counts as private elsewhere.
_REFUSED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "::ffff:0:0/96",
        "2001::/32",
        "fec0::/10",
        "192.0.0.0/24",
    )
)

Allowed = Callable[[str], bool]
"""Whether the owner of a URL lets it be read; may raise Unreachable."""

Resolve = Callable[[str], Sequence[str]]
"""The addresses of a host name; raises OSError."""


class Unreachable(Exception):
    """A page cannot or must not be read; the message says why in words for people."""


class Unanswered(Unreachable):
    """No server took the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was answered, after redirects; ``is_cut``: only its first two megabytes were read."""

    url: str
    status: int
    content_type: str
    content: bytes = field(repr=False)
    simulated: bool = False
    is_cut: bool = False


def resolve(host: str) -> Sequence[str]:
    """The addresses the machine's resolver gives."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class Fetcher:
    """Reads public pages. With ``gateway`` every request goes to that server instead, under the same rules of form."""

    def __init__(
        self, user_agent: str, *, resolver: Resolve = resolve, gateway: str | None = None, proxy: str = ""
    ) -> None:
        self._resolve = resolver
        self._gateway = gateway.rstrip("/") if gateway else None
        self._transport = DeadlineTransport(
            verify=trusted(),
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=0),
            proxy=proxy,
        )
        self._client = httpx.Client(
            headers={
                "User-Agent": user_agent,
                "Accept": "text/html,application/xhtml+xml,text/plain;q=0.5",
                "Accept-Encoding": "gzip",
            },
            timeout=httpx.Timeout(_PAGE_S, connect=3.0),
            # One address serves many sites: what one of them set would be sent to the others.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
        )

    def get(self, url: str, allowed: Allowed | None = None) -> Page:
        """The page behind a URL, every step of the way there ``allowed``; raises Unreachable."""
        deadline = time.monotonic() + _PAGE_S
        for _ in range(MAX_REDIRECTS + 1):
            if allowed and not allowed(url):
                raise Unreachable("The site asks robots not to read it.")
            page, location = self._once(url, deadline)
            if location is None:
                return page
            url = _joined(url, location)
        raise Unreachable("The site redirects too often.")

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _once(self, url: str, deadline: float) -> tuple[Page, str | None]:
        request = self._request(url)
        self._transport.start(deadline - time.monotonic())
        try:
            response = self._client.send(request, stream=True)
        except (httpx.HTTPError, ssl.SSLError):
            raise Unanswered("The site could not be reached.") from None
        try:
            content = _read(response)
        finally:
            response.close()
        page = Page(
            url=url,
            status=response.status_code,
            content_type=response.headers.get("content-type", ""),
            content=content[:MAX_BYTES],
            is_cut=len(content) > MAX_BYTES,
            simulated=response.headers.get("x-simulated") == "1",
        )
        moved = response.is_redirect or response.status_code in (301, 302, 303, 307, 308)
        return page, response.headers.get("location") if moved else None

    def _request(self, url: str) -> httpx.Request:
        try:
            return self._built(*checked(url))
        except httpx.InvalidURL:
            raise Unreachable("The address is not a web address.") from None

    def _built(self, scheme: str, host: str, rest: str) -> httpx.Request:
        if self._gateway:
            headers = {"Host": host, "X-Forwarded-Proto": scheme}
            return self._client.build_request("GET", self._gateway + rest, headers=headers)
        address = self._public_address(host)
        shown = f"[{address}]" if ":" in address else address
        # The name stays in the Host header and in the certificate's check; only the connection is pinned.
        return self._client.build_request(
            "GET", f"{scheme}://{shown}{rest}", headers={"Host": host}, extensions={"sni_hostname": host}
        )

    def _public_address(self, host: str) -> str:
        try:
            addresses = self._resolve(host)
        except (OSError, UnicodeError):
            raise Unreachable("The site's name is not known.") from None
        if not addresses:
            raise Unreachable("The site's name is not known.")
        if not all(is_public(address) for address in addresses):
            raise Unreachable("The site's name leads into a private network.")
        return addresses[0]


def checked(url: str) -> tuple[str, str, str]:
    """Scheme, host and the rest of a URL that may be fetched; raises Unreachable."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise Unreachable("The address is not a web address.") from None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        raise Unreachable("The address is not a public web address.")
    if port not in (None, _PORTS[parts.scheme]):
        raise Unreachable("The address names an unusual port.")
    name = host_ascii(host)
    if name is None or not _is_name(name):
        raise Unreachable("The address is not a public web address.")
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, name, rest


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Unreachable("The site redirects to something that is no address.") from None


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, and hides no other one inside."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip.version == net.version and ip in net for net in _REFUSED):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _is_name(host: str) -> bool:
    """A host name with a letter in its ending: no IP address in whatever spelling, no name without a dot."""
    ending = host.rpartition(".")[2]
    return "." in host and any(char.isalpha() for char in ending) and not ending.startswith("0x")


def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    try:
        for chunk in bounded(response, MAX_BYTES):
            content += chunk
            if len(content) > MAX_BYTES:
                break
    except (httpx.HTTPError, httpx.StreamError, zlib.error):
        raise Unreachable("The site broke off in the middle of a page.") from None
    return bytes(content)
