"""The charts of one campaign.

Building them takes longer than all else of a drawing. While the campaign runs, that is done every few seconds, once for
all who watch; the figures beside them are always the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from services.history import EventView
from services.watching import Watched
from ui import charts

KEPT_S = 5
_KEPT = 100


@dataclass(frozen=True, slots=True)
class Which:
    """There are of a campaign so far."""

    progress: bool
    cost: bool


def draw(watched: Watched, which: Which) -> None:
    """Draw those there are; of a campaign that has ended, as it ended."""
    _known(f"{watched.campaign.id} {watched.campaign.ended_at} {which}", watched)


def latest_run(events: Sequence[EventView]) -> Sequence[EventView]:
    """The events since the campaign was last continued: only then does its progress begin anew."""
    starts = [at for at in range(1, len(events)) if events[at].progress < events[at - 1].progress]
    return events[starts[-1] :] if starts else events


@st.cache_resource(max_entries=_KEPT, ttl=KEPT_S, show_spinner=False)
def _known(drawing: str, _watched: Watched) -> None:
    latest, points = latest_run(_watched.events()), _watched.points()
    if len(latest) > 1:
        st.plotly_chart(
            charts.progress_and_cost(latest),
            config=charts.CONFIG,
            key="progress_chart",
            alt="Progress in percent and cost in US dollars over time",
        )
    if points:
        st.plotly_chart(
            charts.cost_by_provider(points),
            config=charts.CONFIG,
            key="cost_chart",
            alt="Money spent over time, by provider",
        )
