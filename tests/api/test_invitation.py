"""Accepting an invitation by its link: with a new account, as who is signed in, and as somebody else."""

from __future__ import annotations

import pytest
from httpx import Client

from services import identity, invitations
from services.identity import SESSION_COOKIE, Person
from services.roles import MemberRole
from tests.api.test_sign_in import ours, post
from tests.support.people import PASSWORD, person, signed_in

NEW = "new@example.com"


@pytest.fixture
def link(site: Client) -> str:
    """What the link of an invitation of a viewer holds."""
    return invitations.invite(person("owner"), NEW, MemberRole.VIEWER).link.partition("key=")[2]


def who(site: Client) -> Person | None:
    return identity.who_is(site.cookies.get(SESSION_COOKIE))


def test_somebody_new_creates_an_account_and_arrives_in_the_workspace(site: Client, link: str) -> None:
    page = site.get("/invitation", params={"key": link})
    assert page.status_code == 200
    assert "Join owner@example.com" in page.text
    assert "with the address n…@example.com" in page.text
    assert NEW not in page.text
    assert f'href="/sign-in?next=%2Finvitation%3Fkey%3D{link}"' in page.text
    for fields, said, status in (
        ({"email": "else@example.com", "password": PASSWORD}, "This invitation is for n…@example.com.", 422),
        ({"email": NEW, "password": "short"}, "at least 8 characters", 422),
        ({"email": NEW, "password": ""}, "Enter your password.", 422),
    ):
        refused = post(site, f"/invitation?key={link}", **fields)
        assert (refused.status_code, said in refused.text) == (status, True)
        assert f'action="/invitation?key={link}"' in refused.text
    answer = post(site, f"/invitation?key={link}", email=NEW, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/team")
    joined = who(site)
    assert joined is not None
    assert (joined.workspace_name, joined.role) == ("owner@example.com", MemberRole.VIEWER)


def test_who_is_signed_in_joins_by_a_click(site: Client, link: str) -> None:
    person("new")
    site.cookies.set(SESSION_COOKIE, signed_in("new"))
    page = site.get("/invitation", params={"key": link})
    assert "You are signed in as new@example.com." in page.text
    assert 'name="password"' not in page.text
    assert post(site, f"/invitation?key={link}").headers["location"] == "/team"
    joined = who(site)
    assert joined is not None
    assert joined.workspace_name == "owner@example.com"
    again = post(site, f"/invitation?key={link}")
    assert (again.status_code, "cannot be used any more" in again.text) == (404, True)


def test_another_account_is_told_which_one_is_needed(site: Client, link: str) -> None:
    person("other")
    site.cookies.set(SESSION_COOKIE, signed_in("other"))
    answer = post(site, f"/invitation?key={link}")
    assert answer.status_code == 403
    assert "This invitation is for n…@example.com, and you are signed in as other@example.com." in answer.text
    assert NEW not in answer.text


@pytest.mark.parametrize("key", ["", "x", "é", "x" * 1000])
def test_a_link_that_opens_nothing_says_so(site: Client, key: str) -> None:
    person("owner")
    for answer in (site.get("/invitation", params={"key": key}), post(site, f"/invitation?key={key}")):
        assert answer.status_code == 404
        assert "This invitation cannot be used any more" in answer.text
        assert "<form" not in answer.text


def test_another_sites_form_joins_nobody(site: Client, link: str) -> None:
    person("new")
    site.cookies.set(SESSION_COOKIE, signed_in("new"))
    answer = site.post(f"/invitation?key={link}", headers={"Origin": "http://evil.test"})
    assert answer.status_code == 403
    assert site.post(f"/invitation?key={link}", content=b"x" * 20_000, headers=ours(site)).status_code == 413
    assert invitations.offer(link)
