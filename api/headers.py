"""The headers that keep a browser honest, on every answer there is."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings

_FIRST_ERROR = 400
_YEAR_S = 365 * 24 * 3600
# Streamlit's page sets style attributes. Its code is in files; what stands in a document itself is named by its hash.
_PAGE = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_FORM = (
    "default-src 'none'; {scripts}style-src {style}; img-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def of_every_answer() -> dict[str, str]:
    """By name; HTTPS is asked for by name only where it is spoken."""
    ours = settings.get()
    headers = {**_HEADERS, "Content-Security-Policy": page_policy(())}
    if ours.secure_cookie or ours.public_url.casefold().startswith("https:"):
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
    return headers


def page_policy(scripts: Iterable[bytes]) -> str:
    """What a page may load, and the ``scripts`` that stand in it."""
    return _PAGE.format(scripts="".join(f" {_hash(script)}" for script in scripts))


def form_policy(style: bytes, *, has_script: bool = False) -> str:
    """What a document outside Streamlit may load: the one ``style`` that stands in it, and no script at all but, where
    it ``has_script``, our files, which may ask this site."""
    scripts = "script-src 'self'; connect-src 'self'; " if has_script else ""
    return _FORM.format(style=_hash(style), scripts=scripts)


def _hash(text: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"


class SecurityHeaders:
    """Adds them to every HTTP answer and every answer to a handshake; what an answer says itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in of_every_answer().items():
                    headers.setdefault(name, value)
                if message["status"] >= _FIRST_ERROR:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)
