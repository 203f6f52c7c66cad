"""What a page may ask for: its own stream, the files it was given, uploads it was asked for. Nothing of anybody else's,
and nothing once its session is over."""

from __future__ import annotations

import logging

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings
from api import cookies, errors
from api.limits import UPLOADS, body_length
from api.middleware import REFUSED, asking, session_key
from api.standing import Standing
from api.streams import Session, Streams
from api.talk import Talk
from pipeline import events
from services import identity

_LOG = logging.getLogger(__name__)
_SIGN_OUT = "/sign-out"
_MEDIA = "/media/"
# The parts of Streamlit that a page of ours needs; its figures, its interface for programs, its own sign-in and the
# components that we do not have are closed.
_NEEDED = frozenset({"/_stcore/health", "/_stcore/host-config"})
# The files of our map, which Streamlit serves like those of any component.
_MAP = "/_stcore/bidi-components/prospectpro.map/"
_CLOSED = ("/_stcore/", "/component/", "/auth/", "/oauth2callback", "/app/static/")
_MB = 1024 * 1024
_FIRST_ERROR = 400
_PROTOCOLS = "sec-websocket-protocol"
# What stands there: Streamlit's own name, a token, and the page to go on with.
_PAGE_PLACE = 2


class OwnPages:
    """Binds streams, files and uploads to the session they belong to."""

    def __init__(self, app: ASGIApp, streams: Streams) -> None:
        self._app = app
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await self._stream(scope, receive, send)
        if scope["type"] == "http" and "asking" in scope:
            if status := self._refusal(scope):
                return await errors.answer(scope, status)(scope, receive, send)
            if scope["path"].startswith(UPLOADS):
                return await self._upload(scope, receive, send)
        await self._app(scope, receive, send)
        if scope["type"] == "http" and scope["path"] == _SIGN_OUT:
            await self._signed_out(scope)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours, who = settings.get(), asking(scope)
        stream = self._streams.open(who.key, who.person.id, ours.streams, ours.streams_per_person)
        if stream is None:
            events.warning(_LOG, "stream_refused", reason="too_many")
            return await send(REFUSED)
        standing = Standing(who.token, lambda: self._streams.end(who.key))
        talk = Talk(stream, standing, receive, send)
        try:
            await self._app(_to_own_page(scope, stream.session), talk.receive, talk.send)
        finally:
            talk.finish()
            self._streams.close(stream)

    def _refusal(self, scope: Scope) -> int:
        """The status of what is refused; 0 for the rest."""
        path, session = scope["path"], self._streams.session(asking(scope).key)
        if path.startswith(_MEDIA):
            return 0 if session and path in session.media and scope["method"] in ("GET", "HEAD") else 404
        if path.startswith(UPLOADS):
            return _upload_refusal(scope, session)
        is_needed = path in _NEEDED or path.startswith(_MAP)
        return 404 if path.startswith(_CLOSED) and not is_needed else 0

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        session, path = self._streams.session(asking(scope).key), scope["path"]
        if session is None:
            return await errors.answer(scope, 404)(scope, receive, send)
        is_kept = False

        async def noted(message: Message) -> None:
            nonlocal is_kept
            if message["type"] == "http.response.start":
                is_kept = scope["method"] == "PUT" and message["status"] < _FIRST_ERROR
            await send(message)

        if scope["method"] == "PUT":
            # Counted before it is read, as others may be on their way.
            session.uploaded[path] = body_length(scope)
        try:
            await self._app(scope, receive, noted)
        finally:
            if not is_kept:
                session.uploaded.pop(path, None)

    async def _signed_out(self, scope: Scope) -> None:
        token = cookies.session_token(HTTPConnection(scope))
        if token and await run_in_threadpool(identity.who_is, token) is None:
            self._streams.end(session_key(token))


def _upload_refusal(scope: Scope, session: Session | None) -> int:
    path, method = scope["path"], scope["method"]
    if session is None or path not in session.uploads or method not in ("PUT", "DELETE"):
        return 404
    if method == "DELETE":
        return 0
    others = sum(size for other, size in session.uploaded.items() if other != path)
    return 413 if others + body_length(scope) > settings.get().uploads_mb * _MB else 0


def _to_own_page(scope: Scope, session: Session) -> Scope:
    """The handshake as Streamlit may see it: the page it wants to go on with is one of its own session's."""
    said = Headers(scope=scope).get(_PROTOCOLS, "")
    wanted = [each.strip() for each in said.split(",")] if said else []
    if len(wanted) > _PAGE_PLACE and wanted[_PAGE_PLACE] not in session.pages:
        wanted = wanted[:_PAGE_PLACE]
    kept = [pair for pair in scope["headers"] if pair[0].lower() != _PROTOCOLS.encode()]
    if wanted:
        kept.append((_PROTOCOLS.encode(), ", ".join(wanted).encode("latin-1")))
    return {**scope, "headers": kept, "subprotocols": wanted}
