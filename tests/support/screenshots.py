"""Writes the pictures of ``docs/screenshots/``: ``make screenshots``.

They show the businesses that come with ProspectPro, in an installation made for the purpose. Only what the pictures
show is kept: another day or another release of Chromium makes others.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Browser, Page, expect

import settings
from pipeline.campaign import CampaignSpec
from services import campaigns, identity
from services.identity import Person
from tests.support.application import Application, application
from tests.support.browsing import Visit, become_first_admin, chrome, open_first_lead
from tests.support.workers import eventually

FOLDER = settings.PROJECT_ROOT / "docs" / "screenshots"
DESKTOP, PHONE = (1440, 900), (390, 844)
_ORDERS = (("cafe", 40), ("cafe", 60), ("dentist", 30))


@dataclass(frozen=True)
class _Picture:
    """A page, and what is opened on it."""

    name: str
    address: str
    is_dark: bool = False
    is_phone: bool = False
    opens_lead: bool = False


def main() -> None:
    """Start an installation, let it find leads, and take every picture."""
    with tempfile.TemporaryDirectory() as folder, chrome() as browser:
        data_dir = Path(folder) / "installation"
        with application(data_dir) as app:
            desktop = Visit(browser, app.url, DESKTOP)
            become_first_admin(desktop, app.first_admin_link)
            _take(_pictures(_campaigns(app)), desktop, _phone(browser, desktop))
            desktop.context.close()


def _campaigns(app: Application) -> list[UUID]:
    """Campaigns that have ended, in the order of ``_ORDERS``."""
    os.environ.update({**app.connections(), "DATA_DIR": str(app.data_dir)})
    settings.get.cache_clear()
    who = identity.only_one()
    return [_ended(who, wanted, count) for wanted, count in _ORDERS]


def _ended(who: Person, wanted: str, count: int) -> UUID:
    spec = CampaignSpec(business_types=(wanted,), location="Helsinki", max_results=count)
    made = campaigns.submit(who, spec, f"picture-{wanted}-{count}")
    eventually(lambda: campaigns.get(who, made).status.is_final, f"the end of {wanted}")
    return made


def _pictures(made: list[UUID]) -> list[_Picture]:
    first, second, _ = made
    return [
        _Picture("home", "/"),
        _Picture("new-campaign", "/new_campaign?type=cafe&where=Helsinki"),
        _Picture("progress", f"/progress?campaign={second}"),
        _Picture("leads", "/leads"),
        _Picture("company", "/leads", opens_lead=True),
        _Picture("map-dark", f"/results?campaign={second}&view=Map", is_dark=True),
        _Picture("compare", f"/compare?campaign={second}&with={first}"),
        _Picture("results-phone", f"/results?campaign={second}", is_phone=True),
        _Picture("call-list-phone", "/call_list", is_phone=True),
    ]


def _phone(browser: Browser, desktop: Visit) -> Visit:
    """The same person with a telephone."""
    phone = Visit(browser, desktop.url, PHONE)
    phone.context.add_cookies(desktop.context.cookies())  # type: ignore[arg-type]
    return phone


def _take(pictures: list[_Picture], desktop: Visit, phone: Visit) -> None:
    FOLDER.mkdir(exist_ok=True)
    for picture in pictures:
        page = (phone if picture.is_phone else desktop).page
        page.emulate_media(color_scheme="dark" if picture.is_dark else "light")
        page.goto(picture.address)
        _settled(page)
        if picture.opens_lead:
            open_first_lead(page)
            _settled(page)
        if page.locator(".map").count():
            expect(page.locator(".map .lead, .map .cluster").first).to_be_attached()
            page.locator(".map").evaluate("map => map.scrollIntoView({ block: 'end' })")
        page.screenshot(path=FOLDER / f"{picture.name}.png", animations="disabled")


def _settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    main()
