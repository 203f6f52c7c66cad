"""Nobody without a session sees a page, on a server that has not yet drawn its menu for anybody."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

import settings
from services.identity import SESSION_COOKIE
from tests.support.application import Application, application
from tests.support.browsing import EMAIL, PASSWORD, Visit, chrome

NAMES = [path.stem for path in sorted((settings.PROJECT_ROOT / "pages").glob("*.py"))]
PATHS = ["/", *(f"/{way(name)}" for name in NAMES for way in (str.lower, str.upper, str.title))]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A freshly started server that has an account, and no session in use."""
    with application(tmp_path_factory.mktemp("anonymous") / "installation") as ready:
        account = {"email": EMAIL, "password": PASSWORD}
        made = httpx.post(f"{ready.url}/first-admin", data=account, headers={"Origin": ready.url})
        assert made.status_code == 303
        yield ready


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome() as launched:
        yield launched


@pytest.mark.parametrize("path", PATHS)
def test_a_request_without_a_session_goes_to_the_sign_in(app: Application, path: str) -> None:
    for cookies in ({}, {SESSION_COOKIE: "made-up"}):
        answer = httpx.get(app.url + path, cookies=cookies)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("cookie", [None, "made-up"])
def test_a_browser_without_a_session_sees_only_the_sign_in(
    app: Application, browser: Browser, cookie: str | None
) -> None:
    visit = Visit(browser, app.url, (1440, 900))
    if cookie:
        visit.context.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "url": app.url}])
    for path in PATHS:
        visit.page.goto(path)
        expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
        expect(visit.page.get_by_test_id("stApp")).to_have_count(0)
    visit.context.close()
    assert visit.other_hosts() == set()
