"""A browser as a person uses it: every request, every complaint and every picture is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Position,
    expect,
    sync_playwright,
)

import settings
from tests.support.application import Application
from tests.support.browser import chromium

PICTURES = settings.PROJECT_ROOT / "artifacts" / "screenshots"
EMAIL = "administrator@example.com"
PASSWORD = "a long enough password"
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Below this width the browser says it is a phone's, as the menu closes by itself only on those.
_PHONE_BELOW = 768
_PHONE_AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
# A page looks below its own address for the server before it looks at the root. One that is left by signing out asks
# once more when the next page is slow to come: its session has ended, and the server hung up.
_PROBES = ("/_stcore/health", "/_stcore/host-config")
_EXPECTED = ("404", "401")
_CUT_OFF = "all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"
# Generous: a machine under load is slow, and only a broken page never shows what it should.
WAIT_MS = 60_000
# The table is one drawing: its first row lies below the head.
FIRST_ROW = Position(x=60, y=52)


class Visit:
    """One person's browser on one application, with one tab open."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int]) -> None:
        self.url = url
        self.is_phone = size[0] < _PHONE_BELOW
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            viewport={"width": size[0], "height": size[1]},
            accept_downloads=True,
            user_agent=_PHONE_AGENT if self.is_phone else None,
        )
        self.context.set_default_timeout(WAIT_MS)
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda wrong: self.complaints.append(str(wrong.error)))
        self.context.on("page", self._opened)
        self.page: Page = self.context.new_page()
        self._size = size

    def _opened(self, page: Page) -> None:
        page.on("websocket", lambda channel: self.asked.append(channel.url))

    def _heard(self, message: ConsoleMessage) -> None:
        address = str(message.location.get("url", ""))
        is_probe = address.endswith(_PROBES) and any(status in message.text for status in _EXPECTED)
        if message.type == "error" and not is_probe:
            self.complaints.append(f"{message.text} {address}")

    def other_hosts(self) -> set[str]:
        """Every host but the application's own that the browser asked for anything."""
        addresses = [urlsplit(address) for address in self.asked]
        hosts = {address.netloc for address in addresses if address.scheme not in ("data", "blob")}
        return hosts - {urlsplit(self.url).netloc}

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page, and check what holds for every page."""
        main = self.page.get_by_test_id("stMain")
        width, height = self._size
        if main.count():
            assert main.evaluate("box => box.scrollWidth <= box.clientWidth"), f"{name} is wider than {width}"
            height = max(height, int(main.evaluate("box => box.scrollHeight")))
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, name
        expect(self.page.locator("body")).not_to_contain_text("Traceback")
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        figures = self.page.locator(".stMetric .stMarkdownEllipsis")
        assert figures.evaluate_all(_CUT_OFF) == [], name
        # The page scrolls inside a box, so only a window as high as its content shows all of it.
        self.page.set_viewport_size({"width": width, "height": height})
        path = PICTURES / f"{width}x{self._size[1]}" / f"{name}.png"
        self.page.screenshot(path=path, animations="disabled")
        self.page.set_viewport_size({"width": width, "height": self._size[1]})


@contextmanager
def chrome() -> Iterator[Browser]:
    """The machine's Chromium, headless."""
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def become_first_admin(visit: Visit, link: str) -> None:
    """Create the first account of a new installation by the link it printed, and arrive inside."""
    visit.page.goto("/")
    expect(visit.page.get_by_role("heading", name="Not set up yet")).to_be_visible()
    visit.page.goto(link)
    expect(visit.page.get_by_role("heading", name="Create the first administrator")).to_be_visible()
    visit.picture("01-first-administrator")
    visit.page.get_by_label("E-mail").fill(EMAIL)
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.page.get_by_role("button", name="Create administrator").click()
    expect(visit.page.get_by_role("heading", name="New campaign")).to_be_visible()


def order(page: Page, business_type: str, location: str) -> None:
    """Fill the form of a new campaign up to its plan."""
    types = page.get_by_role("combobox", name="Business types")
    types.fill(business_type)
    types.press("Enter")
    # While its list is open, the rest of the page is out of reach.
    types.press("Escape")
    place = page.get_by_role("combobox", name="Location")
    place.fill(location)
    place.press("Enter")
    expect(page.get_by_text("Matching businesses we know of")).to_be_visible()


def open_first_lead(page: Page) -> Locator:
    """Click the first row of the list of leads as a mouse does that comes from elsewhere; returns the lead's card."""
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    table.scroll_into_view_if_needed()
    # The table takes a click once it has seen the mouse coming.
    table.hover(position=FIRST_ROW)
    toolbar = page.get_by_test_id("stElementToolbar").get_by_role("button").filter(visible=True)
    expect(toolbar.first).to_be_visible()
    table.click(position=FIRST_ROW, force=True)
    card = page.get_by_role("dialog").locator(".st-key-pp-card-lead")
    expect(card.get_by_text("How the confidence came about")).to_be_visible()
    return card


def download(page: Page, kind: str) -> bytes:
    """The file that a page of leads gives in this format."""
    page.get_by_role("button", name="Download", exact=False).first.click()
    page.get_by_role("combobox", name="As").click()
    page.get_by_role("option", name=kind, exact=True).click()
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile(f"Download {kind} ")).click()
    page.keyboard.press("Escape")
    return taken.value.path().read_bytes()


def complaints_in(app: Application) -> list[str]:
    """Log files of the application that hold a stack trace."""
    return [log.name for log in Path(app.data_dir, "logs").glob("*.log") if "Traceback" in log.read_text()]
