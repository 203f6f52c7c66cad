"""Which names this site is reached by.

A page of another site may have its own name lead to this machine (DNS rebinding) and would then count as ours for the
browser. Addresses in digits and ``localhost`` cannot be made to lead elsewhere; any other name has to be named in the
settings.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

import settings


def is_ours(netloc: str) -> bool:
    """Whether ``host`` or ``host:port`` is a name of this site."""
    try:
        host = (urlsplit(f"//{netloc}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return host == "localhost" or _is_in_digits(host) or host in _named()


def is_same_origin(connection: HTTPConnection) -> bool:
    """Whether a page of this very site, host and port, made the request; browsers always say which page opens a
    WebSocket or sends a form of another site."""
    try:
        origin = urlsplit(connection.headers.get("origin", ""))
    except ValueError:
        return False
    if origin.scheme not in ("http", "https"):
        return False
    own = {connection.headers.get("host", ""), urlsplit(settings.get().public_url).netloc}
    return origin.netloc.casefold() in {name.casefold() for name in own if name}


def _is_in_digits(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _named() -> set[str]:
    ours = settings.get()
    names = [urlsplit(ours.public_url).hostname or "", ours.web_host, *ours.allowed_hosts.split(",")]
    return {name.strip().casefold() for name in names if name.strip()}
