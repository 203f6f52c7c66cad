"""The page of a running campaign in a browser: it is used while it moves by itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from pipeline.campaign import Stage
from pipeline.ports import Metrics
from services.identity import SESSION_COOKIE
from store.leases import Lease
from tests.pages.stored import report
from tests.support.axe import look
from tests.support.browsing import Visit, chrome
from tests.support.campaigns import SPEC, claimed, spent, submitted
from tests.support.layout import COUNT_SHIFTS
from tests.support.people import person, signed_in
from tests.support.servers import Database, change
from tests.support.web_server import web_server

_WITH_BUDGET = SPEC.model_copy(update={"budget_usd": Decimal(2)})


@pytest.fixture
def running(database: Database, redis_url: str) -> Lease:
    """A campaign that has found and paid something."""
    owner = person("owner")
    lease = claimed(owner, submitted(owner, _WITH_BUDGET))
    change(database.superuser_url, "update discovery_jobs set lease_until = now() + interval '1 hour'")
    for number in range(1, 13):
        _goes_on(lease, number, f"Found number {number}, which takes more than one line to tell about.")
    return lease


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, running: Lease, tmp_path: Path) -> Iterator[Page]:
    """Its page, after it has come to rest."""
    with web_server("streamlit_app:app", tmp_path / "web.log") as server, chrome() as browser:
        visit = Visit(browser, server.url, request.param)
        cookie = {"name": SESSION_COOKIE, "value": signed_in("owner"), "url": server.url}
        visit.context.add_cookies([cookie])  # type: ignore[list-item]
        visit.page.add_init_script(COUNT_SHIFTS)
        visit.page.goto(f"/progress?campaign={running.campaign_id}")
        expect(visit.page.locator(".js-plotly-plot")).to_have_count(2)
        visit.page.wait_for_load_state("networkidle")
        yield visit.page
        visit.context.close()


def test_a_page_that_moves_by_itself_can_be_read_meanwhile(page: Page, running: Lease) -> None:
    _charts_lie_on_their_cards(page)
    assert look(page, "a running campaign").faults == []
    log = page.get_by_role("log")
    log.evaluate("box => { box.focus(); box.scrollTop = 60 }")
    before = page.evaluate("window.shifted")
    _goes_on(running, 13, None)
    expect(page.locator("dl > div").filter(has_text="Businesses found")).to_contain_text("13")
    expect(log).to_be_focused()
    assert log.evaluate("box => box.scrollTop") == 60
    _goes_on(running, 14, "One more.")
    expect(log).to_contain_text("One more.")
    assert page.evaluate("window.shifted") == before


def _charts_lie_on_their_cards(page: Page) -> None:
    for chart, heading in ((".st-key-progress_chart", "Progress"), (".st-key-cost_chart", "What it costs")):
        title = page.get_by_role("heading", name=heading)
        inside, card = _box(page.locator(chart)), _box(page.locator("section").filter(has=title))
        assert card["x"] < inside["x"]
        assert inside["x"] + inside["width"] < card["x"] + card["width"]
        assert _bottom(_box(title)) <= inside["y"]
        assert _bottom(inside) <= _bottom(card)


def _goes_on(lease: Lease, found: int, message: str | None) -> None:
    spent(lease, f"{found}.test", 24_500)
    report(lease, Stage.ENRICHING, 30 + found, message, Metrics(businesses_found=found))


def _box(part: Locator) -> FloatRect:
    found = part.bounding_box()
    assert found is not None
    return found


def _bottom(box: FloatRect) -> float:
    return box["y"] + box["height"]
