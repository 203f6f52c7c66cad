"""Where every page is, how the menu groups them, and how one page opens another."""

from __future__ import annotations

from typing import Literal, NoReturn
from uuid import UUID

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.pages_manager import PagesManager

from services import about, billing, providers
from services.identity import Person
from services.permissions import Right, may
from ui import cards, keyboard, logo, session, workspace_menu
from ui.format import day
from ui.text import plain
from ui.viewer_time import local

Visibility = Literal["visible", "hidden"]

HOME = "pages/home.py"
NEW_CAMPAIGN = "pages/new_campaign.py"
CAMPAIGNS = "pages/campaigns.py"
CAMPAIGNS_PATH = "/campaigns"
BULK_ORDERS = "pages/bulk_orders.py"
BULK_ORDERS_PATH = "/bulk_orders"
NEW_BULK_ORDER = "pages/new_bulk_order.py"
LEADS = "pages/leads.py"
CALL_LIST = "pages/call_list.py"
PROGRESS = "pages/progress.py"
RESULTS = "pages/results.py"
COMPARE = "pages/compare.py"
SCHEDULES = "pages/schedules.py"
JOBS = "pages/admin_jobs.py"
SPEND = "pages/spend.py"
ACCOUNT = "pages/account.py"
TEAM = "pages/team.py"
ACTIVITY = "pages/activity.py"
_ABOUT_ONE = ("progress", "results", "compare")
"""The pages about one campaign, by their place in the address."""
SETTINGS = "pages/settings.py"
PROVIDERS = "pages/admin_providers.py"
PLACES = "pages/admin_places.py"
KEYS = "pages/api_keys.py"
CRM = "pages/crm.py"
WEBHOOKS = "pages/webhooks.py"
BILLING = "pages/billing.py"
CLIENT_LINKS = "pages/client_links.py"
SUPPRESSIONS = "pages/suppressions.py"
LISTS = "pages/lists.py"
PRIVACY = "pages/privacy.py"
USERS = "pages/admin_users.py"
AUDIT = "pages/admin_audit.py"
DUTIES = "pages/admin_duties.py"
HEALTH = "pages/admin_health.py"


def take_over_pages() -> None:
    """Stop Streamlit from serving files of ``pages/`` under its own menu until our menu was drawn once.

    Streamlit offers no setting for it; should the attribute go away, the guards in the pages still hold.
    """
    PagesManager.uses_pages_directory = False


def run() -> None:
    """Draw the menu for whoever is looking and run the page they are on."""
    person = session.current_person()
    st.logo(logo.MARK, size="large")
    page = st.navigation(_pages(person), position="sidebar" if person else "hidden", expanded=True)
    if person is not None:
        _account(person)
        if workspace_menu.has_left() and page.url_path in _ABOUT_ONE:
            st.switch_page(CAMPAIGNS)
    if providers.is_demonstration():
        st.warning(
            "Simulated contacts: this is a demonstration. Its providers are a stand-in; nothing here is real."
        )
    if person is not None:
        _alarms(person)
    page.run()


def _alarms(person: Person) -> None:
    """What stops look-ups for everybody, where an administrator sees it whatever they came for."""
    for message in providers.alarms(person):
        st.error(plain(f"{message} Campaigns go on without it until that is mended; see Admin, Providers."))


def open_progress(campaign_id: UUID) -> NoReturn:
    """Leave this page for the progress of a campaign."""
    st.switch_page(PROGRESS, query_params={"campaign": str(campaign_id)})


def open_results(campaign_id: UUID) -> NoReturn:
    """Leave this page for the leads of a campaign."""
    st.switch_page(RESULTS, query_params={"campaign": str(campaign_id)})


def open_bulk_order(bulk_id: UUID) -> NoReturn:
    """Leave this page for a bulk order."""
    st.switch_page(BULK_ORDERS, query_params={"bulk": str(bulk_id)})


def mark_in_menu(path: str) -> None:
    """Have the menu show the page at this path as where one is: pages below it are not in the menu."""
    st.html(
        f'<style>[data-testid="stSidebarNavLink"][href$="{path}"]'
        " { background: var(--pp-here); font-weight: 600; }</style>"
    )


def open_comparison(campaign_id: UUID, other_id: UUID | None = None) -> NoReturn:
    """Leave this page for two runs beside each other, or for the choice of the other one."""
    other = {"with": str(other_id)} if other_id else {}
    st.switch_page(COMPARE, query_params={"campaign": str(campaign_id), **other})


