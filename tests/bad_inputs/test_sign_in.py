"""The forms before the door, over HTTP."""

from __future__ import annotations

import time
import unicodedata

import pytest
from httpx import Client, Response

from services import accounts, identity
from services.identity import SESSION_COOKIE
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.people import PASSWORD, person
from tests.support.servers import change

EMAIL = "owner@example.com"
WRONG = "do not match"


def post(site: Client, path: str, **fields: str) -> Response:
    return site.post(path, data=fields, headers={"Origin": str(site.base_url).rstrip("/")})


SIGN_INS = (
    Case(99, "a password of a megabyte", (EMAIL, "x" * 1_000_000), 413),
    Case(99, "a password of 15,000 letters", (EMAIL, "x" * 15_000), 422),
    Case(99, "NUL in the password", (EMAIL, PASSWORD + "\x00"), 422),
    Case(99, "NUL in the address", (EMAIL + "\x00x", PASSWORD), 422),
    Case(99, "SQL", ("' or 1=1 --", "' or 1=1 --"), 422),
    Case(99, "half a letter", (EMAIL, "caf\ud800"), 422),
    Case(99, "an address of 5,000 letters", ("x" * 5_000 + "@example.com", PASSWORD), 422),
    Case(99, "a line break in the address", (EMAIL + "\r\nBcc: x@example.com", PASSWORD), 422),
    Case(99, "nobody's address", ("nobody@example.com", PASSWORD), 422),
    Case(1, "nothing", ("", ""), 422),
    Case(2, "blanks nobody sees", ("\u200b\u3164", PASSWORD), 422),
    Case(7, "HTML", ('"><script>alert(1)</script>@example.com', PASSWORD), 422),
)


@pytest.mark.parametrize("case", SIGN_INS, ids=str)
def test_what_opens_nothing_is_refused_in_a_sentence(site: Client, case: Case[tuple[str, str], int]) -> None:
    email, password = case.given
    body = {
        "email": email.encode(errors="surrogatepass"),
        "password": password.encode(errors="surrogatepass"),
    }
    answer = site.post("/sign-in", data=body, headers={"Origin": str(site.base_url).rstrip("/")})
    assert answer.status_code == case.expected
    assert SESSION_COOKIE not in site.cookies
    assert "Traceback" not in answer.text
    assert "<script>alert" not in answer.text
    if len(password) > 20:
        assert password not in answer.text


@pytest.mark.parametrize("case", [Case(99, "a thousand tries", 1_000, 429)], ids=str)
def test_guessing_comes_to_an_end_and_locks_nobody_else_out(site: Client, case: Case[int, int]) -> None:
    person("guessed")
    codes = []
    for number in range(case.given):
        codes.append(post(site, "/sign-in", email="guessed@example.com", password=f"{number}").status_code)
        if codes[-1] == case.expected:
            break
    assert codes[-1] == case.expected
    assert len(codes) < 50
    assert set(codes[:-1]) == {422}
    assert post(site, "/sign-in", email=EMAIL, password=PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "case",
    [
        Case(99, "the parts of a letter", unicodedata.normalize("NFD", "Café Zürich und Søn"), 303),
        Case(100, "capitals in the address", "Café Zürich und Søn", 303),
    ],
    ids=str,
)
def test_the_same_letters_are_the_same(site: Client, case: Case[str, int]) -> None:
    email = f"letters-{case.number}@example.com"
    accounts.create_user(email, unicodedata.normalize("NFC", case.given), is_admin=False)
    given = email.upper() if case.number == 100 else email
    assert post(site, "/sign-in", email=given, password=case.given).status_code == case.expected


@pytest.mark.parametrize(
    "case",
    [
        Case(85, "another site to come back to", "https://evil.test/", "/"),
        Case(85, "another site by two slashes", "//evil.test", "/"),
        Case(85, "a script to come back to", "javascript:alert(1)", "/"),
        Case(85, "a line break to come back to", "/a\r\nSet-Cookie: a=b", "/"),
    ],
    ids=str,
)
def test_nobody_is_sent_elsewhere(site: Client, case: Case[str, str]) -> None:
    answer = post(site, "/sign-in", email=EMAIL, password=PASSWORD, next=case.given)
    assert (answer.status_code, answer.headers["location"]) == (303, case.expected)
    assert "a" not in site.cookies


@pytest.mark.parametrize(
    "case", [Case(92, "the cookie of a session that was ended", "/campaigns", 303)], ids=str
)
def test_a_cookie_opens_nothing_after_signing_out(site: Client, case: Case[str, int]) -> None:
    post(site, "/sign-in", email=EMAIL, password=PASSWORD)
    cookie = site.cookies[SESSION_COOKIE]
    assert site.get(case.given).status_code == 200
    post(site, "/sign-out")
    site.cookies.clear()
    again = site.get(case.given, headers={"Cookie": f"{SESSION_COOKIE}={cookie}"})
    assert again.status_code == case.expected
    assert again.headers["location"].startswith("/sign-in")


COOKIES = (
    Case(92, "made up", "made-up", 303),
    Case(92, "a megabyte less a bit", "x" * 4_000, 303),
    Case(6, "SQL", "'or'1'='1", 303),
)


@pytest.mark.parametrize("case", COOKIES, ids=str)
def test_a_cookie_nobody_was_given_opens_nothing(site: Client, case: Case[str, int]) -> None:
    answer = site.get("/campaigns", headers={"Cookie": f"{SESSION_COOKIE}={case.given}"})
    assert answer.status_code == case.expected


@pytest.mark.parametrize(
    "case",
    [
        Case(108, "ten years ahead", 10 * 365 * 86_400.0, True),
        Case(108, "ten years back", -10 * 365 * 86_400.0, True),
    ],
    ids=str,
)
def test_the_clock_of_this_machine_ends_no_session(
    world: World, site: Client, monkeypatch: pytest.MonkeyPatch, case: Case[float, bool]
) -> None:
    post(site, "/sign-in", email=EMAIL, password=PASSWORD)
    token, now = site.cookies[SESSION_COOKIE], time.time
    signed_in = identity.who_is(token)
    assert signed_in is not None
    with monkeypatch.context() as wrong:
        wrong.setattr(time, "time", lambda: now() + case.given)
        assert (identity.who_is(token) is not None) is case.expected
    # The database's clock does.
    over = f"update sessions set expires_at = now() - interval '1 second' where id = '{signed_in.session_id}'"
    change(world.database.superuser_url, over)
    assert identity.who_is(token) is None
