"""What somebody is told whose request is not answered: a calm page for a person, JSON for a program."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import document
from api.v1 import problems
from pipeline import events

_LOG = logging.getLogger(__name__)
_FIRST_ERROR = 400
_OURS = ("text/html", "application/json", problems.KIND)
NO_SESSION = 401
# RFC 9110, section 15, and RFC 6585.
WORDS: Mapping[int, tuple[str, str]] = {
    400: ("This cannot be read", "What your browser sent could not be understood. Go back and try again."),
    401: ("Sign in first", "Open ProspectPro in this browser and sign in."),
    403: ("This is not open to you", "Go back to ProspectPro and try from there."),
    404: ("Nothing here", "There is nothing at this address. It may have been removed, or it is not yours."),
    405: ("Not like this", "This address does not work this way. Go back and try again."),
    408: ("That took too long", "Your request did not arrive in time. Check your connection and try again."),
    411: ("How much is it?", "Say how long what you send is, then try again."),
    413: ("That is too large", "What you sent is larger than ProspectPro accepts. Send less and try again."),
    416: ("That part does not exist", "Load the whole file again."),
    421: ("Not known under this name", "ProspectPro is not known under this address."),
    429: ("Too many at once", "Too many requests come from your network right now. Try again in a moment."),
    431: ("Too much in one request", "Delete the cookies of this site, then open ProspectPro again."),
    500: ("Something went wrong on our side", "Nothing you saved is lost. Reload the page to try again."),
    503: ("Not available right now", "ProspectPro cannot answer right now. Try again in a minute."),
}  # fmt: skip
_OTHER = ("This did not work", "Go back to ProspectPro and try again.")


def answer(scope: Scope, status: int, said: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """The answer with this status; ``said`` in place of the usual sentence."""
    title, usual = words(status)
    kept = {"Cache-Control": "no-store", **(headers or {})}
    if problems.is_ours(scope["path"]):
        cause = problems.OF_GATE.get(status, problems.Problem.UNREADABLE)
        return problems.answer(scope, cause, said or usual, (), kept)
    if _wants_page(scope):
        return document.message(title, said or usual, status, kept)
    return JSONResponse({"error": said or usual}, status_code=status, headers=kept)


def words(status: int) -> tuple[str, str]:
    """What is said of a status: a heading and a sentence."""
    return WORDS.get(status, _OTHER)


def _wants_page(scope: Scope) -> bool:
    return "text/html" in HTTPConnection(scope).headers.get("accept", "")


class CalmErrors:
    """Says every error in our words, whoever found it, and lets no exception out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        words = _Words(scope, send)
        try:
            await self._app(scope, receive, words.send)
        except ClientDisconnect:
            return
        except Exception as error:
            reference = secrets.token_hex(4).upper()
            events.error(_LOG, "request_failed", error, reference=reference)
            if words.began:
                raise
            await _failed(scope, receive, send, reference)


async def _failed(scope: Scope, receive: Receive, send: Send, reference: str) -> None:
    if scope["type"] == "websocket":
        # RFC 6455, 7.4.1: something unforeseen.
        return await send({"type": "websocket.close", "code": 1011})
    said = f"{WORDS[500][1]} If it keeps happening, give an administrator this reference: {reference}."
    await answer(scope, 500, said)(scope, receive, send)


class _Words:
    """One answer on its way out; an error that is not in our words yet is put into them."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._ours: Response | None = None
        self.began = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_foreign(message):
            self._ours = _in_our_words(self._scope, message)
        elif self._ours is None:
            self.began = True
            await self._send(message)
        elif not message.get("more_body"):
            self.began = True
            await self._ours(self._scope, _nothing, self._send)


def _is_foreign(message: Message) -> bool:
    kind = Headers(raw=message.get("headers", [])).get("content-type", "")
    return message["status"] >= _FIRST_ERROR and not kind.startswith(_OURS)


def _in_our_words(scope: Scope, message: Message) -> Response:
    ours = answer(scope, message["status"])
    for name, value in MutableHeaders(raw=message.get("headers", [])).items():
        if name in ("allow", "retry-after", "content-range"):
            ours.headers[name] = value
    return ours


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
