"""Leads as a table or on a map: the choice between them, and what is said around the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from services import catalogue, mapping
from services.campaigns import CampaignView
from services.identity import Person
from services.mapping import MOST_PLACED, Extent
from services.results import LeadFilter
from ui import address, lead_map, lead_panel
from ui.format import counted, number
from ui.lead_map import Shown
from ui.viewer_time import today

MAP = "Map"
_VIEWS = ("Table", MAP)
_VIEW = "view"
_Opened = Callable[[UUID], None]


def chosen_view() -> str:
    """Draw the choice, and return it."""
    seeded()
    view = st.segmented_control("View", _VIEWS, key=_VIEW, label_visibility="collapsed", required=True)
    address.write({_VIEW: [MAP] if view == MAP else []})
    return view or _VIEWS[0]


def seeded() -> str:
    """What will be chosen, before it is drawn."""
    if _VIEW not in st.session_state:
        st.session_state[_VIEW] = _read(st.query_params.get_all(_VIEW))
    return st.session_state[_VIEW] or _VIEWS[0]


def _read(values: Sequence[str]) -> str:
    return address.choice(_VIEWS)(values) or _VIEWS[0]


def campaign_map(person: Person, campaign: CampaignView, chosen: LeadFilter) -> None:
    """Draw the leads of a campaign; a click on one opens it. Without streets, other places around show the shape of
    the city."""
    spec = campaign.spec
    backdrop = (
        ()
        if spec.own_list or mapping.streets().are_there
        else catalogue.backdrop(spec.location, spec.radius_km)
    )
    shown = Shown(
        campaign_id=campaign.id,
        filter=chosen,
        today=today(),
        extent=mapping.extent(person, campaign.id, chosen, today()),
        backdrop=backdrop,
        searched=mapping.coverage(person, campaign.id),
    )
    _map(person, shown, lambda lead: lead_panel.open_row("lead", lead))


def book_map(person: Person, chosen: LeadFilter) -> None:
    """Draw the companies of the book; a click on one opens it."""
    extent = mapping.extent(person, None, chosen, today())
    shown = Shown(campaign_id=None, filter=chosen, today=today(), extent=extent)
    _map(person, shown, lambda company: lead_panel.open_row(lead_panel.BOOK.name, company))


def _map(person: Person, shown: Shown, opened: _Opened) -> None:
    _say(shown.extent)
    # A fragment: to move the map draws nothing but the map.
    st.fragment(_draw)(person, shown, opened)


def _draw(person: Person, shown: Shown, opened: _Opened) -> None:
    clicked = lead_map.draw(person, shown)
    if clicked is not None:
        opened(clicked)
        st.rerun()


def _say(extent: Extent) -> None:
    if extent.hidden:
        why = "the terms of the only source of the place keep it off other maps"
        st.caption(f"{_are(extent.hidden)} not on the map: {why}.")
    if extent.unplaced:
        st.caption(
            f"{_are(extent.unplaced)} not on the map: no source says where; registers state an address alone."
        )
    if extent.is_cut:
        st.caption(
            f"The map counts {number(MOST_PLACED)} leads at most. Narrow the filters to see the others."
        )


def _are(count: int) -> str:
    return f"{counted(count, 'lead')} {'is' if count == 1 else 'are'}"
