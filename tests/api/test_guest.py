"""Trying ProspectPro without an account, from the sign-in to an account of one's own."""

from __future__ import annotations

import pytest
from httpx import Client

from services import guests, identity
from services.identity import SESSION_COOKIE, Person
from tests.api.test_sign_in import create_admin, post
from tests.support.guests import let_guests_in
from tests.support.people import PASSWORD, person, signed_in

NEW = "new@example.com"


def who(site: Client) -> Person | None:
    return identity.who_is(site.cookies.get(SESSION_COOKIE))


@pytest.fixture
def installed(site: Client) -> None:
    """There is an administrator, and nobody is signed in."""
    create_admin(site)
    site.cookies.clear()


def test_nothing_offers_or_lets_in_guests_where_they_are_off(site: Client, installed: None) -> None:
    assert "without an account" not in site.get("/sign-in").text
    for answer in (site.get("/guest"), post(site, "/guest")):
        assert (answer.status_code, guests.OFF in answer.text) == (404, True)
        assert "<form" not in answer.text
    assert SESSION_COOKIE not in site.cookies


def test_a_guest_goes_inside_and_signs_up_to_stay(
    site: Client, installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_guests_in(monkeypatch, guest_campaigns=3, guests_per_network=1)
    assert 'href="/guest"' in site.get("/sign-in").text
    offered = site.get("/guest").text
    assert "3 free campaigns of at most 25 leads each. Everything is removed after 7 days" in offered
    assert post(site, "/guest").headers["location"] == "/"
    visitor = who(site)
    assert visitor is not None
    assert visitor.guest_until is not None
    assert site.get("/guest").headers["location"] == "/"
    assert site.get("/campaigns").status_code == 200
    for fields, said in (
        ({"email": NEW, "password": "short"}, "at least 8 characters"),
        ({"email": "nowhere", "password": PASSWORD}, "This e-mail address cannot be used"),
        ({"email": "", "password": PASSWORD}, "Enter your e-mail address."),
    ):
        refused = post(site, "/sign-up", **fields)
        assert (refused.status_code, said in refused.text) == (422, True)
    answer = post(site, "/sign-up", email=NEW, password=PASSWORD, next="/campaigns")
    assert answer.headers["location"] == "/campaigns"
    stayed = who(site)
    assert stayed is not None
    assert (stayed.email, stayed.guest_until, stayed.workspace_id) == (NEW, None, visitor.workspace_id)
    site.cookies.clear()
    refused = post(site, "/guest")
    assert (refused.status_code, guests.TOO_MANY in refused.text) == (429, True)


def test_only_a_guest_signs_up(site: Client, installed: None) -> None:
    assert site.get("/sign-up").status_code == 404
    assert post(site, "/sign-up", email=NEW, password=PASSWORD).status_code == 404
    person("somebody")
    site.cookies.set(SESSION_COOKIE, signed_in("somebody"))
    assert site.get("/sign-up").status_code == 404
    assert post(site, "/sign-up", email=NEW, password=PASSWORD).status_code == 404


def test_another_site_brings_nobody_in(
    site: Client, installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_guests_in(monkeypatch, guest_campaigns=1)
    answer = site.post("/guest", headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403
    assert SESSION_COOKIE not in site.cookies
