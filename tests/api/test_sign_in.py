"""From a new installation to a signed-in administrator and out again, in plain forms."""

from __future__ import annotations

import pyotp
import pytest
from httpx import Client, Response

import settings
from services import accounts, identity, second_factor
from services.identity import SESSION_COOKIE
from tests.support.people import first_admin_key
from tests.support.servers import Database, rows

EMAIL = "Boss@Example.com"
PASSWORD = "correct horse battery"


def ours(site: Client) -> dict[str, str]:
    """What a browser sends with our own form."""
    return {"Origin": str(site.base_url).rstrip("/")}


def post(site: Client, path: str, **fields: str) -> Response:
    return site.post(path, data=fields, headers=ours(site))


def create_admin(site: Client) -> Response:
    return post(site, "/first-admin", email=EMAIL, password=PASSWORD, key=first_admin_key())


def test_a_new_installation_asks_whoever_has_the_link_for_its_first_administrator(site: Client) -> None:
    assert site.get("/sign-in").headers["location"] == "/first-admin"
    page = site.get("/first-admin", params={"key": first_admin_key()})
    assert page.status_code == 200
    assert "Create the first administrator" in page.text
    assert "new-password" in page.text
    assert f'name="key" value="{first_admin_key()}"' in page.text


@pytest.mark.parametrize("key", ["", "x", "é", "x" * 1000])
def test_nobody_else_becomes_the_first_administrator(site: Client, key: str) -> None:
    page = site.get("/first-admin", params={"key": key})
    assert page.status_code == (403 if key else 200)
    assert "Nobody has an account here yet." in page.text
    assert "<form" not in page.text
    refused = post(site, "/first-admin", email=EMAIL, password=PASSWORD, key=key)
    assert (refused.status_code, SESSION_COOKIE in site.cookies) == (403, False)
    assert "Nobody has an account here yet." in refused.text
    assert identity.needs_first_admin()


def test_the_link_is_of_this_installation_and_goes_with_the_first_account(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = accounts.first_admin_link()
    assert link is not None
    assert link.startswith("http://localhost:8501/first-admin?key=")
    with monkeypatch.context() as another:
        another.setenv("APP_SECRET", "another secret of thirty-two characters")
        settings.get.cache_clear()
        assert not accounts.is_first_admin_key(link.partition("key=")[2])
        another.setenv("APP_SECRET", "")
        settings.get.cache_clear()
        assert not accounts.is_first_admin_key("")
    settings.get.cache_clear()
    create_admin(site)
    assert accounts.first_admin_link() is None


def test_the_first_administrator_is_signed_in_at_once(site: Client) -> None:
    answer = create_admin(site)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    person = identity.who_is(site.cookies[SESSION_COOKIE])
    assert person is not None
    assert person.is_admin
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_there_is_only_one_first_administrator(site: Client) -> None:
    key = first_admin_key()
    create_admin(site)
    site.cookies.clear()
    assert site.get("/first-admin").headers["location"] == "/sign-in"
    again = post(site, "/first-admin", email="second@example.com", password=PASSWORD, key=key)
    assert again.status_code == 409
    assert SESSION_COOKIE not in site.cookies


def test_signing_in_comes_back_to_where_the_person_was(site: Client) -> None:
    create_admin(site)
    site.cookies.clear()
    page = site.get("/sign-in", params={"next": "/progress?campaign=1"})
    assert "/progress?campaign=1" in page.text
    answer = post(site, "/sign-in", email=EMAIL.lower(), password=PASSWORD, next="/progress?campaign=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/progress?campaign=1")
    assert site.get("/sign-in", params={"next": "/campaigns"}).headers["location"] == "/campaigns"


@pytest.mark.parametrize("target", ["//evil.test", "https://evil.test", "/\\evil.test"])
def test_nobody_is_sent_to_another_site(site: Client, target: str) -> None:
    create_admin(site)
    site.cookies.clear()
    assert "evil.test" not in site.get("/sign-in", params={"next": target}).text
    answer = post(site, "/sign-in", email=EMAIL, password=PASSWORD, next=target)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong password"),
        ("nobody@example.com", PASSWORD),
        ("' or 1=1 --", PASSWORD),
        (EMAIL, "\x00" + PASSWORD),
        ("\x00" * 9 + "x", PASSWORD),
        (EMAIL, "x" * 5000),
    ],
)
def test_unknown_people_and_wrong_passwords_hear_the_same(site: Client, email: str, password: str) -> None:
    create_admin(site)
    site.cookies.clear()
    answer = post(site, "/sign-in", email=email, password=password)
    assert answer.status_code == 422
    assert "This e-mail and password do not match" in answer.text
    assert SESSION_COOKIE not in site.cookies


def test_what_was_typed_stays_except_the_password(site: Client) -> None:
    create_admin(site)
    site.cookies.clear()
    answer = post(site, "/sign-in", email='a"><script>@example.com', password="secret words", next="/jobs")
    assert "a&quot;&gt;&lt;script&gt;@example.com" in answer.text
    assert "<script>" not in answer.text
    assert "secret words" not in answer.text
    assert 'value="/jobs"' in answer.text


