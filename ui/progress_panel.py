"""The live picture of one campaign: its stages, its figures, its story so far."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pipeline.campaign import CampaignStatus, Stage
from services.campaigns import CampaignView, EventView
from ui import charts
from ui.format import ago, confidence, counted, duration, money, number
from ui.text import plain


def panel(campaign: CampaignView, events: Sequence[EventView]) -> None:
    """Draw everything that moves while a campaign runs."""
    _stages(campaign)
    st.progress(campaign.progress / 100, text=_bar_text(campaign))
    _figures(campaign)
    chart, log = st.columns([1.4, 1], gap="medium")
    with chart, st.container(border=True, key="pp-card-chart", height="stretch"):
        st.subheader("Progress and cost", anchor=False)
        if len(events) > 1:
            st.plotly_chart(
                charts.progress_and_cost(events),
                config=charts.CONFIG,
                key="progress_chart",
                alt="Progress in percent and cost in US dollars over time",
            )
        else:
            st.caption("The chart starts with the first step.")
    with log, st.container(border=True, key="pp-card-log", height="stretch"):
        st.subheader("What happened", anchor=False)
        _log(events)


def _stages(campaign: CampaignView) -> None:
    """The stages; only our own words go into this markup."""
    stages = list(Stage)
    here = stages.index(campaign.stage)
    done = campaign.status is CampaignStatus.COMPLETED
    items = []
    for place, stage in enumerate(stages):
        css = "done" if done or place < here else ""
        if place == here and not done:
            css = "halt" if campaign.status.is_final else "now"
        start, end = stage.percent
        items.append(f'<li class="{css}">{stage.label}<small>{start}–{end} %</small></li>')
    st.html(f'<ol class="pp-steps" aria-label="Stages">{"".join(items)}</ol>')


def _bar_text(campaign: CampaignView) -> str:
    if campaign.status is CampaignStatus.PENDING:
        place = campaign.place_in_line
        line = "Next in line" if place in (None, 0, 1) else f"Number {place} in line"
        return f"{line} · waiting for {duration(campaign.elapsed_s)}"
    parts = [f"{campaign.progress} %", f"{duration(campaign.elapsed_s)} so far"]
    if campaign.status.is_final:
        took = duration(campaign.elapsed_s) if campaign.elapsed_s else "under 1 s"
        parts = [f"{campaign.progress} %", f"took {took}"]
        if campaign.ended_at is not None:
            parts.append(f"ended {ago(campaign.ended_at)}")
    elif campaign.remaining_s is not None:
        parts.append(f"about {duration(campaign.remaining_s)} left")
    where = "Done" if campaign.status is CampaignStatus.COMPLETED else campaign.stage.label
    return " · ".join([where, *parts])


def _figures(campaign: CampaignView) -> None:
    with st.container(horizontal=True, key="pp-figures-live"):
        st.metric("Businesses found", number(campaign.businesses_found), border=True)
        st.metric("Qualified leads", number(campaign.qualified_leads), border=True)
        st.metric("Leads enriched", number(campaign.leads_enriched), border=True)
        st.metric("Total cost", money(campaign.spent_micros), border=True)
        st.metric("Average confidence", confidence(campaign.avg_confidence), border=True)
        if campaign.spec.waterfall:
            st.metric("Verified e-mails", number(campaign.emails_verified), border=True)


def _log(events: Sequence[EventView]) -> None:
    told = [event for event in events if event.message]
    if not told:
        st.caption("Nothing yet. The first line appears when a worker begins.")
        return
    with st.container(height=240, border=False):
        for event in reversed(told):
            st.markdown(f":gray[{event.at:%H:%M:%S}] {plain(event.message)}")
    st.caption(f"{counted(len(told), 'entry', 'entries')}, newest first. Times are UTC.")
