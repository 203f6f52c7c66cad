"""An installation that is not as it should be: answers as ours in form, each of which can be made a lie."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ID = "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e8f"
KEY, OTHER = "ppk_own", "ppk_other"
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
CAMPAIGN = {
    "id": ID, "title": "Cafe in Helsinki", "status": "completed", "stage": "storing_results", "progress": 100,
    "is_final": True, "leads": 2, "businesses_found": 9, "elapsed_s": 1, "spent_usd": "0", "budget_usd": "0",
    "reason": None, "waiting_for": None,
    "started_at": "2026-11-27T09:00:00Z", "ended_at": "2026-11-27T09:00:01Z",
}  # fmt: skip
_EVENTS = [{"progress": percent} for percent in (10, 30, 50, 90, 100)]
_API = f"/api/v1/campaigns/{ID}"
_NOT_FOUND = (404, {"cause": "not_found"})
Told = tuple[int, Any]
HONEST: dict[str, Told] = {
    "GET /healthz": (200, "ok"),
    "GET /api/v1/ready": (200, {"status": "ok"}),
    "GET /sign-in": (200, '<input type="password">'),
    "POST /sign-in": (401, "no"),
    "GET /_stcore/stream": (403, ""),
    "GET /results": (303, ""),
    "GET /api/v1/me": (200, {"email": "sales@example.com", "workspace": "Sales", "role": "owner"}),
    "GET /api/v1/installation": (
        200,
        {
            "version": "1.0.0",
            "workers": 1,
            "findings": [],
            "mails": {"are_on": True, "waiting": 0, "problem": None, "last_sent_at": None},
        },
    ),
    "POST /api/v1/campaigns": (201, {**CAMPAIGN, "status": "pending", "progress": 0, "is_final": False}),
    f"GET {_API}": (200, CAMPAIGN),
    f"GET {_API}/events": (200, _EVENTS),
    f"GET {_API}/leads": (200, {"items": [{"name": "Cafe 1"}, {"name": "Cafe 2"}], "next_cursor": None}),
    f"GET {_API}/file": (200, "name\nCafe 1\nCafe 2\n"),
    f"POST {_API}/cancel": (200, CAMPAIGN),
    f"DELETE {_API}": (204, ""),
    "GET /api/v1/calls": (200, {"items": [], "next_cursor": None}),
    "GET /api/v1/spend": (200, {"total": {"cost_usd": "0"}}),
    "GET /api/v1/campaigns": (200, {"items": [], "next_cursor": None}),
}
"""What an installation in order answers, by method and path."""
FOREIGN: dict[str, Told] = {
    **{each: _NOT_FOUND for each in HONEST if ID in each},
    "GET /api/v1/me": (200, {"email": "other@example.com", "workspace": "Other", "role": "owner"}),
    "GET /api/v1/campaigns": (200, {"items": [], "next_cursor": None}),
}
"""What it answers another workspace instead."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    headers_told: Mapping[str, str]
    own: Mapping[str, Told]
    foreign: Mapping[str, Told]
    strangers: Mapping[str, Told]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        asked = f"{self.command} {self.path.partition('?')[0]}"
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        who = {KEY: self.own, OTHER: {**self.own, **self.foreign}}.get(key)
        if who is None:
            closed = (401, {"cause": "invalid_key"}) if "/api/v1/" in asked else self.own[asked]
            who = {asked: closed if asked != "GET /api/v1/ready" else self.own[asked], **self.strangers}
        status, told = who[asked]
        body = _events(told) if asked.endswith("/events") and status == 200 else _body(told)
        self.send_response(status)
        for name, value in {**self.headers_told, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _body(told: Any) -> bytes:  # noqa: ANN401 - any JSON
    return (told if isinstance(told, str) else json.dumps(told)).encode()


def _events(told: list[dict[str, Any]]) -> bytes:
    lines = (
        f"event: progress\ndata: {json.dumps({**each, 'number': number})}\n\n"
        for number, each in enumerate(told, 1)
    )
    return ("".join(lines) + "event: end\ndata: {}\n\n").encode()


@contextmanager
def broken_site(
    own: Mapping[str, Told] | None = None,
    foreign: Mapping[str, Told] | None = None,
    strangers: Mapping[str, Told] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The address of one that answers honestly but for what is given, for ``KEY``, for ``OTHER`` and for strangers."""
    lies = {
        "own": {**HONEST, **(own or {})},
        "foreign": {**FOREIGN, **(foreign or {})},
        "strangers": strangers or {},
        "headers_told": {**_HEADERS, **(headers or {})},
    }
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Lying", (_Handler,), lies)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
