"""Which addresses a form may come from and a person may be sent to."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from api import hosts

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
    if "origin" not in request.headers:
        return fetch_site == "same-origin"
    return hosts.is_same_origin(request)


_FORMS = frozenset(
    {
        "/sign-in",
        "/guest",
        "/sign-up",
        "/sign-out",
        "/first-admin",
        "/confirm-email",
        "/passkey.js",
        "/passkeys/options",
        "/passkeys/sign-in",
        "/passkeys/new",
        "/passkeys/add",
        "/oidc/start",
        "/oidc/callback",
        "/forgot-password",
        "/new-password",
        "/second-factor",
    }
)
