"""Making a link for a client: a popover beside the list that it shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

import streamlit as st

from services import client_links
from services.campaigns import CampaignView
from services.client_links import MAX_NAME, MOST_DAYS, USUAL_DAYS, Wish
from services.errors import Refused
from services.identity import Person
from services.lead_filter import LeadFilter
from services.permissions import Right, may
from ui import once, refused, session, view_address
from ui.lead_list import LeadList
from ui.viewer_time import today

_MADE, _WRONG = "client_link_made", "client_link_errors"
_NAME, _DAYS, _PASSWORD = "client_link_name", "client_link_days", "client_link_password"
_CONTACTS, _DOWNLOAD, _TITLE = "client_link_contacts", "client_link_download", "client_link_title"
_ALL = "Leads"


def of_campaign(person: Person, campaign: CampaignView) -> None:
    """Share all leads of a campaign."""

    def make(asking: Person, wish: Wish) -> UUID:
        return client_links.make_for_campaign(asking, campaign.id, wish)

    _popover(
        person, f"campaign-{campaign.id.hex}", make, "All leads of this campaign, whatever is filtered here."
    )


def of_book(of: LeadList, chosen: LeadFilter) -> None:
    """Share the companies that are shown."""
    view = view_address.opened(of.views)

    def make(asking: Person, wish: Wish) -> UUID:
        title = st.session_state[_TITLE]
        return client_links.make_for_view(asking, chosen, today(), title, wish)

    said = "The companies that these filters show now. What is found later is not added."
    _popover(of.person, "book", make, said, view.name if view else _ALL)


def _popover(
    person: Person, subject: str, make: Callable[[Person, Wish], UUID], said: str, title: str = ""
) -> None:
    if person.guest_until is not None or not may(person, Right.EXPORT_LEADS):
        return
    with st.popover("Share", key="share", icon=":material/share:"):
        st.caption(f"A page for a client, without an account and to read only. {said}")
        of, link = st.session_state.get(_MADE, ("", ""))
        if of == subject:
            st.success("This is the link. It is listed under Client links, where it can be closed.")
            st.code(link, language=None, wrap_lines=True)
        with st.form("client_link", border=False):
            _fields(title)
            st.form_submit_button("Make the link", type="primary", on_click=partial(_make, subject, make))
        refused.below(st.session_state.pop(_WRONG, {}))


def _fields(title: str) -> None:
    wrong = st.session_state.get(_WRONG, {})
    st.text_input("For whom", key=_NAME, max_chars=MAX_NAME, placeholder="Shown to your team alone")
    refused.below(wrong, "name")
    if title:
        st.text_input("Title of the page", title, key=_TITLE, max_chars=MAX_NAME)
        refused.below(wrong, "title")
    st.number_input("Days it is open", 1, MOST_DAYS, USUAL_DAYS, key=_DAYS)
    st.text_input("Password, if it is to ask for one", key=_PASSWORD, type="password", autocomplete="off")
    refused.below(wrong, "password")
    st.checkbox("Show e-mail addresses and phone numbers in full", key=_CONTACTS)
    st.checkbox("Let them download what the page shows (CSV)", key=_DOWNLOAD)


def _make(subject: str, make: Callable[[Person, Wish], UUID]) -> None:
    """A callback: what was typed is kept when it is refused."""
    state = st.session_state
    wish = Wish(
        name=state[_NAME],
        days=int(state[_DAYS]),
        password=state[_PASSWORD],
        shows_contacts=state[_CONTACTS],
        allows_download=state[_DOWNLOAD],
    )
    state.pop(_MADE, None)
    whole = (subject, wish, wish.password, state.get(_TITLE), st.query_params.to_dict())
    try:
        link_id = once.once(whole, lambda: make(session.require_person(), wish))
        state[_MADE] = (subject, client_links.address(link_id))
        state[_NAME] = state[_PASSWORD] = ""
    except Refused as error:
        state[_WRONG] = refused.sentences(error)
