"""The gate: only under our names, only for pages of this site, only with a session."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import cookies, errors, hosts
from services import identity
from services.identity import Person

# What needs no session: our own forms and what they draw, what clients were sent a link to, and Streamlit's program,
# which is the same for everybody.
_OPEN = ("/static/", "/api/", "/functions/v1/", "/shared/")
_FORMS = frozenset(
    {
        *("/sign-in", "/first-admin", "/sign-out", "/second-factor", "/forgot-password", "/new-password"),
        *("/confirm-email", "/oidc/start", "/oidc/callback", "/passkeys/options", "/passkeys/sign-in"),
        *("/passkeys/new", "/passkeys/add", "/invitation", "/guest", "/sign-up"),
    }
)
_OPEN_EXACT = _FORMS | {
    "/passkey.js",
    "/healthz",
    "/metrics",
    "/favicon.png",
    "/manifest.json",
    "/api",
    "/mcp",
}
# What a page asks for itself. Everything else is a page, in whatever letter case Streamlit may accept it.
_PARTS = ("/_stcore/", "/media/", "/component/", "/tiles/", "/exports/")
_HEALTH = "/healthz"
_UNKNOWN_HOST = (
    "ProspectPro is not known under this address. Whoever runs it can name it in PUBLIC_URL or ALLOWED_HOSTS."
)
# RFC 6455, 7.4.1: the endpoint refuses by a rule of its own.
REFUSED: Message = {"type": "websocket.close", "code": 1008}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: the person, and their session by its token and by a key that is no secret."""

    person: Person
    token: str
    key: bytes


def asking(scope: Scope) -> Asking:
    """Who the gate has let in."""
    found: Asking = scope["asking"]
    return found


def session_key(token: str) -> bytes:
    """What a session is known by here."""
    return hashlib.sha256(token.encode()).digest()


class KnownHosts:
    """Answers only under names of this site; a check of its health may use any."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_request = scope["type"] in ("http", "websocket") and scope["path"] != _HEALTH
        if is_request and not hosts.is_ours(HTTPConnection(scope).headers.get("host", "")):
            if scope["type"] == "websocket":
                return await send(REFUSED)
            return await errors.answer(scope, 421, _UNKNOWN_HOST)(scope, receive, send)
        await self._app(scope, receive, send)


class SignedInOnly:
    """Lets nobody without a session open a page, or anything a page asks for: who opens a page is sent to the sign-in.
    The stream of a page opens for pages of this very site alone, as browsers send cookies along whoever opens it; of
    another site's page nothing reaches Streamlit, which would look that site up."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "http" and is_form(scope["path"])):
            return await self._app(scope, receive, send)
        connection = HTTPConnection(scope)
        says_origin = scope["type"] == "websocket" or "origin" in connection.headers
        if says_origin and not hosts.is_same_origin(connection):
            return await _refuse(scope, receive, send, 403)
        if scope["type"] == "http" and is_open(scope["path"]):
            return await self._app(scope, receive, send)
        token = cookies.session_token(connection)
        person = await run_in_threadpool(identity.who_is, token)
        if token is None or person is None:
            return await _refuse(scope, receive, send, errors.NO_SESSION)
        await self._app({**scope, "asking": Asking(person, token, session_key(token))}, receive, send)


def is_form(path: str) -> bool:
    """Whether a path is that of a form of ours, which looks at its origin itself and says what is wrong."""
    return path in _FORMS


def is_open(path: str) -> bool:
    """Whether a path needs no session."""
    return path in _OPEN_EXACT or path.startswith(_OPEN)


def is_page(path: str) -> bool:
    """Whether a path is that of a page, not of a form of ours or of something a page asks for."""
    return not is_open(path) and not path.startswith(_PARTS)


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        return await send(REFUSED)
    # A page looks below its own address for the server before it looks at the root.
    wants_page = scope["method"] in ("GET", "HEAD") and "/_stcore/" not in scope["path"]
    is_stranger = status == errors.NO_SESSION and wants_page
    answer = _to_sign_in(scope) if is_stranger else errors.answer(scope, status)
    await answer(scope, receive, send)


def _to_sign_in(scope: Scope) -> RedirectResponse:
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    # The sign-in itself goes on to the first administrator where there is none.
    target = "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}"
    return RedirectResponse(target, status_code=303, headers={"Cache-Control": "no-store"})
