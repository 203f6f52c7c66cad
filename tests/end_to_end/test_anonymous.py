"""Nobody without a session sees a page, on a server that has not yet drawn its menu for anybody."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import settings
from api.routes import routes
from services.identity import SESSION_COOKIE
from tests.support.application import Application, application, command_of
from tests.support.browsing import EMAIL, PASSWORD, Visit, chrome

_ROUTES = """
import json
from streamlit_app import app
app._runtime = app._create_runtime()
found = app._build_starlette_app().routes
print(json.dumps([[route.path, sorted(getattr(route, "methods", None) or ["GET"])] for route in found if route.path]))
"""
NAMES = [path.stem for path in sorted((settings.PROJECT_ROOT / "pages").glob("*.py"))]
PATHS = ["/", *(f"/{way(name)}" for name in NAMES for way in (str.lower, str.upper, str.title))]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A freshly started server that has an account, and no session in use."""
    folder = tmp_path_factory.mktemp("anonymous") / "installation"
    with application(folder, GUEST_CAMPAIGNS="1") as ready:
        key = ready.first_admin_link.partition("key=")[2]
        account = {"email": EMAIL, "password": PASSWORD, "key": key}
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


def test_an_open_page_whose_session_has_ended_comes_to_the_sign_in_and_back(
    app: Application, browser: Browser
) -> None:
    visit = Visit(browser, app.url, (1440, 900))
    page = visit.page
    page.goto("/campaigns?find=bakery")
    _sign_in(page)
    expect(page.get_by_role("heading", name="Campaigns")).to_be_visible()
    (cookie,) = (each for each in visit.context.cookies() if each["name"] == SESSION_COOKIE)
    with httpx.Client(base_url=app.url, cookies={SESSION_COOKIE: cookie["value"]}) as elsewhere:
        assert elsewhere.post("/sign-out", headers={"Origin": app.url}).status_code == 303
    # The page loses its stream, as it does when a computer was asleep.
    next(process for process in app.processes() if "streamlit" in command_of(process)).kill()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    _sign_in(page)
    expect(page.get_by_label("Search")).to_have_value("bakery")
    visit.context.close()


def test_a_guest_looks_around_and_stays_by_signing_up(app: Application, browser: Browser) -> None:
    visit = Visit(browser, app.url, (390, 844))
    page = visit.page
    page.goto("/")
    page.get_by_role("link", name="Try it without an account").click()
    page.get_by_role("button", name="Start as a guest").click()
    expect(page.get_by_role("heading", name="New campaign")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_text("This needs an account")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("E-mail").fill("stays@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="New campaign")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    visit.context.close()


def _sign_in(page: Page) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_no_route_answers_whoever_has_no_business_there(
    app: Application, record_property: Callable[[str, object], None]
) -> None:
    """Whatever routes there are, found by asking the application for them, for whoever may try."""
    live, over = session(app), session(app)
    assert post(app, "/sign-out", over).status_code == 303
    foreign = {"Origin": "http://evil.example"}
    host = app.url.removeprefix("http://")
    routes, asked = routes_of_streamlit(), 0
    for cookie, headers in (
        (None, {}),
        ("made-up", {}),
        (over, {}),
        (live, foreign),
        (live, {"Origin": "null"}),
    ):
        cookies = {SESSION_COOKIE: cookie} if cookie else {}
        with httpx.Client(base_url=app.url, cookies=cookies, headers=headers) as asking:
            for path, methods in routes:
                for method in methods:
                    answer = asking.request(method, re.sub(r"{.*?}", "x", path))
                    assert answer.status_code in ((403,) if cookie == live else (303, 401)), (method, path)
                    asked += 1
        sent = {"Origin": app.url, **headers, "Cookie": f"{SESSION_COOKIE}={cookie}"}
        address = f"ws://{host}/_stcore/stream"
        with pytest.raises(InvalidStatus) as refused, connect(address, additional_headers=sent, proxy=None):
            pass
        assert refused.value.response.status_code == 403
        asked += 1
    record_property("requests refused", asked)
    assert asked > 5 * 40


def session(app: Application) -> str:
    """A session of its own."""
    answer = post(app, "/sign-in", None, email=EMAIL, password=PASSWORD)
    return str(answer.cookies[SESSION_COOKIE])


def post(app: Application, path: str, token: str | None, **fields: str) -> httpx.Response:
    """A form as a page of this site sends it."""
    cookies = {SESSION_COOKIE: token} if token else None
    return httpx.post(app.url + path, data=fields, headers={"Origin": app.url}, cookies=cookies)


def test_no_log_holds_what_opens_something(app: Application) -> None:
    token = session(app)
    with httpx.Client(base_url=app.url, cookies={SESSION_COOKIE: token}) as asking:
        assert asking.get("/campaigns?find=a-canary").status_code == 200
        asking.post("/sign-in", data={"email": "canary@example.com", "password": "canary-password"})
    key = app.first_admin_link.partition("key=")[2]
    logs = "".join(path.read_text() for path in app.data_dir.glob("logs/*"))
    assert [secret for secret in (token, key, PASSWORD, "canary") if secret in logs] == []


def routes_of_streamlit() -> list[tuple[str, list[str]]]:
    """Path and methods of every route but our own, in a process of its own, as there is one Streamlit a process."""
    done = subprocess.run(
        [sys.executable, "-c", _ROUTES], cwd=settings.PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    ours = {route.path for route in routes("")}
    return [(path, methods) for path, methods in json.loads(done.stdout) if path not in ours]


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
