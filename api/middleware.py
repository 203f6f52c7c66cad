"""What every answer goes through: the gate for pages, and the headers that keep a browser honest."""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import cookies, hosts
from services import identity

# What needs no session: our own forms and what they draw, and Streamlit's program, which is the same for everybody.
_OPEN = ("/static/", "/api/")
_OPEN_EXACT = frozenset(
    {"/sign-in", "/first-admin", "/sign-out", "/healthz", "/favicon.png", "/manifest.json", "/api"}
)
# What a page asks for itself. Everything else is a page, in whatever letter case Streamlit may accept it.
_PARTS = ("/_stcore/", "/media/", "/component/")
_HEALTH = "/healthz"
_UNKNOWN_HOST = (
    "ProspectPro is not known under this address. Whoever runs it can name it in PUBLIC_URL or ALLOWED_HOSTS."
)
_NO_SESSION = "Sign in first: open ProspectPro in this browser."
# RFC 6455, 7.4.1: the endpoint refuses by a rule of its own.
_REFUSED: Message = {"type": "websocket.close", "code": 1008}

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


class KnownHosts:
    """Answers only under names of this site; a check of its health may use any."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_request = scope["type"] in ("http", "websocket") and scope["path"] != _HEALTH
        if is_request and not hosts.is_ours(HTTPConnection(scope).headers.get("host", "")):
            if scope["type"] == "websocket":
                return await send(_REFUSED)
            return await PlainTextResponse(_UNKNOWN_HOST, status_code=421)(scope, receive, send)
        await self._app(scope, receive, send)


class SignedInOnly:
    """Lets nobody without a session open a page, or anything a page asks for: who opens a page is sent to the sign-in.
    The stream of a page opens for pages of this very site alone, as browsers send cookies along whoever opens it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "http" and is_open(scope["path"])):
            return await self._app(scope, receive, send)
        connection = HTTPConnection(scope)
        if scope["type"] == "websocket" and not hosts.is_same_origin(connection):
            return await send(_REFUSED)
        if await run_in_threadpool(identity.who_is, cookies.session_token(connection)) is None:
            return await _refusal(scope, receive, send)
        await self._app(scope, receive, send)


def is_open(path: str) -> bool:
    """Whether a path needs no session."""
    return path in _OPEN_EXACT or path.startswith(_OPEN)


def is_page(path: str) -> bool:
    """Whether a path is that of a page, not of a form of ours or of something a page asks for."""
    return not is_open(path) and not path.startswith(_PARTS)


async def _refusal(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        return await send(_REFUSED)
    # A page looks below its own address for the server before it looks at the root.
    wants_page = scope["method"] in ("GET", "HEAD") and "/_stcore/" not in scope["path"]
    answer = _to_sign_in(scope) if wants_page else PlainTextResponse(_NO_SESSION, status_code=401)
    await answer(scope, receive, send)


def _to_sign_in(scope: Scope) -> RedirectResponse:
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    # The sign-in itself goes on to the first administrator where there is none.
    target = "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}"
    return RedirectResponse(target, status_code=303, headers={"Cache-Control": "no-store"})