def open_schedules(campaign_id: UUID) -> NoReturn:
    """Leave this page for having the order of a campaign placed again and again."""
    st.switch_page(SCHEDULES, query_params={"campaign": str(campaign_id)})


def _pages(person: Person | None) -> dict[str, list[Page]]:
    account: Visibility = "hidden" if person is not None and person.guest_until else "visible"
    return {
        "Prospecting": [
            st.Page(HOME, title="Home", default=True),
            st.Page(NEW_CAMPAIGN, title="New campaign"),
            st.Page(CAMPAIGNS, title="Campaigns"),
            st.Page(SCHEDULES, title="Schedules", visibility=account),
            st.Page(BULK_ORDERS, title="Bulk orders"),
            st.Page(LEADS, title="Leads"),
            st.Page(CALL_LIST, title="Call list"),
            *_below(),
        ],
        "Workspace": [
            st.Page(ACTIVITY, title="Activity", visibility=account),
            st.Page(TEAM, title="Team", visibility=account),
            st.Page(SPEND, title="Spend", visibility=account),
            *_billing(account),
            st.Page(LISTS, title="Lists", visibility=_shown(person, Right.KEEP_LISTS)),
            st.Page(CLIENT_LINKS, title="Client links", visibility=_sharing(person)),
            st.Page(SUPPRESSIONS, title="Suppression list"),
            st.Page(PRIVACY, title="Privacy", visibility=_shown(person, Right.ERASE)),
            st.Page(CRM, title="CRM", visibility=_shown(person, Right.HAND_OFF)),
            st.Page(WEBHOOKS, title="Webhooks", visibility=_shown(person, Right.MANAGE_WEBHOOKS)),
        ],
        "Account": [
            st.Page(ACCOUNT, title="My account", visibility=account),
            st.Page(SETTINGS, title="Settings", visibility=account),
            st.Page(KEYS, title="API keys", visibility=account),
        ],
        "Admin": _admin(person),
    }


def _below() -> list[Page]:
    """Those that others open, and no menu."""
    return [
        st.Page(NEW_BULK_ORDER, title="New bulk order", visibility="hidden"),
        st.Page(PROGRESS, title="Progress", visibility="hidden"),
        st.Page(RESULTS, title="Results", visibility="hidden"),
        st.Page(COMPARE, title="Compare", visibility="hidden"),
    ]


def _admin(person: Person | None) -> list[Page]:
    """For those who run the installation."""
    return [
        st.Page(HEALTH, title="Health", visibility=_shown(person, Right.SEE_HEALTH)),
        st.Page(JOBS, title="Jobs", visibility=_shown(person, Right.SEE_ALL_JOBS)),
        st.Page(DUTIES, title="Duties", visibility=_shown(person, Right.SEE_HEALTH)),
        st.Page(PROVIDERS, title="Providers", visibility=_shown(person, Right.SEE_PROVIDERS)),
        st.Page(PLACES, title="Places", visibility=_shown(person, Right.SEE_PLACES)),
        st.Page(USERS, title="Users", visibility=_shown(person, Right.MANAGE_USERS)),
        st.Page(AUDIT, title="Audit", visibility=_shown(person, Right.SEE_AUDIT)),
    ]


def _billing(account: Visibility) -> list[Page]:
    """Only where plans are sold."""
    return [st.Page(BILLING, title="Billing", visibility=account)] if billing.is_on() else []


def _sharing(person: Person | None) -> Visibility:
    is_guest = person is not None and person.guest_until is not None
    return "hidden" if is_guest else _shown(person, Right.EXPORT_LEADS)


def _shown(person: Person | None, right: Right) -> Visibility:
    return "visible" if person is not None and may(person, right) else "hidden"


def _account(person: Person) -> None:
    with st.sidebar.container(key="pp-account"):
        if person.guest_until is None:
            workspace_menu.draw(person)
            st.text(person.email)
        else:
            st.text(f"Guest until {day(local(person.guest_until))}, then all of this is removed.")
            cards.own_page_link("Sign up", "/sign-up", CAMPAIGNS_PATH)
        # A plain form: signing out ends the session and takes the cookie away in one real navigation.
        st.html(
            '<form class="pp-account" method="post" action="/sign-out"><button>Sign out</button></form>'
            f'<p class="pp-version">Version {about.version()}</p>',
        )
        keyboard.draw()
