"""Signing in by another site, over real sockets and real redirects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from httpx import Client, Response
from joserfc.jwk import OctKey, RSAKey

import settings
from services import identity, single_sign_on
from services.errors import Invalid
from services.identity import SESSION_COOKIE, Person
from tests.support.issuer import SECRET, Issuer, come_back, issuer
from tests.support.people import PASSWORD, person, signed_in
from tests.support.servers import Database, change, rows

# The mock is written with older parts of its libraries.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def there(site: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    person("owner")
    with issuer() as running:
        for name, value in running.settings().items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        running.knows("lamp", email="owner@example.com", email_verified=True)
        yield running


def enter(site: Client, subject: str = "lamp", **query: str) -> Response:
    """There and back."""
    location = site.get("/oidc/start", params=query).headers["location"]
    return site.get(come_back(location, subject))


def who(site: Client) -> Person | None:
    return identity.who_is(site.cookies.get(SESSION_COOKIE))


def test_the_button_leads_there_and_back_inside(site: Client, there: Issuer, database: Database) -> None:
    page = site.get("/sign-in", params={"next": "/campaigns"}).text
    assert '<a href="/oidc/start?next=%2Fcampaigns">Continue with Lantern</a>' in page
    answer = enter(site, next="/campaigns")
    assert (answer.status_code, answer.headers["location"]) == (303, "/campaigns")
    found = who(site)
    assert found is not None
    assert found.email == "owner@example.com"
    assert single_sign_on.connected_since(found) is not None
    # Linked by what the site calls them: the address may change on both sides.
    there.knows("lamp", email="other@example.com", email_verified=False)
    change(database.superuser_url, "update users set email = 'new@example.com'")
    site.cookies.clear()
    there.knows("lamp", email="other@example.com", email_verified=True)
    assert enter(site).headers["location"] == "/"
    again = who(site)
    assert again is not None
    assert again.id == found.id
    noted = [
        str(action) for (action,) in rows(database.superuser_url, "select action from audit_log order by id")
    ]
    assert noted.count("identity_linked") == 1
    assert set(there.asked) == {
        *("/users/lamp", "/.well-known/openid-configuration"),
        *("/oauth2/authorize", "/oauth2/token", "/jwks"),
    }


def test_a_sign_in_goes_back_once_and_only_in_the_browser_that_began_it(site: Client, there: Issuer) -> None:
    location = site.get("/oidc/start").headers["location"]
    back = come_back(location, "lamp")
    with httpx.Client() as another:
        assert another.get(back).status_code == 403
    for wrong in (
        back.replace("state=", "state=x"),
        back.partition("?")[0],
        back.partition("?")[0] + "?code=x",
    ):
        kept = dict(site.cookies)
        assert site.get(wrong).status_code == 403
        site.cookies.update(kept)
    assert who(site) is None
    kept = dict(site.cookies)
    assert site.get(back).status_code == 303
    site.cookies.clear()
    site.cookies.update(kept)
    assert site.get(back).status_code == 409, "the code is spent"
    location = site.get("/oidc/start").headers["location"]
    # The mock leaves out the state of who said no (RFC 6749, 4.1.2.1 asks for it).
    state = parse_qs(urlsplit(location).query)["state"][0]
    denied = f"{come_back(location, 'lamp', action='deny')}&state={state}"
    assert site.get(denied).status_code == 409


Twist = Callable[[dict[str, Any]], dict[str, Any]]
TWISTS: dict[str, Twist] = {
    "another issuer": lambda said: {**said, "iss": "https://evil.example"},
    "another client": lambda said: {**said, "aud": "somebody-else"},
    "another client as the party": lambda said: {**said, "azp": "somebody-else"},
    "too old": lambda said: {**said, "exp": said["iat"] - 3600},
    "another sign-in": lambda said: {**said, "nonce": "replayed"},
    "no nonce": lambda said: {name: said[name] for name in said if name != "nonce"},
    "nobody": lambda said: {name: said[name] for name in said if name != "sub"},
    "no address": lambda said: {**said, "email": ""},
    "an address nobody verified": lambda said: {**said, "email_verified": False},
    "nothing about the address": lambda said: {**said, "email_verified": None},
}


def test_what_the_site_did_not_sign_for_this_sign_in_opens_nothing(site: Client, there: Issuer) -> None:
    for name, twist in TWISTS.items():
        there.twist = twist
        assert enter(site).status_code == 409, name
    there.twist = lambda said: said
    forged = (
        ({"alg": "RS256", "kid": "one"}, RSAKey.generate_key(2048, {"kid": "one"})),
        ({"alg": "HS256", "kid": "one"}, OctKey.import_key(SECRET)),
        ({"alg": "none"}, there.published),
    )
    for header, key in forged:
        there.header, there.key = header, key
        assert enter(site).status_code == 409, header
    assert who(site) is None


@pytest.mark.parametrize(
    "before",
    [
        "insert into second_factors select id, 'sealed', 0 from users",
        "update users set email_unproved = true",
        "insert into sign_in_identities (issuer, subject, user_id) select '{issuer}', 'torch', id from users",
    ],
)
def test_an_address_alone_gives_no_guarded_account_away(
    site: Client, there: Issuer, database: Database, before: str
) -> None:
    change(database.superuser_url, before.format(issuer=there.url))
    answer = enter(site)
    assert answer.status_code == 409
    assert "not opened by an address alone" in answer.text
    assert who(site) is None


def test_an_account_is_connected_from_inside_by_its_owner_alone(
    site: Client, there: Issuer, database: Database
) -> None:
    change(database.superuser_url, "update users set email_unproved = true")
    site.cookies.set(SESSION_COOKIE, signed_in("owner"))
    owner = who(site)
    assert owner is not None
    key = single_sign_on.connect_key(owner)
    # Another page cannot begin it: it signs in instead, as whoever the site says.
    assert enter(site, connect="made up").status_code == 409
    location = site.get("/oidc/start", params={"connect": key, "next": "/account"}).headers["location"]
    back = come_back(location, "lamp")
    kept = dict(site.cookies)
    site.cookies.delete(SESSION_COOKIE)
    assert site.get(back).status_code == 403
    site.cookies.update(kept)
    there.knows("torch", email="else@example.com")
    done = enter(site, "torch", connect=key, next="/account")
    assert done.headers["location"] == "/account"
    assert single_sign_on.connected_since(owner) is not None
    assert enter(site, connect=key).status_code == 409, "one of a site is connected at most"
    site.cookies.clear()
    there.knows("torch", email="else@example.com", email_verified=True)
    assert enter(site, "torch").headers["location"] == "/"
    with pytest.raises(Invalid):
        single_sign_on.disconnect(owner, "a wrong one")
    single_sign_on.disconnect(owner, PASSWORD)
    assert single_sign_on.connected_since(owner) is None


def test_a_second_factor_is_asked_for_all_the_same(site: Client, there: Issuer, database: Database) -> None:
    enter(site)
    change(database.superuser_url, "insert into second_factors select id, 'sealed', 0 from users")
    site.cookies.clear()
    assert enter(site, next="/campaigns").headers["location"] == "/second-factor?next=%2Fcampaigns"
    assert who(site) is None


def test_who_has_no_account_gets_one_only_where_the_settings_say_so(
    site: Client, there: Issuer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.knows("torch", email="torch@example.com", email_verified=True)
    assert "Ask an administrator to make one." in enter(site, "torch").text
    for name, value in {"OIDC_SIGN_UP": "true", "OIDC_DOMAINS": "lantern.test, Example.COM"}.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    there.knows("spark", email="spark@else.example", email_verified=True)
    assert "Addresses like yours" in enter(site, "spark").text
    assert enter(site, "torch").headers["location"] == "/"
    made = who(site)
    assert made is not None
    assert (made.email, made.is_admin) == ("torch@example.com", False)
    change(database.superuser_url, "update users set disabled_at = now()")
    site.cookies.clear()
    assert enter(site, "torch").status_code == 409


def test_a_site_that_is_away_or_changes_its_name_is_said_calmly(
    site: Client, there: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    descriptions = (
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "https://evil.example/token"},
        {"jwks_uri": None},
    )
    for there.description in descriptions:
        answer = site.get("/oidc/start")
        assert (answer.status_code, 'role="alert"' in answer.text) == (409, True), there.description
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1:9")
    settings.get.cache_clear()
    assert "Lantern did not answer." in site.get("/oidc/start").text
    monkeypatch.setenv("OIDC_ISSUER", "")
    settings.get.cache_clear()
    assert "Continue with" not in site.get("/sign-in").text
    for path in ("/oidc/start", "/oidc/callback"):
        assert site.get(path).headers["location"] == "/sign-in"


def test_whoever_runs_sql_as_the_web_is_nobody_by_a_site(database: Database) -> None:
    from store.database import Role, transaction

    person("owner")
    sql = (
        "select auth_sign_in_by_issuer('a guess', 'i', 's', 'owner@example.com', true, gen_random_uuid(),"
        " gen_random_uuid(), '\\x00', 1, 1, '', '', null)"
    )
    with pytest.raises(Exception, match="does not vouch"), transaction(Role.WEB) as conn:
        conn.exec_driver_sql(sql)
