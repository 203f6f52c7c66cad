"""Leads as a table or on a map: the choice between them, and the map."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from services import catalogue, results
from services.campaigns import CampaignView
from services.identity import Person
from services.results import LeadFilter
from ui import address, charts, lead_panel
from ui.format import counted

MAP = "Map"
_VIEWS = ("Table", MAP)
_VIEW, _MAP = "view", "map"


def chosen_view() -> str:
    """Draw the choice, and return it."""
    if _VIEW not in st.session_state:
        st.session_state[_VIEW] = _read(st.query_params.get_all(_VIEW))
    view = st.segmented_control("View", _VIEWS, key=_VIEW, label_visibility="collapsed", required=True)
    address.write({_VIEW: [MAP] if view == MAP else []})
    return view or _VIEWS[0]


def _read(values: Sequence[str]) -> str:
    return address.choice(_VIEWS)(values) or _VIEWS[0]


def lead_map(person: Person, campaign: CampaignView, chosen: LeadFilter, matching: int) -> None:
    """Draw every lead that may be placed on a map; a click on one opens it."""
    around = catalogue.backdrop(campaign.spec.location, campaign.spec.radius_km)
    points = results.map_points(person, campaign.id, chosen)
    if missing := matching - len(points):
        why = "the terms of the only source of the place keep it off other maps"
        st.caption(f"{counted(missing, 'lead')} {'is' if missing == 1 else 'are'} not on the map: {why}.")
    st.plotly_chart(
        charts.lead_map(points, around),
        config=charts.MAP_CONFIG,
        key=_MAP,
        on_select=_clicked,
        selection_mode="points",
        alt="Leads by longitude and latitude",
    )
    st.caption("Click a point to open its lead.")


def _clicked() -> None:
    for point in st.session_state[_MAP]["selection"]["points"]:
        if point.get("customdata"):
            lead_panel.open_lead(str(point["customdata"][0]))
