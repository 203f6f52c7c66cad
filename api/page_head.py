"""The one HTML document that every page of ours is drawn into: Streamlit's own, with our additions."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.middleware import is_page

_SCRIPT = Path(__file__).parent / "browser.js"
_STYLE = Path(__file__).parent.parent / "ui" / "style.css"


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
                body = body.replace(b"<title>Streamlit</title>", b"<title>ProspectPro</title>", 1)
                body = body.replace(b"</head>", self._head, 1)
                MutableHeaders(scope=start)["Content-Length"] = str(len(body))
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self._app(_uncompressed(scope), receive, send_renamed)


def _uncompressed(scope: Scope) -> Scope:
    headers = [pair for pair in Headers(scope=scope).raw if pair[0] != b"accept-encoding"]
    return {**scope, "headers": headers, "extensions": {}}
