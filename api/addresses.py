"""Which addresses a form may come from and a person may be sent to."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import URL
from starlette.requests import Request

import settings

_LONGEST_NEXT = 4000


def local_path(candidate: str | None) -> str:
    """``candidate`` when it is a path on this site, else ``/``; never another host, never a form of ours."""
    path = candidate or ""
    plain = path.isprintable() and path.isascii() and "\\" not in path and len(path) <= _LONGEST_NEXT
    # Browsers read "//host" and "/\\host" as another site.
    if not plain or not path.startswith("/") or path.startswith("//"):
        return "/"
    return "/" if urlsplit(path).path.rstrip("/").casefold() in _FORMS else path


def is_own_form(request: Request) -> bool:
    """Whether a POST was sent by a page of this site and not by another one's."""
    fetch_site = request.headers.get("sec-fetch-site")
    if fetch_site is not None and fetch_site != "same-origin":
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return fetch_site == "same-origin"
    return urlsplit(origin).netloc.casefold() in _own_hosts(request.url)


def _own_hosts(url: URL) -> set[str]:
    return {url.netloc.casefold(), urlsplit(settings.get().public_url).netloc.casefold()} - {""}


_FORMS = frozenset({"/sign-in", "/sign-out", "/first-admin"})
