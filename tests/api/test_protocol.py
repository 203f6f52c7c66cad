"""What HTTP itself lets people try: methods, lengths, kinds of answers, and what a form tells a browser."""

from __future__ import annotations

import socket

import pytest
from httpx import Client

from services import identity
from services.identity import SESSION_COOKIE
from tests.support.people import first_admin, first_admin_key

EMAIL, PASSWORD = "boss@example.com", "a long enough password"


def test_what_changes_something_is_a_post(site: Client) -> None:
    token = first_admin(EMAIL, PASSWORD)
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in ("/sign-in", "/first-admin"):
            site.request(method, path, params={"email": EMAIL, "password": PASSWORD})
            assert SESSION_COOKIE not in site.cookies
        site.request(method, "/sign-out", headers={"Cookie": f"{SESSION_COOKIE}={token}"})
        assert identity.who_is(token) is not None


@pytest.mark.parametrize("path", ["/sign-in", "/first-admin", "/sign-out", "/healthz", "/api/x"])
def test_nothing_that_was_sent_comes_back_by_trace(site: Client, path: str) -> None:
    answer = site.request("TRACE", path, headers={"X-Canary": "a canary"})
    assert answer.status_code >= 303
    assert "canary" not in answer.text


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: -1",
        "Content-Length: 3, 4",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: \x0bchunked",
    ],
)
def test_a_request_whose_end_is_unclear_is_refused(site: Client, lengths: str) -> None:
    asked = f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n{lengths}\r\n\r\nabc"
    with socket.create_connection((site.base_url.host, site.base_url.port or 0)) as raw:
        raw.sendall(asked.encode())
        status = int(raw.makefile("rb").readline().split()[1])
    assert status in (400, 501)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sign-in", "text/html; charset=utf-8"),
        ("/healthz", "application/json"),
        ("/api/x", "application/json"),
        ("/favicon.png", "image/svg+xml"),
    ],
)
def test_every_answer_names_its_kind(site: Client, path: str, kind: str) -> None:
    first_admin(EMAIL, PASSWORD)
    assert site.get(path).headers["content-type"] == kind


def test_the_field_of_a_password_hides_it_and_helps_password_managers(site: Client) -> None:
    new = site.get("/first-admin", params={"key": first_admin_key()}).text
    assert 'type="password" autocomplete="new-password"' in new
    first_admin(EMAIL, PASSWORD)
    known = site.get("/sign-in").text
    assert 'type="password" autocomplete="current-password"' in known
    for form in (new, known):
        assert 'type="email" autocomplete="username"' in form
        assert "onpaste" not in form
