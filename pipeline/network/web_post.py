"""Posts to addresses that people name, under the rules by which their websites are read."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from pipeline.network.deadline import DeadlineTransport
from pipeline.network.http import trusted
from pipeline.network.public_address import Resolve, Unreachable, checked, public_address, resolve

_TOTAL_S = 10.0


class Poster:
    """Posts to public addresses over https, never further than the address itself: no redirect is followed, and of an
    answer only the status is read. With ``gateway`` every request goes to that server instead; ``proxy`` is the one
    that leads out of a company's network."""

    def __init__(
        self, user_agent: str, *, resolver: Resolve = resolve, gateway: str = "", proxy: str = ""
    ) -> None:
        self._resolve = resolver
        self._gateway = gateway.rstrip("/")
        self._transport = DeadlineTransport(
            verify=trusted(), limits=httpx.Limits(max_keepalive_connections=0), proxy=proxy
        )
        self._client = httpx.Client(
            headers={"User-Agent": user_agent, "Accept": "*/*"},
            timeout=httpx.Timeout(_TOTAL_S, connect=3.0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status that was answered. Raises Unreachable when there was no answer, or must not be one."""
        host, rest = address_of(url)
        about: dict[str, str] = {}
        if self._gateway:
            there, extra = self._gateway + rest, {"X-Forwarded-Proto": "https"}
        else:
            there, extra = f"https://{public_address(host, self._resolve)}{rest}", {}
            about = {"sni_hostname": host}
        try:
            request = self._client.build_request(
                "POST", there, content=body, headers={**headers, **extra, "Host": host}, extensions=about
            )
            self._transport.start(_TOTAL_S)
            response = self._client.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError):
            raise Unreachable("No answer came within ten seconds, or none that could be read.") from None
        response.close()
        return response.status_code


def address_of(url: str) -> tuple[str, str]:
    """The host of an address that may be posted to, and what follows it. Raises Unreachable."""
    scheme, host, rest = checked(url)
    if scheme != "https":
        raise Unreachable("The address does not begin with https://.")
    return host, rest
