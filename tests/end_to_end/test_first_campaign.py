"""A person's first visit: from the empty installation to leads in a file, in a real browser."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from embedded.layout import Layout
from embedded.postgres import Postgres
from tests.support.application import application
from tests.support.browsing import Visit, become_first_admin, chrome, complaints_in, open_first_lead, order
from tests.support.servers import rows

DESKTOP, PHONE = (1440, 900), (390, 844)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome() as launched:
        yield launched


@pytest.mark.parametrize(("size", "wanted"), [(DESKTOP, "coffee shop"), (PHONE, "Café")])
def test_a_first_campaign(browser: Browser, tmp_path: Path, size: tuple[int, int], wanted: str) -> None:
    with application(tmp_path / "installation") as app:
        visit = Visit(browser, app.url, size)
        database = Postgres(Layout(app.data_dir)).url("postgres")
        become_first_admin(visit, app.first_admin_link)
        _leave_fields_without_enter(visit, size)
        _order_with_impatient_clicks(visit, wanted, database)
        _go_back_and_forth(visit)
        _watch_it_end(visit)
        _filter_and_take_away(visit, database)
        _explain_one_lead(visit)
        _see_the_map(visit)
        _run_again_and_delete(visit, database)
        _look_at_the_jobs(visit)
        _want_fewer_mails(visit, database)
        _sign_out(visit)
        visit.context.close()
        assert visit.other_hosts() == set()
        assert visit.complaints == []
        assert complaints_in(app) == []


def _leave_fields_without_enter(visit: Visit, size: tuple[int, int]) -> None:
    """What was typed counts all the same."""
    page = visit.page
    types, place = page.locator(".st-key-type input"), page.locator(".st-key-where input")
    place.fill("helsin")
    place.press("Tab")
    expect(place).to_have_value("Helsinki")
    types.fill("wedding photographer")
    # The margin, as a list that is open covers the rest of the page.
    page.mouse.click(size[0] - 6, size[1] // 2)
    expect(page).to_have_url(re.compile(r"type=wedding\+photographer"))
    page.reload()
    expect(page.locator(".st-key-type")).to_contain_text("wedding photographer")
    expect(place).to_have_value("Helsinki")
    page.goto("/")
    expect(place).to_have_value("")


def _go_back_and_forth(visit: Visit) -> None:
    """The form still holds the order that was started."""
    page = visit.page
    page.go_back()
    expect(page.locator(".st-key-where input")).to_have_value("Helsinki")
    page.go_forward()
    expect(page.get_by_role("heading", name="in Helsinki")).to_be_visible()


def _order_with_impatient_clicks(visit: Visit, wanted: str, database: str) -> None:
    page = visit.page
    visit.picture("02-new-campaign")
    order(page, wanted, "Helsinki")
    expect(page.get_by_test_id("stMetric").filter(has_text="Expected cost")).to_contain_text("$0.00")
    visit.picture("03-plan")
    page.get_by_role("button", name="Start campaign").click(click_count=5)
    expect(page.get_by_role("heading", name=f"{wanted} in Helsinki")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/progress\?campaign=[0-9a-f-]{36}$"))
    assert rows(database, "select count(*) from campaigns") == [(1,)]


def _watch_it_end(visit: Visit) -> None:
    done = "Campaign complete: 25 leads, $0.00"
    expect(visit.page.get_by_text(done)).to_be_visible()
    expect(visit.page.get_by_label("Stages").locator(".done")).to_have_count(5)
    visit.picture("04-complete")
    visit.page.reload()
    expect(visit.page.get_by_text(done)).to_be_visible()
    second = visit.context.new_page()
    second.goto(visit.page.url)
    expect(second.get_by_text(done)).to_be_visible()
    second.close()


def _filter_and_take_away(visit: Visit, database: str) -> None:
    page = visit.page
    page.get_by_role("button", name="See 25 leads").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.get_by_text("Showing 25 of 25")).to_be_visible()
    _table_gives_nothing_away(visit)
    visit.picture("05-results")
    assert _downloaded(visit) == _leads(database, "true")

    page.get_by_role("button", name="Phone").click()
    chosen = _leads(database, "phone is not null")
    expect(page.get_by_text(f"Showing {len(chosen)} of 25")).to_be_visible()
    expect(page).to_have_url(re.compile("has=Phone"))
    visit.picture("06-filtered")
    page.reload()
    expect(page.get_by_text(f"Showing {len(chosen)} of 25")).to_be_visible()
    assert 0 < len(chosen) < 25
    assert _downloaded(visit) == chosen


def _table_gives_nothing_away(visit: Visit) -> None:
    """It can be searched, and only our own exports leave the page: they are guarded and written down."""
    visit.page.get_by_test_id("stDataFrame").hover()
    buttons = visit.page.get_by_test_id("stElementToolbar").get_by_role("button")
    expect(buttons.filter(visible=True).first).to_be_visible()
    labels = [button.get_attribute("aria-label") or "" for button in buttons.all()]
    assert [label for label in labels if label.startswith("Search")]
    assert not [label for label in labels if label.startswith("Download")]


def _leads(database: str, condition: str) -> list[str]:
    return sorted(str(name) for (name,) in rows(database, f"select name from leads where {condition}"))


def _downloaded(visit: Visit) -> list[str]:
    """The names in the CSV file, which are those in the XLSX file too."""
    text = StringIO(_download(visit, "CSV").decode("utf-8-sig"))
    names = sorted(row["Name"] for row in csv.DictReader(text))
    sheet = openpyxl.load_workbook(BytesIO(_download(visit, "XLSX"))).worksheets[0]
    header, *lines = sheet.iter_rows(values_only=True)
    assert sorted(str(line[header.index("Name")]) for line in lines) == names
    return names


def _download(visit: Visit, kind: str) -> bytes:
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name=re.compile(f"^{kind} ")).click()
    return download.value.path().read_bytes()


def _explain_one_lead(visit: Visit) -> None:
    card = open_first_lead(visit.page)
    expect(card.get_by_text(re.compile(r"\d+ of \d+")).first).to_be_visible()
    expect(card.get_by_text("OpenStreetMap").first).to_be_visible()
    visit.picture("07-lead")
    visit.page.reload()
    expect(card.get_by_text("How the confidence came about")).to_be_visible()
    _close_the_lead(visit)


def _see_the_map(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("radio", name="Map").or_(page.get_by_role("button", name="Map")).first.click()
    leads = page.locator(".js-plotly-plot .scatterlayer .trace").nth(1)
    expect(leads.locator("path.point").first).to_be_visible()
    visit.picture("08-map")
    # Plotly lays a sheet over its points, and knows which one a click means by where the mouse was.
    leads.locator("path.point").last.hover(force=True)
    expect(page.locator(".hoverlayer .hovertext")).to_be_visible()
    leads.locator("path.point").last.click(force=True)
    expect(page.get_by_role("dialog").get_by_text("How the confidence came about")).to_be_visible()
    _close_the_lead(visit)


def _close_the_lead(visit: Visit) -> None:
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_role("dialog")).to_have_count(0)


def _run_again_and_delete(visit: Visit, database: str) -> None:
    page = visit.page
    _menu(visit, "Campaigns")
    expect(page.get_by_text("1 campaign", exact=True)).to_be_visible()
    visit.picture("09-campaigns")
    page.get_by_role("button", name="Run again").click()
    page.get_by_role("dialog").get_by_role("button", name="Yes, run it again").click()
    expect(page.get_by_text("Campaign complete: 25 leads, $0.00")).to_be_visible()
    _menu(visit, "Campaigns")
    expect(page.get_by_text("2 campaigns", exact=True)).to_be_visible()
    page.get_by_role("button", name="Delete").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("gone for good")).to_be_visible()
    visit.picture("10-delete")
    dialog.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("1 campaign", exact=True)).to_be_visible()
    assert rows(database, "select count(distinct campaign_id) from leads") == [(1,)]


def _look_at_the_jobs(visit: Visit) -> None:
    _menu(visit, "Jobs")
    expect(visit.page.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
    expect(visit.page.get_by_test_id("stDataFrame").first).to_be_visible()
    visit.picture("11-jobs")


def _want_fewer_mails(visit: Visit, database: str) -> None:
    page = visit.page
    _menu(visit, "Settings")
    expect(page.get_by_text("This installation has no mail server")).to_be_visible()
    page.get_by_text("Only when it needs me").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert rows(database, "select mail_when from users") == [("problems",)]
    visit.picture("11-settings")


def _sign_out(visit: Visit) -> None:
    _open_menu(visit)
    visit.picture("12-menu")
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
    visit.picture("13-signed-out")
    for path in ("/", "/campaigns", "/admin_jobs"):
        visit.page.goto(path)
        expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()


def _menu(visit: Visit, name: str) -> None:
    _open_menu(visit)
    visit.page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()


def _open_menu(visit: Visit) -> None:
    """On a phone the menu is behind a button."""
    button = visit.page.get_by_test_id("stExpandSidebarButton")
    if button.is_visible():
        button.click()
    expect(visit.page.get_by_test_id("stSidebarNav")).to_be_in_viewport()
