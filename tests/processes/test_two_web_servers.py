"""Two web servers behind one address: whoever signs in at it works with either, and is signed out of both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.campaign import Stage
from pipeline.ports import Metrics
from services.identity import SESSION_COOKIE
from store.leases import Lease
from tests.pages.stored import report
from tests.support.browsing import Visit, chrome, download
from tests.support.campaigns import claimed, finished, lead, submitted
from tests.support.people import PASSWORD, person
from tests.support.proxy import Proxy, proxy
from tests.support.servers import Database, change
from tests.support.web_server import web_server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome() as launched:
        yield launched


@pytest.fixture
def address(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Proxy]:
    with ExitStack() as running:
        servers = [
            running.enter_context(web_server("streamlit_app:app", tmp_path / f"web-{number}.log")).host
            for number in range(2)
        ]
        yield running.enter_context(proxy(servers))


def test_two_web_servers_are_one_site(address: Proxy, browser: Browser, database: Database) -> None:
    owner = person("owner")
    done = finished(owner, [lead(1), lead(2)])
    lease = claimed(owner, submitted(owner))
    change(database.superuser_url, "update discovery_jobs set lease_until = now() + interval '1 hour'")
    live = f"/progress?campaign={lease.campaign_id}"
    visit = Visit(browser, address.url, (1440, 900))
    first = address.server_of(_signed_in(visit, live))
    # The form came from one of them, and the other one took it.
    assert {server for server, said in address.served if " /sign-in" in said} == set(address.servers)

    _works(visit.page, f"/results?campaign={done}", live, lease, 1)
    assert _streams(address) == {first}
    address.down.add(first)
    _works(visit.page, f"/results?campaign={done}", live, lease, 2)
    assert _streams(address) == set(address.servers)

    address.down.clear()
    other_tab = visit.context.new_page()
    other_tab.goto("/")
    other_tab.get_by_role("button", name="Sign out").click()
    expect(other_tab.get_by_role("heading", name="Sign in")).to_be_visible()
    assert (first, "POST /sign-out HTTP/1.1") in address.served
    expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
    visit.context.close()


def _signed_in(visit: Visit, path: str) -> str:
    """Sign in on the way to a page; the token of the session."""
    page = visit.page
    page.goto(path)
    page.get_by_label("E-mail").fill("owner@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="cafe in Helsinki")).to_be_visible()
    (token,) = (str(each["value"]) for each in visit.context.cookies() if each["name"] == SESSION_COOKIE)
    return token


def _works(page: Page, results: str, live: str, lease: Lease, number: int) -> None:
    """A file is taken away, and a page that is open shows what becomes known."""
    page.goto(results)
    assert b"Cafe 001" in download(page, "CSV")
    page.goto(live)
    found = page.locator("dl > div").filter(has_text="Businesses found")
    expect(found).to_be_visible()
    report(lease, Stage.DISCOVERING, 20, None, Metrics(businesses_found=number))
    expect(found).to_contain_text(str(number))


def _streams(address: Proxy) -> set[str]:
    return {server for server, said in address.served if "/_stcore/stream" in said}
