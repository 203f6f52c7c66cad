"""No page has a serious fault that axe-core finds, in the light and in the dark, but for those of Streamlit itself."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.application import Application, application
from tests.support.browsing import Visit, become_first_admin, chrome, open_first_lead, order
from tests.support.workers import eventually

_THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text()
_IMPACTS = ("serious", "critical")
# What Streamlit draws and we cannot change: the items of its menu stand below a group of their own, not in the list.
_STREAMLITS = {"list": "[data-testid=stSidebarNav]", "listitem": "[data-testid=stSidebarNav]"}
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


def test_every_page_can_be_used_by_everybody(app: Application, browser: Browser) -> None:
    visit = Visit(browser, app.url, (1440, 900))
    page = visit.page
    become_first_admin(visit)
    order(page, "Café", "Helsinki")
    found = _faults(page, "the form with its plan")
    page.get_by_role("button", name="Start campaign").click()
    expect(page.get_by_text("Campaign complete: 25 leads, $0.00")).to_be_visible()
    progress = page.url
    results = progress.replace("/progress", "/results")
    for theme in _THEMES:
        page.emulate_media(color_scheme=theme)
        for path in (*_PAGES, progress, results, f"{results}&view=Map", f"{results}&q=nothing"):
            page.goto(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
            found += _faults(page, f"{path} {theme}")
        page.goto(results)
        open_first_lead(page)
        found += _faults(page, f"a lead {theme}")
    visit.context.close()
    assert found == []


def _faults(page: Page, where: str) -> list[str]:
    """What stays; on a busy machine colours may still be on their way to those of the theme."""
    try:
        eventually(lambda: not _seen(page, where), where)
    except AssertionError:
        return _seen(page, where)
    return []


def _seen(page: Page, where: str) -> list[str]:
    page.evaluate(_AXE)
    violations: list[dict[str, Any]] = page.evaluate("axe.run().then(found => found.violations)")
    return [
        f"{where}: {fault['id']} ({fault['impact']}) {node['target']} {node['html'][:200]}"
        for fault in violations
        if fault["impact"] in _IMPACTS
        for node in fault["nodes"]
        if not _is_streamlits(page, fault["id"], node["target"][0])
    ]


def _is_streamlits(page: Page, rule: str, target: str) -> bool:
    place = _STREAMLITS.get(rule)
    return place is not None and bool(
        page.locator(target).first.evaluate("(node, place) => node.closest(place) !== null", place)
    )
