"""Fetches pages of websites that strangers name, without ever reaching what only this machine can reach.

The rules (OWASP, Server-Side Request Forgery Prevention): http and https on their own ports, no user names; the host
is resolved once, every address it has must be a public one, and the connection goes to that very address; redirects
are followed by hand, each under the same rules; size and time are bounded.
"""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin

import httpx

from pipeline.network.deadline import DeadlineTransport
from pipeline.network.http import bounded, trusted
from pipeline.network.public_address import Resolve, Unreachable, checked, public_address, resolve

MAX_BYTES = 2_000_000
MAX_REDIRECTS = 5
_PAGE_S = 10.0
Allowed = Callable[[str], bool]
"""Whether the owner of a URL lets it be read; may raise Unreachable."""


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
        address = public_address(host, self._resolve)
        # The name stays in the Host header and in the certificate's check; only the connection is pinned.
        return self._client.build_request(
            "GET", f"{scheme}://{address}{rest}", headers={"Host": host}, extensions={"sni_hostname": host}
        )


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Unreachable("The site redirects to something that is no address.") from None


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
