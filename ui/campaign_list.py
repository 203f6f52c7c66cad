"""A workspace's campaigns as cards that fit a phone, one an order, and what can be done with each."""

from __future__ import annotations

from typing import Literal
from uuid import UUID, uuid4

import streamlit as st

from services import book, campaigns
from services.campaign_orders import OrderView
from services.campaigns import CampaignView
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from ui import campaign_tags, cards, draft_address, navigation, order_runs, order_words, session
from ui.format import ago, averages, counted, money
from ui.text import plain, someone
from ui.viewer_time import local
from ui.words import STATUS, WORTH_A_LOOK

_REFUSED, _ASKED = "campaigns_refused", "campaigns_asked"


def card(person: Person, order: OrderView) -> None:
    """Draw one order by its newest run, with the runs before."""
    campaign = order.head
    words, colour = STATUS[campaign.status]
    with st.container(border=True, key=f"pp-card-row-{campaign.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(campaign.title)}**", width="content")
            st.badge(words, color=colour)
            if campaign.suspicion:
                st.badge(WORTH_A_LOOK[0], color=WORTH_A_LOOK[1])
            cards.labels(campaign.tags)
        st.caption(_figures(campaign) + _whose(person, campaign))
        st.caption(plain(order_words.in_a_line(campaign)))
        order_runs.difference(order)
        if not campaign.status.is_final and campaign.status.value != "pending":
            st.progress(campaign.progress / 100)
        with st.container(horizontal=True):
            _actions(person, campaign)
        order_runs.runs(order)


def show_refusal() -> None:
    """Draw why the last action was not carried out, once."""
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.warning(plain(refused))


def _figures(campaign: CampaignView) -> str:
    parts = [counted(campaign.lead_count, "lead"), plain(money(campaign.spent_micros))]
    parts.append(averages(campaign.avg_confidence, campaign.avg_reach))
    return " · ".join(part for part in (*parts, ago(local(campaign.created_at))) if part)


def _whose(person: Person, campaign: CampaignView) -> str:
    """Whose order it was, of a colleague's."""
    if campaign.created_by == person.id:
        return ""
    return f" · ordered by {someone(campaign.ordered_by or 'somebody who has left')}"


def _actions(person: Person, campaign: CampaignView) -> None:
    has_leads = campaign.status.is_final and campaign.lead_count > 0
    if st.button("See leads" if has_leads else "Open", key=f"open-{campaign.id}"):
        navigation.open_results(campaign.id) if has_leads else navigation.open_progress(campaign.id)
    if campaign.status.is_final and may(person, Right.RUN_CAMPAIGNS):
        if st.button("Run again", key=f"again-{campaign.id}", type="tertiary"):
            ask("again", campaign.id)
        if st.button(
            "Edit", help="Change the order and run it again", key=f"edit-{campaign.id}", type="tertiary"
        ):
            st.switch_page(navigation.NEW_CAMPAIGN, query_params=draft_address.query_of(campaign.spec))
    if may(person, Right.RUN_CAMPAIGNS) and st.button("Tags", key=f"tags-{campaign.id}", type="tertiary"):
        ask("tags", campaign.id)
    can_delete = campaign.status.is_final and may(person, Right.DELETE_CAMPAIGNS)
    if can_delete and st.button("Delete", key=f"delete-{campaign.id}", type="tertiary"):
        ask("delete", campaign.id)


def ask(what: Literal["again", "delete", "tags"], campaign_id: UUID) -> None:
    """Have the page ask; the list is drawn anew every few seconds, which would take a question of its own away."""
    st.session_state[_ASKED] = (what, campaign_id, str(uuid4()))
    st.rerun()


def question(person: Person) -> None:
    """Draw the question that is open, if one is: what costs money or takes something away is asked about first."""
    what, campaign_id, wish = st.session_state.get(_ASKED, (None, None, ""))
    if what is None:
        return
    try:
        campaign = campaigns.get(person, campaign_id)
    except Refused:
        _answered()
        return
    if what == "again":
        _confirm_again(campaign, wish)
    else:
        {"delete": _confirm_delete, "tags": _tags}[what](campaign)


def _answered() -> None:
    st.session_state.pop(_ASKED, None)


@st.dialog("Run this campaign again?", on_dismiss=_answered)
def _confirm_again(campaign: CampaignView, wish: str) -> None:
    st.markdown(f"**{plain(campaign.spec.title)}**")
    st.markdown(plain(order_words.in_a_line(campaign)))
    most = money(campaign.spec.budget_micros)
    st.markdown(
        plain(f"It may spend up to {most} again." if campaign.spec.budget_micros else "It costs nothing.")
    )
    with st.container(horizontal=True):
        if st.button("Yes, run it again", type="primary", key="again_yes"):
            _run_again(campaign.id, wish)
        if st.button("Not now", key="again_no"):
            _answered()
            st.rerun()


def _run_again(campaign_id: UUID, wish: str) -> None:
    """However often it is clicked, what was asked once is one wish."""
    try:
        again = campaigns.run_again(session.require_person(), campaign_id, f"again-{wish}")
    except Refused as refused:
        st.session_state[_REFUSED] = str(refused)
        _answered()
        st.rerun()
    _answered()
    navigation.open_progress(again)


@st.dialog("Tags of this campaign", on_dismiss=_answered)
def _tags(campaign: CampaignView) -> None:
    st.markdown(f"**{plain(campaign.title)}**")
    if campaign_tags.editor(session.require_person(), campaign):
        _answered()
        st.rerun()


@st.dialog("Delete this campaign?", on_dismiss=_answered)
def _confirm_delete(campaign: CampaignView) -> None:
    st.markdown(
        f"**{plain(campaign.title)}** with its leads, its history, what providers answered and what was asked will be"
        " gone for good. What it cost stays on Spend, without names. Files you took and backups are not reached."
    )
    if worked_on := book.worked_on_only_in(session.require_person(), campaign.id):
        st.warning(
            f"{counted(worked_on, 'company', 'companies')} you worked on only this campaign found:"
            " notes, status and follow-ups go with it."
        )
    with st.container(horizontal=True):
        if st.button("Yes, delete it", type="primary", key="delete_yes"):
            _answered()
            try:
                campaigns.delete(session.require_person(), campaign.id)
            except Refused as refused:
                st.session_state[_REFUSED] = str(refused)
            st.rerun()
        if st.button("Keep it", key="delete_no"):
            _answered()
            st.rerun()
