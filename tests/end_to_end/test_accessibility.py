"""No page has a serious fault that axe-core finds, in the light and in the dark, but for those of Streamlit itself."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.application import Application, application
from tests.support.browsing import Visit, become_first_admin, chrome, open_first_lead, order

_AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text()
_IMPACTS = ("serious", "critical")
# What Streamlit draws and we cannot change: the items of its menu stand below a group of their own, not in the list.
_STREAMLITS = {"list": "[data-testid=stSidebarNav]", "listitem": "[data-testid=stSidebarNav]"}
# Colours on their way to those of the theme are set at once. All in one go, as Streamlit may draw the page anew.
_LOOK = """async ([impacts, streamlits]) => {
    const still = document.createElement("style");
    still.textContent = "*, *::before, *::after { transition: none !important }";
    document.head.append(still);
    const found = await axe.run({ elementRef: true });
    const ours = (rule, node) => !(rule in streamlits && node.element.closest(streamlits[rule]));
    return found.violations.filter(fault => impacts.includes(fault.impact)).flatMap(fault =>
        fault.nodes.filter(node => ours(fault.id, node)).map(node =>
            `${fault.id} (${fault.impact}) ${node.target} ${node.html.slice(0, 200)}`));
}"""
_PAGES = (
    "/",
    "/campaigns",
    "/spend",
    "/settings",
    "/admin_jobs",
    "/admin_providers",
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
        found += _faults(page, f"{path} {theme}")
    page.goto(results)
    open_first_lead(page)
    found += _faults(page, f"a lead {theme}")
    page.goto("/")
    order(page, "Café", "Helsinki")
    assert found + _faults(page, f"the form with its plan {theme}") == []


def _faults(page: Page, where: str) -> list[str]:
    """What is still found at a second look; the first may meet a page that is being drawn."""
    page.evaluate(_AXE)
    found: list[str] = []
    for _ in range(2):
        found = page.evaluate(_LOOK, [_IMPACTS, _STREAMLITS])
        if not found:
            break
    return [f"{where}: {fault}" for fault in found]
