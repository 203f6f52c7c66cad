"""Passkeys in a real browser, with an authenticator that exists only there; and the look of the forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs

import httpx
import pytest
from httpx import Client
from playwright.sync_api import CDPSession, Page, expect

import settings
from api import document
from api.account_links import CONFIRM_EMAIL, FORGOT, ON_ITS_WAY, RESET, SPENT
from api.passkeys import ADD, CREATE
from api.sign_in import FIRST_ADMIN, SECOND_FACTOR
from services import identity, passkeys
from services.errors import Conflict, Invalid
from services.identity import SESSION_COOKIE, Person, Visitor
from services.passkeys import Site
from store.database import Role, url_for
from tests.support.axe import look
from tests.support.browsing import chrome
from tests.support.people import PASSWORD, person, signed_in
from tests.support.servers import Database, change, rows


@dataclass
class Browser:
    """A browser at the site, under a name that passkeys can be for."""

    page: Page
    url: str
    authenticator: CDPSession
    key: str

    def session(self) -> str:
        found = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}
        return found.get(SESSION_COOKIE, "")

    def sign_out(self) -> None:
        self.page.context.clear_cookies()

    def tell(self, command: str, **more: Any) -> Any:  # noqa: ANN401 - of the protocol
        return self.authenticator.send(f"WebAuthn.{command}", {"authenticatorId": self.key, **more})


@pytest.fixture
def browser(site: Client) -> Iterator[Browser]:
    url = f"http://localhost:{site.base_url.port}"
    with chrome() as launched:
        page = launched.new_page(base_url=url)
        cdp = page.context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        kind = {
            **{"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True},
            **{"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True},
        }
        made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
        yield Browser(page, url, cdp, made["authenticatorId"])


@pytest.fixture
def owner(browser: Browser) -> Person:
    """Somebody who is signed in in the browser."""
    person("owner")
    token = signed_in("owner")
    browser.page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": browser.url}])
    found = identity.who_is(token)
    assert found is not None
    return found


def add(browser: Browser) -> None:
    page = browser.page
    page.goto("/passkeys/new")
    page.get_by_label("What to call it").fill("  Blue   key ")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Create the passkey").click()
    page.wait_for_url("**/account")


def test_a_passkey_is_added_with_the_password_and_signs_in_as_both_factors(
    browser: Browser, owner: Person, database: Database
) -> None:
    page = browser.page
    page.goto("/passkeys/new")
    page.get_by_label("What to call it").fill("Blue key")
    page.get_by_label("Password").fill("a wrong one")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This is not your current password.")).to_be_visible()
    add(browser)
    (kept,) = passkeys.all_of(owner)
    assert (kept.name, kept.last_used_at) == ("Blue key", None)
    change(database.superuser_url, "insert into second_factors select id, 'sealed', 0 from users")
    browser.sign_out()
    sent: list[httpx.Request] = []
    page.on("request", lambda request: _keep(sent, request.url, request.post_data, request.all_headers))
    page.goto("/sign-in?next=%2Fcampaigns")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/campaigns")
    found = identity.who_is(browser.session())
    assert found is not None
    assert found.id == owner.id
    assert passkeys.all_of(owner)[0].last_used_at is not None
    # The very same request once more, cookie and all: the challenge was used.
    (request,) = sent
    with httpx.Client() as again:
        assert again.send(request).status_code == 409
    assert rows(database.superuser_url, "select count(*) from used_challenges") == [(2,)]
    _is_refused_to_others(browser, owner, parse_qs(request.content.decode())["credential"][0])


def _keep(sent: list[httpx.Request], url: str, data: str | None, headers: Any) -> None:  # noqa: ANN401
    if url.endswith("/passkeys/sign-in"):
        sent.append(httpx.Request("POST", url, content=data or "", headers=headers()))


def _is_refused_to_others(browser: Browser, owner: Person, credential: str) -> None:
    """Nobody whom the device did not recognise, no other site, no copy, no passkey that was removed."""
    page = browser.page
    site = Site("localhost", browser.url)
    for other in (site, Site("localhost", "https://evil.example"), Site("evil.example", browser.url)):
        with pytest.raises(Conflict):
            passkeys.sign_in(other, passkeys.begin_sign_in(site).kept, credential, Visitor())
    for broken in ("", "{}", "[]", '{"rawId": 1}', "{" * 5000):
        with pytest.raises(Conflict):
            passkeys.sign_in(site, passkeys.begin_sign_in(site).kept, broken, Visitor())
    with pytest.raises(Conflict):
        passkeys.sign_in(site, "made up", credential, Visitor())
    browser.sign_out()
    browser.tell("setUserVerified", isUserVerified=False)
    page.goto("/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkey was chosen.")).to_be_visible()
    browser.tell("setUserVerified", isUserVerified=True)
    (kept,) = passkeys.all_of(owner)
    with pytest.raises(Invalid, match="not your current password"):
        passkeys.remove(owner, kept.id, "a wrong one")
    passkeys.remove(owner, kept.id, PASSWORD)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("This passkey opens no account here.")).to_be_visible()
    assert identity.who_is(browser.session()) is None


def test_a_passkey_is_added_by_the_session_that_began_alone(browser: Browser, owner: Person) -> None:
    site = Site("localhost", browser.url)
    kept = passkeys.begin_adding(owner, site, PASSWORD, "Blue key").kept
    other = identity.who_is(signed_in("owner"))
    assert other is not None
    for asking, brought in ((other, kept), (owner, "made up"), (owner, kept)):
        with pytest.raises(Conflict):
            passkeys.add(asking, site, brought, "{}")
    with pytest.raises(Invalid, match="at most 60"):
        passkeys.begin_adding(owner, site, PASSWORD, "x" * 61)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://leads.example.com/", Site("leads.example.com", "https://leads.example.com")),
        ("http://localhost:8501", Site("localhost", "http://localhost:8501")),
        ("http://leads.example.com", None),
        ("https://192.0.2.1", None),
        ("http://[::1]:8501", None),
        ("", None),
    ],
)
def test_passkeys_are_for_names_that_browsers_accept(address: str, expected: Site | None) -> None:
    assert passkeys.site_of(address) == expected


def test_where_there_can_be_none_there_is_no_button(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    person("owner")
    assert "passkey" not in site.get("/sign-in").text
    here = {"Host": f"localhost:{site.base_url.port}"}
    assert "Use a passkey" in site.get("/sign-in", headers=here).text
    with monkeypatch.context() as without:
        without.setenv("APP_SECRET", "")
        without.setenv("DATABASE_URL_WEB", url_for(Role.WEB).render_as_string(hide_password=False))
        settings.get.cache_clear()
        assert "passkey" not in site.get("/sign-in", headers=here).text
    monkeypatch.setenv("PUBLIC_URL", "https://leads.example.com")
    settings.get.cache_clear()
    assert "passkey" not in site.get("/sign-in", headers=here).text
    assert site.post("/passkeys/options").status_code == 403
    site.cookies.set(SESSION_COOKIE, signed_in("owner"))
    assert "Browsers make passkeys for names" in site.get("/passkeys/new").text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_form_can_be_used_by_everybody(
    browser: Browser, owner: Person, theme: Literal["light", "dark"], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, found = browser.page, []
    page.emulate_media(color_scheme=theme)
    browser.sign_out()
    for name, value in {"ISSUER": "http://localhost:9", "CLIENT_ID": "x", "CLIENT_SECRET": "y"}.items():
        monkeypatch.setenv(f"OIDC_{name}", value)
    settings.get.cache_clear()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    found += look(page, f"the sign-in {theme}").faults
    for form in (FIRST_ADMIN, SECOND_FACTOR, FORGOT, ON_ITS_WAY, CONFIRM_EMAIL, RESET, SPENT, ADD, CREATE):
        page.set_content(bytes(document.page(form, "<svg></svg>").body).decode())
        found += look(page, f"{form.title} {theme}").faults
    assert found == []
