"""A person's first visit: from the empty installation to leads in a file, in a real browser."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO, StringIO

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, Position, TimeoutError, expect

import settings
from embedded.layout import Layout
from embedded.postgres import Postgres
from tests.support.application import application
from tests.support.browsing import (
    FIRST_ROW,
    Visit,
    become_first_admin,
    chrome,
    complaints_in,
    download,
    open_first_lead,
    order,
)
from tests.support.servers import rows
from tests.support.tiles import tile
from tests.support.wire import Wire, wire

DESKTOP, PHONE = (1440, 900), (390, 844)
_VISITS = ((DESKTOP, "coffee shop"), (PHONE, "Café"))
_IDS = ("desktop", "phone")
# What is no other on a phone: ticking, and what opens then, is done there by the next test.
ON_A_DESKTOP = pytest.mark.parametrize("ordered", _VISITS[:1], ids=_IDS[:1], indirect=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chrome() as launched:
        yield launched


@dataclass(frozen=True)
class Ordered:
    """A visit whose first campaign has completed, the database of its installation, the results' address, and where
    its tiles come from."""

    visit: Visit
    database: str
    results: str
    streets: Wire


@pytest.fixture(scope="module", params=_VISITS, ids=_IDS)
def ordered(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Ordered]:
    size, wanted = request.param
    folder = tmp_path_factory.mktemp("first") / "installation"
    with (
        wire(tile("Cache-Control: max-age=3600")) as server,
        application(folder, settings.PROJECT_ROOT, **_map_of(server)) as app,
    ):
        visit = Visit(browser, app.url, size)
        database = Postgres(Layout(app.data_dir)).url("postgres")
        become_first_admin(visit, app.first_admin_link)
        _leave_fields_without_enter(visit, size)
        _order_with_impatient_clicks(visit, wanted, database)
        _go_back_and_forth(visit)
        _watch_it_end(visit)
        visit.page.get_by_role("button", name="See 25 leads").click()
        expect(visit.page).to_have_url(re.compile("/results"))
        yield Ordered(visit, database, visit.page.url, server)
        visit.context.close()
        assert visit.other_hosts() == set()
        assert visit.complaints == []
        assert complaints_in(app) == []


def test_leads_are_filtered_and_taken_away(ordered: Ordered) -> None:
    _filter_and_take_away(ordered.visit, ordered.database)


@ON_A_DESKTOP
def test_a_ticked_company_is_worked_on(ordered: Ordered) -> None:
    _work_on_a_ticked_company(ordered.visit, ordered.database)


@ON_A_DESKTOP
def test_ticked_companies_are_looked_up_again_once_the_plan_is_seen(ordered: Ordered) -> None:
    _plan_to_look_up_again(ordered.visit, ordered.database)


def test_leads_are_found_by_what_was_done_with_them(ordered: Ordered) -> None:
    _filter_by_what_was_done(ordered.visit, ordered.database)


def test_a_lead_explains_itself_beside_the_table_and_on_the_map(ordered: Ordered) -> None:
    ordered.visit.page.goto(ordered.results)
    _explain_one_lead(ordered.visit)
    _see_the_map(ordered.visit)
    assert len(ordered.streets.requests) == len(set(ordered.streets.requests)) > 0


def test_a_campaign_is_run_again_and_deleted(ordered: Ordered) -> None:
    _run_again_and_delete(ordered.visit, ordered.database)


def test_all_that_match_are_erased_once_their_number_is_typed(ordered: Ordered) -> None:
    _erase_all_that_match(ordered.visit, ordered.database)


def test_a_person_looks_at_the_jobs_wants_fewer_mails_and_signs_out(ordered: Ordered) -> None:
    _look_at_the_jobs(ordered.visit)
    _want_fewer_mails(ordered.visit, ordered.database)
    _sign_out(ordered.visit)


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
    page.goto("/new_campaign")
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
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.get_by_text("Showing 25 of 25")).to_be_visible()
    _table_gives_nothing_away(visit)
    page.keyboard.press("?")
    expect(page.locator("li", has_text="next lead")).to_be_visible()
    page.keyboard.press("Escape")
    visit.picture("05-results")
    assert _downloaded(visit) == _leads(database, "true")

    page.get_by_text("Filters", exact=True).click()
    expect(page.locator(".st-key-since [role=group]")).to_be_visible()
    assert page.locator(".st-key-since div").evaluate_all(_CUT_OFF) == []
    page.get_by_role("button", name="Phone").click()
    chosen = _leads(database, "phone is not null")
    expect(page.get_by_text(f"Showing {len(chosen)} of 25")).to_be_visible()
    expect(page).to_have_url(re.compile("has=Phone"))
    visit.picture("06-filtered")
    page.reload()
    expect(page.get_by_text(f"Showing {len(chosen)} of 25")).to_be_visible()
    assert 0 < len(chosen) < 25
    assert _downloaded(visit) == chosen


_CUT_OFF = "all => all.filter(e => e.clientWidth > 1 && e.scrollWidth > e.clientWidth).map(e => e.outerHTML)"


def _tick_the_first(page: Page) -> Locator:
    """Of the book, and open what can be done with it; returns the button that does."""
    page.goto("/leads")
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    expect(page.get_by_text("25 in the book match")).to_be_visible()
    box = Position(x=17, y=52)
    table.hover(position=box)
    table.click(position=box, force=True)
    page.get_by_role("button", name="Change …").click()
    change = page.get_by_role("button", name="Change 1 company")
    expect(change).to_be_visible()
    return change


def _work_on_a_ticked_company(visit: Visit, database: str) -> None:
    page = visit.page
    change = _tick_the_first(page)
    page.get_by_role("combobox", name="Status").last.click()
    page.get_by_role("option", name="Won").click()
    change.click()
    expect(page.get_by_text("1 company changed.")).to_be_visible()
    worked_on = "select count(*) from companies where status = 'won'"
    assert rows(database, worked_on) == [(1,)]
    # A click beside a list that is open may only close it.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 company is as before.")).to_be_visible()
    assert rows(database, worked_on) == [(0,)]


def _plan_to_look_up_again(visit: Visit, database: str) -> None:
    page = visit.page
    page.goto("/leads")
    expect(page.get_by_text("25 in the book match")).to_be_visible()
    box = Position(x=17, y=52)
    page.get_by_test_id("stDataFrame").hover(position=box)
    page.get_by_test_id("stDataFrame").click(position=box, force=True)
    page.get_by_role("button", name="Change …").click()
    expect(page.get_by_role("button", name="Change 1 company")).to_be_visible()
    page.get_by_role("button", name="Look up again …").click()
    expect(page).to_have_url(re.compile(r"/new_campaign\?.*known=refresh"))
    expect(page.get_by_text("Look up again: 1 company")).to_be_visible()
    expect(page.get_by_role("radio", name="Look them up anew")).to_be_checked()
    expect(page.get_by_text("Answers we hold are bought anew.")).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("1")
    assert rows(database, "select count(*) from campaigns") == [(1,)]
    assert rows(database, "select state from lists") == [("checked",)]


def _filter_by_what_was_done(visit: Visit, database: str) -> None:
    """One is on the suppression list, the files of Results held every lead."""
    page = visit.page
    _tick_the_first(page)
    page.get_by_role("button", name="Put on the suppression list …").click()
    page.get_by_role("textbox", name="Reason").fill("Asked us")
    page.get_by_role("button", name="Put 1 company on it").click()
    keep = page.get_by_role("button", name="Keep", exact=True)
    keep.click()
    expect(keep).to_have_count(0)
    page.get_by_text("Filters", exact=True).click()
    mobile = "select count(*) from leads where is_current and phone_is_mobile"
    ((count,),) = rows(database, mobile)
    page.get_by_role("button", name="Mobile number").click()
    expect(page.get_by_text(f"{count} in the book match")).to_be_visible()
    expect(page).to_have_url(re.compile("has=Mobile\\+number"))
    page.get_by_role("button", name="Mobile number").click()
    expect(page.get_by_text("25 in the book match")).to_be_visible()
    # Others of its name in this town are meant as well.
    ((meant,),) = rows(database, "select count(distinct company_id) from suppressed_companies")
    for label, chosen, found in (("Exported", "In a file", 25), ("Suppression list", "On it", meant)):
        _choose(page, label, chosen)
        expect(page.get_by_text(re.compile(f"^{found} in the book match"))).to_be_visible()
    expect(page).to_have_url(re.compile("exported=In\\+a\\+file&suppressed=On\\+it"))
    visit.picture("06-done")
    open_first_lead(page)
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("On the suppression list")).to_be_visible()
    expect(panel.get_by_text("Last in a file:")).to_be_visible()
    visit.picture("06-done-lead")


def _choose(page: Page, label: str, chosen: str) -> None:
    """A list is closed by what the page does meanwhile, such as scrolling and counting; then it is opened again."""
    box, option = (
        page.get_by_role("combobox", name=label, exact=True),
        page.get_by_role("option", name=chosen, exact=True),
    )
    for _ in range(5):
        box.click()
        with suppress(TimeoutError, AssertionError):
            option.click(timeout=3_000)
            expect(box).to_have_value(chosen, timeout=3_000)
            return
    expect(box).to_have_value(chosen)


def _table_gives_nothing_away(visit: Visit) -> None:
    """It can be searched, and only our own exports leave the page: they are guarded and written down."""
    visit.page.get_by_test_id("stDataFrame").hover()
    tools = visit.page.get_by_test_id("stElementToolbar")
    buttons = tools.get_by_role("button")
    expect(buttons.filter(visible=True).first).to_be_visible()
    said, cover = visit.page.get_by_text("Showing 25 of 25").bounding_box(), tools.bounding_box()
    assert said
    assert cover
    assert said["x"] + said["width"] <= cover["x"]
    labels = [button.get_attribute("aria-label") or "" for button in buttons.all()]
    assert [label for label in labels if label.startswith("Search")]
    assert not [label for label in labels if label.startswith("Download")]


def _leads(database: str, condition: str) -> list[str]:
    return sorted(str(name) for (name,) in rows(database, f"select name from leads where {condition}"))


def _downloaded(visit: Visit) -> list[str]:
    """The names in the CSV file, which are those in the XLSX file too."""
    text = StringIO(download(visit.page, "CSV").decode("utf-8-sig"))
    names = sorted(row["Name"] for row in csv.DictReader(text))
    sheet = openpyxl.load_workbook(BytesIO(download(visit.page, "XLSX"))).worksheets[0]
    header, *lines = sheet.iter_rows(values_only=True)
    assert sorted(str(line[header.index("Name")]) for line in lines) == names
    return names


def _explain_one_lead(visit: Visit) -> None:
    card = open_first_lead(visit.page)
    expect(card.get_by_text(re.compile(r"\d+ of \d+")).first).to_be_visible()
    expect(card.get_by_text("OpenStreetMap").first).to_be_visible()
    visit.picture("07-lead")
    visit.page.keyboard.press("j")
    panel = visit.page.get_by_role("dialog")
    expect(panel.get_by_text(re.compile(r"^2 of \d+ on this page"))).to_be_visible()
    if not visit.is_phone:
        # The list stays in use beside the panel, and shows which row is open.
        visit.page.get_by_test_id("stDataFrame").click(position=FIRST_ROW)
        expect(panel.get_by_text(re.compile(r"^1 of \d+ on this page"))).to_be_visible()
    visit.page.reload()
    expect(card.get_by_text("How the confidence came about")).to_be_visible()
    _close_the_lead(visit)


def _map_of(server: Wire) -> dict[str, str]:
    return {"MAP_TILES_URL": f"{server.url}/{{z}}/{{x}}/{{y}}.png", "OPERATOR_CONTACT": "mail@example.com"}


def _see_the_map(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("radio", name="Map").or_(page.get_by_role("button", name="Map")).first.click()
    streets, leads = page.locator(".map .streets img"), page.locator(".map .leads button")
    expect(leads.first).to_be_attached()
    expect(page.get_by_text("OpenStreetMap contributors").first).to_be_visible()
    expect(streets.first).to_be_visible()
    page.wait_for_function(_ALL_STREETS)
    visit.picture("08-map")
    lead = page.locator(".map .lead").filter(visible=True).first
    lead.hover()
    expect(page.locator(".map .said")).to_be_visible()
    # Another may lie above its middle; the keys reach every one.
    lead.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("How the confidence came about")).to_be_visible()
    _close_the_lead(visit)
    _draw_an_area(visit)


_ALL_STREETS = """() => {
    const map = [...document.querySelectorAll("*")].find((each) => each.shadowRoot?.querySelector(".map"));
    const tiles = [...map.shadowRoot.querySelectorAll(".streets img")];
    return tiles.length > 0 && tiles.every((each) => each.complete && each.naturalWidth > 0);
}"""


def _draw_an_area(visit: Visit) -> None:
    """Around all that is in view, a little at a time, and back."""
    page = visit.page
    page.get_by_role("button", name="Draw an area").click()
    page.locator(".map").scroll_into_view_if_needed()
    box = page.locator(".map").bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] - 8, steps=3)
    page.mouse.up()
    leave = page.get_by_role("button", name="Only within the drawn area")
    expect(leave).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]box=24\.[0-9]+%2C60\."))
    leave.click()
    expect(leave).to_have_count(0)


def _close_the_lead(visit: Visit) -> None:
    # Its key works once the button is there, whose code comes by itself.
    expect(visit.page.get_by_role("dialog").get_by_role("button", name="Close")).to_be_visible()
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
    expect(page.get_by_text("2 campaigns of 1 order", exact=True)).to_be_visible()
    page.get_by_role("button", name="Delete").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("gone for good")).to_be_visible()
    visit.picture("10-delete")
    dialog.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("1 campaign", exact=True)).to_be_visible()
    assert rows(database, "select count(distinct campaign_id) from leads") == [(1,)]


def _erase_all_that_match(visit: Visit, database: str) -> None:
    page = visit.page
    page.goto("/leads?kind=Independent")
    page.get_by_role("button", name="Change …").click()
    page.get_by_role("button", name="Erase …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("There is no undo.")).to_be_visible()
    # Were the popover still open, the first click would close it: a run of the page that cuts off what the click began.
    assert page.get_by_test_id("stPopoverBody").count() == 0
    visit.picture("10-erase")
    field = dialog.get_by_role("textbox")
    field.fill(re.findall(r"\d+", dialog.get_by_text(re.compile("^Type ")).inner_text())[0])
    field.press("Tab")
    dialog.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Erased.")).to_be_visible()
    placed = "chain is null and coalesce(city, postcode) is not null"
    assert rows(database, f"select count(*) from leads where {placed}") == [(0,)]


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
