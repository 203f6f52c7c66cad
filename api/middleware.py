"""What every answer goes through: the gate for pages, and the headers that keep a browser honest."""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import cookies
from services import identity

# Everything else is a page, in whatever letter case Streamlit may accept it.
_OPEN = ("/_stcore/", "/static/", "/api/")
_OPEN_EXACT = frozenset(
    {"/sign-in", "/first-admin", "/sign-out", "/healthz", "/favicon.png", "/manifest.json", "/api"}
)

# Streamlit's own page sets style attributes and one inline script; the rest of its code is in files.
_CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Adds the security headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class SignedInOnly:
    """Sends everybody without a session who opens a page, or fetches a file of one, to the sign-in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_open(scope["path"]):
            token = cookies.session_token(HTTPConnection(scope))
            if await run_in_threadpool(identity.who_is, token) is None:
                return await _to_sign_in(scope)(scope, receive, send)
        await self._app(scope, receive, send)


def is_open(path: str) -> bool:
    return path in _OPEN_EXACT or path.startswith(_OPEN)


def _to_sign_in(scope: Scope) -> RedirectResponse:
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    # The sign-in itself goes on to the first administrator where there is none.
    target = "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}"
    return RedirectResponse(target, status_code=303, headers={"Cache-Control": "no-store"})
