"""New campaign: the order on one side, what it would bring on the other."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import CampaignSpec
from services import campaigns
from services.errors import NotFound, Refused
from services.identity import Person
from services.permissions import Right, may
from ui import (
    address,
    campaign_form,
    cards,
    draft,
    draft_address,
    links,
    navigation,
    own_list_card,
    plan_card,
    rights,
    session,
)
from ui.text import plain

_REFUSED = "draft_refused"


def main() -> None:
    """Draw the page."""
    person = session.require_person(draft_address.as_query)
    is_wanted = draft.is_wanted()
    if not is_wanted:
        _come_back(person)
    cards.heading(
        "New campaign", "Tell us whom you want to reach and where. Leads show up as they are found."
    )
    if may(person, Right.RUN_CAMPAIGNS):
        st.page_link(navigation.NEW_BULK_ORDER, label="Many at once? Order them in bulk")
    own, gone = own_list_card.chosen(person)
    if gone:
        placed = draft.placed_of(draft_address.own_list()) if is_wanted else None
        _place(person, placed) if placed else _gone(gone)
        return
    form, side = st.columns([1.7, 1], gap="medium")
    with form:
        spec, errors, notes = campaign_form.fields(own)
    with side, st.container(border=True, key="pp-card-plan"):
        told = plan_card.plan(person, spec, notes, is_begun=not any(map(draft.is_missing, errors)))
        _start_button(told, busy=is_wanted, allowed=rights.offered(person, Right.RUN_CAMPAIGNS))
    if is_wanted:
        _place(person, spec)


def _come_back(person: Person) -> None:
    """A second click on Start that arrives after the first one has opened the progress leaves an entry in the browser's
    history that has this page with the address of the progress. Whoever goes Back to it finds what they ordered."""
    campaign_id, _ = links.two_campaigns()
    if campaign_id is None:
        return
    try:
        ordered = campaigns.get(person, campaign_id).spec
    except NotFound:
        return
    st.query_params.from_dict(draft_address.query_of(ordered))
    address.start_anew()


def _gone(why: str) -> None:
    draft.drop()
    st.warning(plain(why))
    with st.container(horizontal=True):
        if st.button("Upload it again", type="primary", key="to_lists"):
            st.switch_page(navigation.LISTS)
        if st.button("Choose on Leads", key="to_leads"):
            st.switch_page(navigation.LEADS)
        st.button("Look for businesses instead", key="without_list", on_click=own_list_card.drop)


def _start_button(told: str | None, *, busy: bool, allowed: bool) -> None:
    refused = st.session_state.pop(_REFUSED, None)
    if refused and refused != told:
        st.warning(plain(refused))
    st.button(
        "Starting …" if busy else "Start campaign",
        type="primary",
        width="stretch",
        key="start",
        disabled=busy or not allowed,
        on_click=draft.want,
    )


def _place(person: Person, spec: CampaignSpec | None) -> None:
    campaign_form.ask_for_missing(spec is None)
    if spec is None:
        draft.drop()
        st.rerun()
    try:
        campaign_id = campaigns.submit(person, spec, draft.idem_key(spec))
    except Refused as refused:
        st.session_state[_REFUSED] = str(refused)
        draft.drop()
        st.rerun()
    navigation.open_progress(campaign_id)


main()
