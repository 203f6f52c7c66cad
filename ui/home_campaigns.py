"""Campaigns on the Home page: those that run, as they run; those that ended, with what to do; those to run again."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import streamlit as st

from pipeline.campaign import CampaignStatus
from services import home
from services.campaigns import CampaignView
from services.home import Ended, Home, Running, Step
from services.identity import Person
from services.permissions import Right, may
from ui import campaign_list, draft_address, navigation, session
from ui.campaign_cost import or_dash
from ui.format import ago, counted, day, duration, money
from ui.text import plain
from ui.viewer_time import local
from ui.words import STATUS, WORTH_A_LOOK

_LOOK_S = 3.0


def live(running: Running) -> None:
    """Draw what runs, again every few seconds; when one ends or another begins, all of the page."""
    drawn = {campaign.id for campaign in running.campaigns}
    st.fragment(_live, run_every=_LOOK_S)([running], drawn)


def _live(read: list[Running], drawn: Collection[UUID]) -> None:
    # The first time the page has just read it.
    now = read.pop() if read else home.running(session.require_person())
    if {campaign.id for campaign in now.campaigns} != drawn:
        st.rerun()
    if not now.campaigns:
        return
    st.header("Running now", anchor=False)
    for campaign in now.campaigns:
        _running(campaign)
    if now.has_more:
        _to_all("There are more.")


def _running(campaign: CampaignView) -> None:
    with st.container(border=True, key=f"pp-card-row-live-{campaign.id}", gap="xsmall"):
        _title(campaign, navigation.PROGRESS)
        parts = [
            counted(campaign.lead_count, "lead"),
            f"{money(campaign.spent_micros)} of {money(campaign.budget_micros)}",
            f"about {duration(campaign.remaining_s)} left" if campaign.remaining_s else "",
        ]
        st.caption(plain(" · ".join(part for part in parts if part)))
        if campaign.status is not CampaignStatus.PENDING:
            st.progress(campaign.progress / 100)


def ended(view: Home, *, runs_more: bool) -> None:
    """Draw what ended since the last visit, the newest first; ``runs_more``: something else is drawn as running."""
    if not view.ended:
        if not view.running.campaigns and not runs_more:
            _quiet(view)
        return
    st.header("Ended in the last 7 days" if view.is_first else "Ended since your last visit", anchor=False)
    for each in view.ended:
        _ended(each)
    if view.has_more_ended:
        _to_all("More have ended.")


def _quiet(view: Home) -> None:
    with st.container(border=True, key="pp-card-quiet", gap="xsmall"):
        when = "in the last 7 days" if view.is_first else "since your last visit"
        st.markdown(f"No campaign runs, and none has ended {when}.")
        _to_all()


def _ended(each: Ended) -> None:
    campaign = each.campaign
    with st.container(border=True, key=f"pp-card-row-ended-{campaign.id}", gap="xsmall"):
        _title(campaign, navigation.RESULTS if campaign.lead_count else navigation.PROGRESS)
        usable = f", {campaign.emails_verified:,} usable" if campaign.emails_verified else ""
        when = ago(local(campaign.ended_at)) if campaign.ended_at else ""
        figures = f"{counted(campaign.lead_count, 'lead')}{usable} · {money(campaign.spent_micros)} · {when}"
        st.caption(plain(figures))
        if said := campaign.suspicion or campaign.outcome_reason:
            st.markdown(plain(said))
        _step(each)


def _step(each: Ended) -> None:
    campaign, key = each.campaign, f"step-{each.campaign.id}"
    if each.step is Step.CHANGE:
        if st.button("Edit and run again", key=key):
            st.switch_page(navigation.NEW_CAMPAIGN, query_params=draft_address.query_of(campaign.spec))
        return
    if st.button(_step_label(each), key=key):
        if each.step is Step.SEE_LEADS:
            navigation.open_results(campaign.id)
        navigation.open_progress(campaign.id)


def _step_label(each: Ended) -> str:
    if each.step is Step.SEE_LEADS:
        return f"See {counted(each.campaign.lead_count, 'lead')}"
    if each.step is Step.LOOK:
        return "See what happened"
    if each.campaign.lacks_budget:
        return "Add budget …"
    return "Try again …" if each.campaign.status is CampaignStatus.FAILED else "Continue …"


def worth_again(person: Person, view: Home) -> None:
    """Draw which campaigns are worth running again, and why, to those who may."""
    if not (may(person, Right.RUN_CAMPAIGNS) and (view.short or view.old)):
        return
    st.header("Worth running again", anchor=False)
    for campaign in view.short:
        why = (
            f"Its budget of {money(campaign.budget_micros)} ran out {_on(campaign)}, after"
            f" {counted(campaign.lead_count, 'lead')}. With more it goes on where it stopped; nothing is bought twice."
        )
        if _again(campaign, why, "Add budget …"):
            navigation.open_progress(campaign.id)
    for campaign in view.old:
        each = or_dash(campaign.cost_per_usable_lead_micros)
        why = (
            f"{campaign.emails_verified:,} of its {counted(campaign.lead_count, 'lead')} were usable, at {each} each;"
            f" it ended {_on(campaign)}. Businesses have opened, moved and"
            " closed since. What you did about companies stays."
        )
        if _again(campaign, why, "Run again …"):
            campaign_list.ask("again", campaign.id)


def _again(campaign: CampaignView, why: str, label: str) -> bool:
    with st.container(border=True, key=f"pp-card-row-again-{campaign.id}", gap="xsmall"):
        _title(campaign, navigation.RESULTS if campaign.lead_count else navigation.PROGRESS)
        st.markdown(plain(why))
        return st.button(label, key=f"again-{campaign.id}")


def _on(campaign: CampaignView) -> str:
    return f"on {day(local(campaign.ended_at))}" if campaign.ended_at else ""


def _title(campaign: CampaignView, page: str) -> None:
    words, colour = STATUS[campaign.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(page, label=f"**{plain(campaign.title)}**", query_params={"campaign": str(campaign.id)})
        st.badge(words, color=colour)
        if campaign.suspicion:
            st.badge(WORTH_A_LOOK[0], color=WORTH_A_LOOK[1])


def _to_all(said: str = "") -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if said:
            st.caption(said)
        st.page_link(navigation.CAMPAIGNS, label="All campaigns")
