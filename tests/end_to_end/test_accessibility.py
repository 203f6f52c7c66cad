"""No page has a serious fault that axe-core finds, in the light and in the dark, but for those of Streamlit itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.support.application import Application, application
from tests.support.axe import faults
from tests.support.browsing import Visit, become_first_admin, chrome, open_first_lead, order

_PAGES = (
    "/",
    "/campaigns",
    "/spend",
    "/account",
    "/settings",
    "/team",
    "/admin_jobs",
    "/admin_providers",
    "/admin_users",
    "/admin_audit",
    "/campaigns?find=nothing",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with application(tmp_path_factory.mktemp("accessible") / "installation") as ready:
        yield ready


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome() as launched:
        yield launched


@pytest.fixture(scope="module")
def campaign(app: Application, browser: Browser) -> Iterator[tuple[Visit, str]]:
    """A signed-in visit, and the address of a campaign that has completed."""
    visit = Visit(browser, app.url, (1440, 900))
    become_first_admin(visit, app.first_admin_link)
    order(visit.page, "Café", "Helsinki")
    visit.page.get_by_role("button", name="Start campaign").click()
    expect(visit.page.get_by_text("Campaign complete: 25 leads, $0.00")).to_be_visible()
    yield visit, visit.page.url
    visit.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody(
    campaign: tuple[Visit, str], theme: Literal["light", "dark"]
) -> None:
    visit, progress = campaign
    page = visit.page
    page.emulate_media(color_scheme=theme)
    results = progress.replace("/progress", "/results")
    found = []
    for path in (*_PAGES, progress, results, f"{results}&view=Map", f"{results}&q=nothing"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
        found += faults(page, f"{path} {theme}")
    page.goto(results)
    open_first_lead(page)
    found += faults(page, f"a lead {theme}")
    page.goto("/")
    order(page, "Café", "Helsinki")
    assert found + faults(page, f"the form with its plan {theme}") == []
