"""Whatever goes wrong is said in our words, a page for a person and JSON for a program, with every header."""

from __future__ import annotations

import socket

import pytest
from httpx import Client, Response

import settings
from api.errors import WORDS
from services.identity import SESSION_COOKIE
from tests.api.conftest import served
from tests.support.people import first_admin
from tests.support.servers import Database

# Who answers, in which program, at which place of it.
_INSIDE = ("traceback", "starlette", "uvicorn", "streamlit", "h11", "python", ".py", "canary")
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
LARGE = 413
ASKED = [
    (401, "POST", "/campaigns", {"cookie": ""}),
    (403, "GET", "/campaigns", {"origin": "http://evil.example"}),
    (404, "GET", "/api/nothing", {}),
    (404, "GET", "/media/made-up.csv", {}),
    (405, "PATCH", "/sign-in", {}),
    (411, "POST", "/campaigns", {"transfer-encoding": "chunked"}),
    (LARGE, "POST", "/campaigns", {}),
    (421, "GET", "/campaigns", {"host": "evil.example"}),
    (500, "GET", "/static/breaks", {}),
]


@pytest.fixture
def signed_in(site: Client) -> Client:
    site.cookies.set(SESSION_COOKIE, first_admin("boss@example.com", "correct horse"))
    return site


@pytest.mark.parametrize("accept", ["text/html,*/*", "application/json", "*/*"])
def test_every_error_is_calm(signed_in: Client, accept: str) -> None:
    for status, method, path, headers in ASKED:
        body = b"x" * 100_000 if status == LARGE else None
        answer = signed_in.request(method, path, headers={"Accept": accept, **headers}, content=body)
        assert answer.status_code == status, path
        calm(answer)
        if accept.startswith("text/html"):
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert WORDS[status][0] in answer.text
            assert "script-src" not in answer.headers["content-security-policy"]
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        else:
            assert set(answer.json()) == {"error"}
    assert signed_in.patch("/sign-in").headers["allow"]


def calm(answer: Response) -> None:
    """Nothing of the inside, and everything that keeps a browser honest."""
    said = f"{answer.headers} {answer.text}".casefold()
    assert [word for word in _INSIDE if word in said] == []
    assert {name: answer.headers.get(name) for name in _ALWAYS} == _ALWAYS
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"].partition("style-src")[0]
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_an_unforeseen_error_is_found_again_by_its_reference(
    site: Client, caplog: pytest.LogCaptureFixture
) -> None:
    said = site.get("/static/breaks").json()["error"]
    reference = said.rpartition("reference: ")[2].rstrip(".")
    assert f"request_failed reference={reference}" in caplog.text
    assert "a canary of the inside" in caplog.text


POST = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
RAW = [
    (400, b"NONSENSE\r\n\r\n"),
    (400, b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
    (408, b"GET /sign-in HTTP/1.1\r\nHost: loc"),
    (408, POST + b"Content-Length: 10\r\n\r\nemail"),
    (431, b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nCookie: x=" + b"x" * 20_000),
]


@pytest.fixture
def impatient(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"HEAD_S": "1", "BODY_S": "1", "CONNECTIONS_PER_ADDRESS": "450"}.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()


def test_what_cannot_be_read_in_time_or_at_all_is_told_so(impatient: None) -> None:
    with served() as site:
        for status, sent in RAW:
            answer = raw(site, sent)
            assert answer.status_code == status, sent[:40]
            calm(answer)
            assert WORDS[status][0] in answer.text


def raw(site: Client, sent: bytes) -> Response:
    """What comes back on a connection of its own, which the server closes."""
    with connected(site) as connection:
        connection.sendall(sent)
        head, _, body = rest(connection).partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    return Response(int(status.split()[1]), headers=headers, content=body)  # type: ignore[arg-type]


def connected(site: Client, said: bytes = b"") -> socket.socket:
    """A connection on which this has been said."""
    connection = socket.create_connection((site.base_url.host, site.base_url.port or 0))
    connection.sendall(said)
    return connection


def rest(connection: socket.socket) -> bytes:
    """Everything up to the end."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def test_connections_that_never_say_what_they_want_are_ended(impatient: None) -> None:
    with served() as site:
        partial = [connected(site, b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n") for _ in range(400)]
        # Browsers open some in advance.
        silent = connected(site)
        # People are served meanwhile.
        assert site.get("/sign-in").status_code in (200, 303)
        assert [rest(connection).split()[1] for connection in partial] == [b"408"] * 400
        assert rest(silent) == b""
        for connection in (*partial, silent):
            connection.close()


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /sign-in HTTP/1.1\r\nX: ",
        POST + b"Content-Length: 10000\r\n\r\n",
        b"GET /favicon.png HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
    ],
)
def test_a_byte_now_and_then_buys_no_time(impatient: None, beginning: bytes) -> None:
    with served() as site, connected(site) as connection:
        connection.sendall(beginning)
        connection.settimeout(0.1)
        is_open = True
        while is_open:
            try:
                connection.sendall(b"x")
                is_open = connection.recv(65_536) != b""
            except TimeoutError:
                continue
            except OSError:
                is_open = False
        assert site.get("/healthz").status_code == 200


def test_more_than_so_many_connections_are_turned_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONNECTIONS", "12")
    monkeypatch.setenv("CONNECTIONS_PER_ADDRESS", "4")
    settings.get.cache_clear()
    with served() as site:
        held = [connected(site) for _ in range(4)]
        answer = raw(site, b"")
        assert answer.status_code == 429
        calm(answer)
        for connection in held:
            connection.close()
    # A proxy brings many people, so it is held to the number of all alone.
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.1, 127.0.0.0/8")
    with served() as site:
        held = [connected(site) for _ in range(12)]
        answer = raw(site, b"")
        assert answer.status_code == 503
        calm(answer)
        for connection in held:
            connection.close()
