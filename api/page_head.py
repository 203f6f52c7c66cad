"""The one HTML document that every page of ours is drawn into: Streamlit's own, with our additions."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import page_policy
from api.middleware import is_page

_SCRIPT = Path(__file__).parent / "browser.js"
_STYLE = Path(__file__).parent.parent / "ui" / "style.css"
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_NOSCRIPT = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
_DESCRIPTION = re.compile(rb"<link rel=\"service-desc\"[^>]*>")
_PLAIN = b"<noscript><p>ProspectPro needs JavaScript: allow it for this site, then load the page again.</p></noscript>"
# With these a browser may keep a document of before, whose scripts are not the ones that are allowed now.
_CONDITIONS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


class PageHead:
    """Gives the page document our name, our look before its own code has loaded, and what a browser should do with
    words that were typed and left.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._head = b"<style>%s</style><script>%s</script></head>" % (
            _STYLE.read_bytes(),
            _SCRIPT.read_bytes(),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_page(scope["path"]):
            return await self._app(scope, receive, send)
        start: Message = {}
        body = b""

        async def send_renamed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            if start["status"] == 200 and scope["method"] == "GET":
                body = self._ours(body)
                headers = MutableHeaders(scope=start)
                headers["Content-Length"] = str(len(body))
                headers["Content-Security-Policy"] = page_policy(_INLINE.findall(body))
                headers["Cache-Control"] = "no-store"
                del headers["ETag"], headers["Last-Modified"]
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self._app(_whole(scope), receive, send_renamed)

    def _ours(self, document: bytes) -> bytes:
        document = document.replace(b"<title>Streamlit</title>", b"<title>ProspectPro</title>", 1)
        document = _NOSCRIPT.sub(_PLAIN, _DESCRIPTION.sub(b"", document))
        return document.replace(b"</head>", self._head, 1)


def _whole(scope: Scope) -> Scope:
    headers = [pair for pair in Headers(scope=scope).raw if pair[0] not in _CONDITIONS]
    return {**scope, "headers": headers, "extensions": {}}