@pytest.mark.parametrize(
    ("fields", "sentence", "field"),
    [
        ({"email": " ", "password": PASSWORD}, "Enter your e-mail address.", "email"),
        ({"email": EMAIL, "password": ""}, "Enter your password.", "password"),
        ({"email": "not an address", "password": PASSWORD}, "This e-mail address cannot be used", "email"),
        ({"email": EMAIL, "password": "short"}, "Choose a password of at least 8 characters.", "password"),
        ({"email": EMAIL, "password": "x" * 129}, "Choose a password of at most 128", "password"),
    ],
)
def test_mistakes_are_told_at_their_field(
    site: Client, fields: dict[str, str], sentence: str, field: str
) -> None:
    answer = post(site, "/first-admin", **fields, key=first_admin_key())
    assert answer.status_code == 422
    assert f'name="key" value="{first_admin_key()}"' in answer.text
    assert f'id="{field}-error">{sentence}' in answer.text
    assert identity.needs_first_admin()


def test_a_huge_form_is_refused_before_it_is_read(site: Client) -> None:
    answer = post(site, "/sign-in", email=EMAIL, password="x" * 1_000_000)
    assert answer.status_code == 413


def test_a_file_is_no_password(site: Client) -> None:
    answer = site.post("/sign-in", data={"email": EMAIL}, files={"password": b"x"}, headers=ours(site))
    assert answer.status_code == 413


def test_too_many_attempts_are_told_so(site: Client) -> None:
    create_admin(site)
    site.cookies.clear()
    for _ in range(5):
        post(site, "/sign-in", email=EMAIL, password="wrong password")
    answer = post(site, "/sign-in", email=EMAIL, password=PASSWORD)
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert SESSION_COOKIE not in site.cookies


@pytest.mark.parametrize(
    "path", ["/sign-in", "/first-admin", "/sign-out", "/second-factor", "/confirm-email"]
)
def test_another_sites_form_is_refused(site: Client, path: str) -> None:
    fields = {"email": EMAIL, "password": PASSWORD}
    for origin in ("http://evil.test", "http://[", "null"):
        answer = site.post(path, data=fields, headers={"Origin": origin})
        assert answer.status_code == 403, origin
    assert identity.needs_first_admin()


def test_signing_out_ends_the_session_on_the_server(site: Client) -> None:
    create_admin(site)
    token = site.cookies[SESSION_COOKIE]
    answer = post(site, "/sign-out")
    assert answer.headers["location"] == "/sign-in?signed-out"
    assert SESSION_COOKIE not in site.cookies
    assert identity.who_is(token) is None
    assert "You are signed out." in site.get("/sign-in?signed-out").text
    site.cookies.set(SESSION_COOKIE, token)
    assert site.get("/campaigns").status_code == 303


def test_the_cookie_is_for_https_only_when_set(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURE_COOKIE", "true")
    settings.get.cache_clear()
    assert "Secure" in create_admin(site).headers["set-cookie"]


def test_the_second_step_of_a_sign_in(site: Client, database: Database) -> None:
    create_admin(site)
    owner = identity.who_is(site.cookies[SESSION_COOKIE])
    assert owner is not None
    proposal = second_factor.propose(owner)
    ((step,),) = rows(database.superuser_url, "select extract(epoch from now())::bigint / 30 - 1")
    code = pyotp.TOTP(proposal.secret).generate_otp(int(str(step)))
    recovery = second_factor.switch_on(owner, proposal, code, PASSWORD)
    site.cookies.clear()
    answer = post(site, "/sign-in", email=EMAIL, password=PASSWORD, next="/campaigns")
    assert answer.headers["location"] == "/second-factor?next=%2Fcampaigns"
    assert "Max-Age=600" in answer.headers["set-cookie"]
    half = site.cookies[SESSION_COOKIE]
    assert site.get("/campaigns").status_code == 303
    page = site.get(answer.headers["location"])
    assert 'autocomplete="one-time-code"' in page.text
    assert 'name="next" value="/campaigns"' in page.text
    wrong = post(site, "/second-factor", code=code)
    assert (wrong.status_code, 'id="code-error"' in wrong.text, code in wrong.text) == (422, True, False)
    assert post(site, "/second-factor", code=" ").status_code == 422
    answer = post(site, "/second-factor", code=recovery[0], next="/campaigns")
    assert answer.headers["location"] == "/campaigns"
    assert site.cookies[SESSION_COOKIE] != half
    assert site.get("/campaigns").status_code == 200
    # Nobody who is inside already, or nowhere at all, has anything to finish.
    assert post(site, "/second-factor", code="000000").status_code == 422
    site.cookies.clear()
    assert post(site, "/second-factor", code="000000").headers["location"] == "/sign-in"
