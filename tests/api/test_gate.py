"""Without a session every page is the sign-in; with one, pages are ours and honest."""

from __future__ import annotations

import pytest
from httpx import Client

import settings
from services import identity
from services.identity import SESSION_COOKIE
from store import database


def signed_in(site: Client) -> Client:
    site.cookies.set(SESSION_COOKIE, identity.create_first_admin("boss@example.com", "correct horse", None))
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
        "/results/_stcore/health",
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


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "' or 1=1 --"])
def test_an_invented_session_opens_nothing(site: Client, token: str) -> None:
    site.cookies.set(SESSION_COOKIE, token)
    assert site.get("/campaigns").status_code == 303


def test_a_signed_in_person_gets_the_page_under_our_name(site: Client) -> None:
    page = signed_in(site).get("/campaigns")
    assert page.status_code == 200
    assert "<title>ProspectPro</title>" in page.text
    assert "a page" in page.text


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/campaigns", "/api/v1/x?y=1"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_unknown_interfaces_are_not_found(site: Client, path: str, method: str) -> None:
    answer = site.request(method, path)
    assert answer.status_code == 404
    assert answer.json() == {"error": "There is nothing at this address."}


@pytest.mark.parametrize("path", ["/sign-in", "/campaigns", "/api/x", "/healthz", "/favicon.png"])
def test_every_answer_carries_the_security_headers(site: Client, path: str) -> None:
    headers = site.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_health_needs_no_session(site: Client) -> None:
    assert site.get("/healthz").json() == {"status": "ok"}


def test_health_tells_when_the_database_is_away(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://pp_owner:x@127.0.0.1:1/prospectpro")
    settings.get.cache_clear()
    database.dispose()
    answer = site.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable"}
