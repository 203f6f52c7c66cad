"""Without a session every page is the sign-in; with one, pages are ours and honest."""

from __future__ import annotations

import socket
from itertools import product

import pytest
from httpx import Client
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import settings
from services.identity import SESSION_COOKIE
from store import database
from store.database import Role
from tests.support.people import first_admin


def signed_in(site: Client) -> Client:
    site.cookies.set(SESSION_COOKIE, first_admin("boss@example.com", "correct horse"))
    return site


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/campaigns",
        "/Admin_Jobs",
        "/ADMIN_JOBS",
        "/results?campaign=1",
        "/anything",
        "/media/abc.csv",
        "/component/x",
        "/campaigns/",
        "/STATIC/x",
        "/tiles/3/4/2",
    ],
)
def test_anonymous_people_only_ever_see_the_sign_in(site: Client, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert "a page" not in answer.text


def test_the_way_back_is_remembered(site: Client) -> None:
    location = site.get("/results?campaign=1&q=a%20b").headers["location"]
    assert location == "/sign-in?next=%2Fresults%3Fcampaign%3D1%26q%3Da%2520b"
    assert site.get("/").headers["location"] == "/sign-in"


def test_home_is_found_by_its_name(site: Client) -> None:
    assert site.get("/home").headers["location"] == "/sign-in?next=%2Fhome"
    answer = signed_in(site).get("/home?where=Espoo&type=a%20b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?where=Espoo&type=a%20b")
    assert site.get("/home").headers["location"] == "/"


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "' or 1=1 --"])
def test_an_invented_session_opens_nothing(site: Client, token: str) -> None:
    site.cookies.set(SESSION_COOKIE, token)
    assert site.get("/campaigns").status_code == 303


def test_a_signed_in_person_gets_the_page_under_our_name(site: Client) -> None:
    page = signed_in(site).get("/campaigns")
    assert page.status_code == 200
    assert "<title>ProspectPro</title>" in page.text
    assert "a page" in page.text


def test_nothing_a_page_asks_for_is_there_without_a_session(site: Client) -> None:
    parts = [
        "/_stcore/health",
        "/results/_stcore/health",
        "/_stcore/metrics",
        "/_stcore/upload_file/x/y",
        "/_stcore/agent/mcp",
    ]
    for path, method in product(parts, ["GET", "POST", "PUT", "DELETE", "OPTIONS"]):
        answer = site.request(method, path)
        assert (answer.status_code, "a page" in answer.text) == (401, False), (method, path)
    signed_in(site)
    # What a page of ours needs is there with one; what it does not need is closed to everybody.
    assert [site.get(path).status_code for path in parts] == [200, 200, 404, 404, 404]


def stream(site: Client, **headers: str) -> int | str:
    """What the stream of a page says, or the status it is refused with."""
    host = f"{site.base_url.host}:{site.base_url.port}"
    named = headers.pop("host", host)
    sent = {name: value.replace("HOST", host) for name, value in headers.items()}
    with socket.create_connection((site.base_url.host, site.base_url.port)) as raw:
        try:
            with connect(
                f"ws://{named}/_stcore/stream", sock=raw, additional_headers=sent, proxy=None
            ) as ours:
                return str(ours.recv())
        except InvalidStatus as refused:
            return int(refused.response.status_code)


FOREIGN = (
    "http://evil.example",
    "http://localhost:1",
    "http://127.0.0.1",
    "http://HOST.evil.example",
    "http://[",
    "null",
)


def test_the_stream_of_a_page_opens_for_a_page_of_this_site_with_a_session_alone(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = f"{SESSION_COOKIE}={signed_in(site).cookies[SESSION_COOKIE]}"
    assert stream(site, origin="http://HOST", cookie=cookie) == "a stream"
    assert stream(site, origin="http://HOST") == 403
    assert stream(site, origin="http://HOST", cookie=f"{SESSION_COOKIE}=made-up") == 403
    # Browsers send the cookie along whichever page it is that opens it, and always say which.
    for origin in (*FOREIGN, "file://HOST", "https://leads.example.com"):
        assert stream(site, origin=origin, cookie=cookie) == 403, origin
    assert stream(site, cookie=cookie) == 403
    # Behind a proxy it is the address people use.
    monkeypatch.setenv("PUBLIC_URL", "https://leads.example.com")
    settings.get.cache_clear()
    assert stream(site, origin="https://leads.example.com", cookie=cookie) == "a stream"


def test_this_site_answers_under_its_own_names_alone(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://leads.example.com")
    monkeypatch.setenv("ALLOWED_HOSTS", "other.test, crm.test")
    settings.get.cache_clear()
    signed_in(site)
    for host in (
        "localhost",
        "LOCALHOST:9",
        "127.0.0.1",
        "[::1]:8501",
        "10.0.0.7:1",
        "leads.example.com",
        "crm.test",
    ):
        assert site.get("/campaigns", headers={"Host": host}).status_code == 200, host
    for host in (
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "crm.test.evil.example",
        "",
        "[",
    ):
        for path in ("/campaigns", "/sign-in"):
            answer = site.get(path, headers={"Host": host})
            assert (answer.status_code, "a page" in answer.text) == (421, False), host
    assert "ALLOWED_HOSTS" in answer.text
    assert stream(site, host="evil.example", origin="http://evil.example") == 403


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/campaigns", "/api/v1"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_unknown_interfaces_are_not_found(site: Client, path: str, method: str) -> None:
    answer = site.request(method, path)
    assert answer.status_code == 404
    said = answer.json()
    assert said.get("error", said.get("detail")) == "There is nothing at this address."


@pytest.mark.parametrize("path", ["/sign-in", "/campaigns", "/api/x", "/healthz", "/favicon.png"])
def test_every_answer_carries_the_security_headers(site: Client, path: str) -> None:
    headers = site.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_health_needs_no_session_and_no_name(site: Client) -> None:
    for host in ("localhost", "a-container"):
        assert site.get("/healthz", headers={"Host": host}).json() == {"status": "ok"}


def test_health_tells_when_the_database_is_away(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://pp_owner:x@127.0.0.1:1/prospectpro")
    settings.get.cache_clear()
    database.dispose()
    answer = site.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "reason": "database"}


def test_health_tells_when_the_secret_is_another_one(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the roles' passwords are given and let the process in."""
    web = database.url_for(Role.WEB).render_as_string(hide_password=False)
    for more in ({"DATABASE_URL_WEB": web}, {"DATABASE_URL_WEB": ""}):
        for name, value in {"APP_SECRET": "a secret of another installation, by mistake", **more}.items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        database.dispose()
        answer = site.get("/healthz")
        assert (answer.status_code, answer.json()["reason"]) == (503, "secret")
