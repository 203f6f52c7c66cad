"""No page has a serious fault that axe-core finds, in the light and in the dark, but for those of Streamlit itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from embedded.layout import Layout
from embedded.postgres import Postgres
from tests.support.application import Application, application
from tests.support.axe import look
from tests.support.browsing import Visit, become_first_admin, chrome, open_first_lead, order
from tests.support.layout import MOST_SHIFT, shift
from tests.support.servers import change

_PAGES = (
    "/",
    "/new_campaign",
    "/campaigns",
    "/new_bulk_order",
    "/leads?q=nothing",
    "/call_list",
    "/spend",
    "/suppressions",
    "/lists",
    "/privacy",
    "/crm",
    "/webhooks",
    "/client_links",
    "/schedules",
    "/api_keys",
    "/account",
    "/settings",
    "/activity",
    "/team",
    "/admin_jobs",
    "/admin_providers",
    "/admin_users",
    "/admin_audit",
    "/admin_duties",
    "/admin_health",
    "/campaigns?find=nothing",
)


_THEMES: dict[Literal["light", "dark"], str] = {"light": "rgb(250, 251, 250)", "dark": "rgb(13, 21, 19)"}
"""The colour of each one's background."""


Faults = Callable[[Page, str], list[str]]


@pytest.fixture
def faults(record_property: Callable[[str, object], None]) -> Faults:
    """Looks at a page, and keeps the figures for the end of the test run."""
    return partial(_faults, note=record_property)


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
    """A signed-in visit, and the address of the results of a campaign."""
    visit = Visit(browser, app.url, (1440, 900))
    become_first_admin(visit, app.first_admin_link)
    order(visit.page, "Café", "Helsinki")
    visit.page.get_by_role("button", name="Start campaign").click()
    expect(visit.page.get_by_text("Campaign complete: 25 leads, $0.00")).to_be_visible()
    yield visit, visit.page.url.replace("/progress", "/results")
    visit.context.close()


@pytest.mark.parametrize("path", _PAGES)
def test_a_page_can_be_used_by_everybody(campaign: tuple[Visit, str], faults: Faults, path: str) -> None:
    visit, _ = campaign
    _arrive(visit.page, path)
    if path == "/schedules":
        # The sanitizer of what we draw takes drawings of other kinds out without a word.
        drawn = visit.page.locator(".pp-drawing")
        expect(drawn).to_have_css("background-image", re.compile("data:image/svg"))
    assert faults(visit.page, path) == []


@pytest.mark.parametrize("view", ["", "&view=Map", "&q=nothing"])
def test_the_results_of_a_campaign_can_be_used_by_everybody(
    campaign: tuple[Visit, str], faults: Faults, view: str
) -> None:
    visit, results = campaign
    _arrive(visit.page, f"{results}{view}")
    assert faults(visit.page, f"results{view}") == []


def test_the_progress_of_a_campaign_can_be_used_by_everybody(
    campaign: tuple[Visit, str], faults: Faults
) -> None:
    visit, results = campaign
    _arrive(visit.page, results.replace("/results", "/progress"))
    assert faults(visit.page, "progress") == []


@pytest.mark.parametrize("where", ["a company", "a lead"])
def test_what_opens_beside_a_table_can_be_used_by_everybody(
    campaign: tuple[Visit, str], faults: Faults, where: str
) -> None:
    visit, results = campaign
    visit.page.goto("/leads" if where == "a company" else results)
    open_first_lead(visit.page)
    assert faults(visit.page, where) == []


def test_a_plan_can_be_used_by_everybody(campaign: tuple[Visit, str], faults: Faults) -> None:
    visit, _ = campaign
    visit.page.goto("/new_campaign")
    order(visit.page, "Café", "Helsinki")
    assert faults(visit.page, "the form with its plan") == []


def test_two_runs_compared_can_be_used_by_everybody(campaign: tuple[Visit, str], faults: Faults) -> None:
    visit, results = campaign
    page = visit.page
    _arrive(page, results.replace("/results", "/compare"))
    found = faults(page, "a choice of runs")
    _arrive(page, "/campaigns")
    page.get_by_role("button", name="Run again").click()
    page.get_by_role("button", name="Yes, run it again").click()
    expect(page.get_by_text("Campaign complete: 25 leads, $0.00")).to_be_visible()
    _arrive(page, "/campaigns")
    page.get_by_text("2 runs of this order").click()
    page.get_by_role("button", name="Compare with it").click()
    expect(page.get_by_role("heading", name="Compare two runs")).to_be_visible()
    assert found + faults(page, "two runs") == []


@pytest.mark.parametrize("path", ["/new_campaign", "/leads"])
def test_a_page_stays_where_it_is_while_it_loads_on_a_phone(
    campaign: tuple[Visit, str], browser: Browser, path: str
) -> None:
    visit, _ = campaign
    assert shift(browser, visit, path, (390, 844)) <= MOST_SHIFT


def test_what_is_due_stands_first_on_a_phone(
    campaign: tuple[Visit, str], app: Application, browser: Browser
) -> None:
    database = Postgres(Layout(app.data_dir)).url("postgres")
    change(
        database,
        "update companies set follow_up_on = current_date - 1 where id = (select id from companies limit 1)",
    )
    phone = Visit(browser, app.url, (390, 844))
    phone.context.add_cookies(campaign[0].context.cookies())  # type: ignore[arg-type]
    _arrive(phone.page, "/")
    tops = [
        box["y"]
        for name in ("Follow-ups", "Ended in the last 7 days", "New leads", "This month")
        if (box := phone.page.get_by_role("heading", name=name).bounding_box())
    ]
    assert tops == sorted(tops)
    assert len(tops) == 4
    phone.picture("home-due")
    phone.context.close()


def _arrive(page: Page, path: str) -> None:
    """By the menu where it leads there, which takes the browser a quarter of opening the page anew."""
    in_menu = page.get_by_test_id("stSidebarNav").locator(f'a[href$="{path}"]')
    if path != "/" and in_menu.count():
        in_menu.click()
        expect(page).to_have_url(re.compile(rf"{re.escape(path)}(\?|$)"))
    else:
        page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()


def _faults(page: Page, where: str, note: Callable[[str, object], None]) -> list[str]:
    """In both themes, one after the other on the same page, which follows the reader's choice while it is open."""
    found = []
    for theme, colour in _THEMES.items():
        page.emulate_media(color_scheme=theme)
        expect(page.locator(".stApp")).to_have_css("background-color", colour)
        # The page is the same in both but for its colours.
        seen = look(page, f"{where} {theme}", only_colours=theme != "light")
        note("axe", asdict(seen))
        found += seen.faults
    return found
