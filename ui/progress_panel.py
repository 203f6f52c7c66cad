"""The live picture of one campaign: its stages, its figures, its story so far.

It is drawn each second for everybody who watches, and each element of Streamlit costs more than what it says. So there
are few: one for what changes all the time, one for the log, which somebody may be reading, and the charts. The style
sheet puts them side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pipeline.campaign import CampaignStatus, Stage
from services.campaigns import CampaignView
from services.history import EventView
from services.watching import Watched
from ui import campaign_charts, campaign_cost, figures, protocol
from ui.figures import Figure
from ui.format import ago, average, counted, duration, money, number
from ui.viewer_time import local, zone_name

_KEPT = 100


@dataclass(frozen=True, slots=True)
class _Story:
    """What came of a campaign so far, as markup, and which charts there are of it."""

    cards: str
    log: str
    charts: campaign_charts.Which


def panel(watched: Watched) -> None:
    """Draw a campaign that has ended."""
    with st.container():
        _draw(watched, _story(watched))
    campaign_cost.in_full(watched)


def live(watched: Watched) -> None:
    """Draw everything that moves while a campaign runs."""
    _draw(watched, _known_story(f"{watched.campaign.id} {watched.state} {zone_name()}", watched))


def _draw(watched: Watched, story: _Story) -> None:
    """The markup holds what the page shows, so that nothing is drawn anew until there is news of it."""
    campaign = watched.campaign
    shown = "" if campaign.status.is_final else protocol.watching(campaign.id, watched.state)
    course = f"{_stages(campaign)}{_bar(campaign)}{_figures(campaign)}"
    st.html(f'<div class="pp-course"{shown}>{course}</div>{story.cards}')
    st.html(story.log)
    campaign_charts.draw(watched, story.charts)


@st.cache_resource(max_entries=_KEPT, ttl=campaign_charts.KEPT_S, show_spinner=False)
def _known_story(telling: str, _watched: Watched) -> _Story:
    """Told once for all pages that show the campaign in this state, in one time zone."""
    return _story(_watched)


def _story(watched: Watched) -> _Story:
    events, points = watched.events(), watched.points()
    latest = campaign_charts.latest_run(events)
    which = campaign_charts.Which(progress=len(latest) > 1, cost=bool(points))
    cards = _chart_card(events, latest) + campaign_cost.card(watched, has_chart=which.cost)
    return _Story(cards, _log(events), which)


def _chart_card(events: Sequence[EventView], latest: Sequence[EventView]) -> str:
    drawn = figures.ROOM if len(latest) > 1 else figures.note("The chart starts with the first step.")
    if len(latest) < len(events):
        before = money(latest[0].spent_micros)
        drawn += figures.note(f"Since the campaign was continued; {before} had been spent before.")
    return figures.card("Progress and cost", drawn, "chart")


def _stages(campaign: CampaignView) -> str:
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
    return f'<ol class="pp-steps" aria-label="Stages">{"".join(items)}</ol>'


def _bar(campaign: CampaignView) -> str:
    bar = f'<progress max="100" value="{campaign.progress}" aria-label="Progress"></progress>'
    return f'<div class="pp-bar"><p>{escape(_bar_text(campaign))}</p>{bar}</div>'


def _bar_text(campaign: CampaignView) -> str:
    if campaign.status is CampaignStatus.PENDING:
        place = campaign.place_in_line
        if place is None and campaign.bulk_id:
            return "Waiting for its turn in the bulk order"
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


def _figures(campaign: CampaignView) -> str:
    is_single = campaign.avg_confidence is not None and campaign.avg_reach is None
    shown = [
        Figure("Businesses found", number(campaign.businesses_found)),
        Figure("Qualified leads", number(campaign.qualified_leads)),
        Figure("Leads enriched", number(campaign.leads_enriched)),
        Figure("Total cost", money(campaign.spent_micros)),
        Figure("Average score" if is_single else "Average confidence", average(campaign.avg_confidence)),
    ]
    if not is_single:
        shown.append(Figure("Average reach", average(campaign.avg_reach)))
    if campaign.spec.waterfall:
        shown.append(Figure("Verified e-mails", number(campaign.emails_verified)))
    return figures.markup(shown)


def _log(events: Sequence[EventView]) -> str:
    told = [event for event in events if event.message]
    if not told:
        nothing = "Nothing yet. The first line appears when a worker begins."
        return figures.card("What happened", figures.note(nothing), "log")
    lines = "".join(
        f"<p><span>{local(event.at):%H:%M:%S}</span> {escape(event.message or '')}</p>"
        for event in reversed(told)
    )
    # Markup of our own also because a box of Streamlit's that scrolls cannot be reached with the keyboard.
    box = f'<div class="pp-log" role="log" aria-label="What happened" tabindex="0">{lines}</div>'
    entries = counted(len(told), "entry", "entries")
    note = figures.note(f"{entries}, newest first. Times in {zone_name()}.")
    return figures.card("What happened", box + note, "log")
