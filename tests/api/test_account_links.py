"""What the links in mails open: nothing by being looked at, and one thing once."""

from __future__ import annotations

import pytest
from httpx import Client, Response

import settings
from services import identity, own_account
from services.own_account import LinkKind
from store import account_links
from tests.support.people import PASSWORD, person, signed_in
from tests.support.servers import Database, change, rows


def post(site: Client, path: str, **fields: str) -> Response:
    return site.post(path, data=fields, headers={"Origin": str(site.base_url).rstrip("/")})


def link(database: Database, kind: LinkKind, address: str | None = None) -> str:
    """What a link of the account holds that was just stored."""
    made = account_links.new()
    new = "null" if address is None else f"'{address}'"
    change(
        database.superuser_url,
        "insert into account_links (id, user_id, kind, key_hash, new_email, expires_at, is_mailed) select"
        f" '{made.id}', id, '{kind}', '\\x{made.key_hash.hex()}', {new},"
        " now() + interval '1 hour', true from users",
    )
    return account_links.key_of(made.id)


def test_an_address_is_confirmed_by_the_button_and_once(site: Client, database: Database) -> None:
    person("owner")
    key = link(database, LinkKind.EMAIL, "new@example.com")
    for _ in range(2):
        page = site.get("/confirm-email", params={"key": key})
        assert "new@example.com will be the address you sign in with." in page.text
    assert identity.who_is(signed_in("owner"))
    done = post(site, "/confirm-email", key=key)
    assert "From now on you sign in with new@example.com." in done.text
    assert identity.sign_in("new@example.com", PASSWORD, identity.Visitor())
    for spent in (key, "", "x" * 500, "\x00", key[:-1]):
        for answer in (
            site.get("/confirm-email", params={"key": spent}),
            post(site, "/confirm-email", key=spent),
        ):
            assert answer.status_code == 404
            assert own_account.SPENT_LINK in answer.text


def test_a_new_password_is_chosen_by_the_link_of_a_reset(site: Client, database: Database) -> None:
    person("owner")
    key = link(database, LinkKind.RESET)
    page = site.get("/new-password", params={"key": key})
    assert "For the account owner@example.com." in page.text
    short = post(site, "/new-password", key=key, password="short")
    assert (short.status_code, f'name="key" value="{key}"' in short.text) == (422, True)
    done = post(site, "/new-password", key=key, password="another long enough password")
    assert "Your password is changed" in done.text
    spent = post(site, "/new-password", key=key, password="yet another long password")
    assert (spent.status_code, own_account.SPENT_LINK in spent.text) == (404, True)


def test_asking_for_a_link_is_answered_the_same_to_everybody(
    site: Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("owner")
    assert "no mail server" in site.get("/forgot-password").text
    assert post(site, "/forgot-password", email="owner@example.com").status_code == 409
    for name, value in {"SMTP_HOST": "smtp.example.com", "MAIL_FROM": "mail@example.com"}.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    assert "Forgot your password?" in site.get("/sign-in").text
    assert "<form" in site.get("/forgot-password").text
    answers = [post(site, "/forgot-password", email=f"{name}@example.com") for name in ("owner", "nobody")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert "a link is on its way" in answers[0].text
    assert rows(database.superuser_url, "select count(*) from account_links") == [(1,)]
