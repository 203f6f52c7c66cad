"""The live picture of one campaign: its stages, its figures, its story so far."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pipeline.campaign import CampaignStatus, Stage
from services.campaigns import CampaignView
from services.history import EventView
from services.watching import Watched
from ui import campaign_cost, charts, protocol
from ui.format import ago, average, counted, duration, money, number
from ui.text import plain
from ui.viewer_time import local, zone_name

_KEPT, _KEPT_S = 100, 60


def panel(watched: Watched) -> None:
    """Draw a campaign that has ended."""
    _course(watched)
    _story(watched)


def live(watched: Watched) -> None:
    """Draw everything that moves while a campaign runs."""
    _course(watched)
    _known_story(str(watched.campaign.id), watched.state, zone_name(), watched)


@st.cache_resource(max_entries=_KEPT, ttl=_KEPT_S, show_spinner=False)
def _known_story(campaign: str, state: str, zone: str, _watched: Watched) -> None:
    """Drawn once for all pages that show the campaign in this state, in one time zone."""
    _story(_watched)


def _course(watched: Watched) -> None:
    """How far it is."""
    _stages(watched)
    st.progress(watched.campaign.progress / 100, text=_bar_text(watched.campaign))


def _story(watched: Watched) -> None:
    """What came of it so far."""
    _figures(watched.campaign)
    events = watched.events()
    chart, log = st.columns([1.4, 1], gap="medium")
    with chart, st.container(border=True, key="pp-card-chart", height="stretch"):
        _chart(events)
    with log, st.container(border=True, key="pp-card-log", height="stretch"):
        st.header("What happened", anchor=False)
        _log(events)
    campaign_cost.cost(watched)


def _chart(events: Sequence[EventView]) -> None:
    st.header("Progress and cost", anchor=False)
    latest = latest_run(events)
    if len(latest) > 1:
        st.plotly_chart(
            charts.progress_and_cost(latest),
            config=charts.CONFIG,
            key="progress_chart",
            alt="Progress in percent and cost in US dollars over time",
        )
    else:
        st.caption("The chart starts with the first step.")
    if len(latest) < len(events):
        before = money(latest[0].spent_micros)
        st.caption(plain(f"Since the campaign was continued; {before} had been spent before."))


def latest_run(events: Sequence[EventView]) -> Sequence[EventView]:
    """The events since the campaign was last continued: only then does its progress begin anew."""
    starts = [at for at in range(1, len(events)) if events[at].progress < events[at - 1].progress]
    return events[starts[-1] :] if starts else events


def _stages(watched: Watched) -> None:
    """The stages; only our own words go into this markup. It holds what the page shows, so that nothing is drawn
    anew until there is news of it."""
    campaign = watched.campaign
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
    shown = "" if campaign.status.is_final else protocol.watching(campaign.id, watched.state)
    st.html(f'<ol class="pp-steps" aria-label="Stages"{shown}>{"".join(items)}</ol>')


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
            parts.append(f"ended {ago(local(campaign.ended_at))}")
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
        is_single = campaign.avg_confidence is not None and campaign.avg_reach is None
        sure = "Average score" if is_single else "Average confidence"
        st.metric(sure, average(campaign.avg_confidence), border=True)
        if not is_single:
            st.metric("Average reach", average(campaign.avg_reach), border=True)
        if campaign.spec.waterfall:
            st.metric("Verified e-mails", number(campaign.emails_verified), border=True)


def _log(events: Sequence[EventView]) -> None:
    told = [event for event in events if event.message]
    if not told:
        st.caption("Nothing yet. The first line appears when a worker begins.")
        return
    lines = "".join(
        f"<p><span>{local(event.at):%H:%M:%S}</span> {escape(event.message or '')}</p>"
        for event in reversed(told)
    )
    # Markup of our own, as a box of Streamlit's that scrolls cannot be reached with the keyboard.
    st.html(f'<div class="pp-log" role="log" aria-label="What happened" tabindex="0">{lines}</div>')
    st.caption(f"{counted(len(told), 'entry', 'entries')}, newest first. Times in {zone_name()}.")
