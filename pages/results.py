"""Results: the leads of one campaign, filtered, explained and ready to take away."""

from __future__ import annotations

import streamlit as st

from services import catalogue, export_terms, results
from services.campaigns import CampaignView
from services.identity import Person
from services.results import LeadFilter, LeadSort
from ui import (
    campaign_cost,
    cards,
    charts,
    draft,
    lead_detail,
    lead_downloads,
    lead_filters,
    lead_table,
    navigation,
    session,
)
from ui.attribution import attribution
from ui.format import confidence, counted, money, number
from ui.links import campaign_in_address
from ui.text import plain
from ui.words import STATUS


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    campaign = campaign_in_address(person)
    cards.heading(campaign.title, badge=STATUS[campaign.status])
    campaign_cost.simulated_banner(campaign)
    _summary(campaign)
    if campaign.lead_count == 0:
        _no_leads(campaign)
        return
    chosen, sort = lead_filters.filters(results.categories(person, campaign.id))
    _leads(person, campaign, chosen, sort)
    attribution(campaign.spec.sources)


def _summary(campaign: CampaignView) -> None:
    found = counted(campaign.businesses_found, "business", "businesses")
    figures = [f"**{counted(campaign.lead_count, 'lead')}** of {found}"]
    with st.container(horizontal=True, vertical_alignment="center"):
        if campaign.avg_confidence is not None:
            figures.append(f"average confidence {confidence(campaign.avg_confidence)}")
        figures.append(f"cost {plain(money(campaign.spent_micros))}")
        st.markdown(" · ".join(figures), width="content")
        if st.button("See progress", type="tertiary", key="to_progress"):
            navigation.open_progress(campaign.id)
    if withheld := export_terms.withheld_labels(campaign.spec.sources):
        who = " and ".join(withheld)
        st.caption(plain(f"Downloads leave out what only {who} gave; an administrator can change that."))
    if not campaign.status.is_final:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info("This campaign is still running, more leads may follow.")
            st.button("Show the newest leads", key="newest")


def _no_leads(campaign: CampaignView) -> None:
    if not campaign.status.is_final:
        cards.empty(
            "No leads yet", "The campaign is still running. Leads show up here as they are found.", "search"
        )
        return
    advice = campaign.notice or "Try a wider radius, another type of business or a lower minimum confidence."
    with cards.empty("No leads in this campaign", advice, "search"):
        if st.button("Edit and run again", type="primary", key="edit_again"):
            st.switch_page(navigation.NEW_CAMPAIGN, query_params=draft.query_of(campaign.spec))


def _leads(person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort) -> None:
    view_key = f"{campaign.id}-{hash((chosen, sort)):x}"
    page = results.leads(
        person, campaign.id, chosen, sort, lead_table.cursor(view_key), limit=lead_table.PAGE_ROWS
    )
    if page.matching == 0:
        with cards.empty("No lead matches these filters", "Every lead is still there.", "filter"):
            st.button("Clear filters", type="primary", key="clear", on_click=lead_filters.clear)
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        view = st.segmented_control(
            "View",
            ["Table", "Map"],
            default="Table",
            key="view",
            label_visibility="collapsed",
            bind="query-params",
        )
        st.markdown(f"Showing **{number(page.matching)}** of {number(page.total)}")
        with st.container(horizontal=True, width="content"):
            lead_downloads.downloads(campaign, chosen, sort, page.matching)
    if view == "Map":
        _map(person, campaign, chosen, page.matching)
        return
    selected = lead_table.table(page, f"{view_key}-{page.rows[0].id}")
    lead_table.pager(page, view_key)
    if selected is None:
        st.caption("Select a row to see where every value came from and how its confidence came about.")
    else:
        lead_detail.detail(results.lead(person, campaign.id, selected.id))


def _map(person: Person, campaign: CampaignView, chosen: LeadFilter, matching: int) -> None:
    around = catalogue.backdrop(campaign.spec.location, campaign.spec.radius_km)
    points = results.map_points(person, campaign.id, chosen)
    if missing := matching - len(points):
        why = "the terms of the only source of the place keep it off other maps"
        st.caption(f"{counted(missing, 'lead')} {'is' if missing == 1 else 'are'} not on the map: {why}.")
    alt = "Leads by longitude and latitude"
    st.plotly_chart(charts.lead_map(points, around), config=charts.MAP_CONFIG, key="map", alt=alt)


main()
