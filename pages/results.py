"""Results: the leads of one campaign, filtered, explained and ready to take away."""

from __future__ import annotations

import streamlit as st

from services import export_terms, results
from services.campaigns import CampaignView
from services.identity import Person
from services.results import LeadFilter, LeadPage, LeadSort
from ui import (
    campaign_heading,
    cards,
    draft_address,
    lead_downloads,
    lead_filters,
    lead_panel,
    lead_table,
    lead_views,
    navigation,
    session,
    still_running,
    suppression_words,
)
from ui.attribution import attribution
from ui.format import averages, counted, money, number
from ui.links import campaign_in_address
from ui.text import plain


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    campaign = campaign_in_address(person)
    campaign_heading.heading(person, campaign)
    _summary(campaign)
    if campaign.lead_count == 0:
        _no_leads(campaign)
        return
    chosen, sort = lead_filters.filters(str(campaign.id), results.categories(person, campaign.id))
    _leads(person, campaign, chosen, sort)
    attribution(campaign.spec.sources)


def _summary(campaign: CampaignView) -> None:
    found = counted(campaign.businesses_found, "business", "businesses")
    figures = [f"**{counted(campaign.lead_count, 'lead')}** of {found}"]
    with st.container(horizontal=True, vertical_alignment="center"):
        if said := averages(campaign.avg_confidence, campaign.avg_reach):
            figures.append(said)
        figures.append(f"cost {plain(money(campaign.spent_micros))}")
        st.markdown(" · ".join(figures), width="content")
        if st.button("See progress", type="tertiary", key="to_progress"):
            navigation.open_progress(campaign.id)
    if withheld := export_terms.withheld_labels(campaign.spec.sources):
        who = " and ".join(withheld)
        st.caption(plain(f"Downloads leave out what only {who} gave; an administrator can change that."))
    if said := suppression_words.left_out(campaign.left_out):
        st.caption(plain(said))
    if not campaign.status.is_final:
        still_running.notice(campaign)


def _no_leads(campaign: CampaignView) -> None:
    if not campaign.status.is_final:
        cards.empty(
            "No leads yet", "The campaign is still running. Leads show up here as they are found.", "search"
        )
        return
    advice = campaign.notice or "Try a wider radius, another type of business or a lower minimum."
    with cards.empty("No leads in this campaign", advice, "search"):
        if st.button("Edit and run again", type="primary", key="edit_again"):
            st.switch_page(navigation.NEW_CAMPAIGN, query_params=draft_address.query_of(campaign.spec))


def _leads(person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort) -> None:
    here = lead_table.page_number()
    page = _page(person, campaign, chosen, sort, here)
    if page.matching == 0:
        with cards.empty("No lead matches these filters", "Every lead is still there.", "filter"):
            st.button("Clear filters", type="primary", key="clear", on_click=lead_filters.clear)
        return
    if not page.rows:
        # The address asks for a page behind the last one, as after a narrower filter.
        here = -(-page.matching // lead_table.PAGE_ROWS)
        page = _page(person, campaign, chosen, sort, here)
    lead_table.turn_to(here)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        view = lead_views.chosen_view()
        st.markdown(f"Showing **{number(page.matching)}** of {number(page.total)}")
        with st.container(horizontal=True, width="content"):
            lead_downloads.downloads(person, campaign, chosen, sort, page.matching)
    if view == lead_views.MAP:
        lead_views.lead_map(person, campaign, chosen, page.matching)
    else:
        lead_table.table(page, sort, f"{campaign.id}-{hash((chosen, sort)):x}-{here}-{page.rows[0].id}")
        lead_table.pager(page, here)
        st.caption(
            "Click a row to see where every value came from; click the head of a column to sort by it."
        )
    lead_panel.draw(campaign.id, [row.id for row in page.rows])


def _page(
    person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, number: int
) -> LeadPage:
    rows = lead_table.PAGE_ROWS
    return results.leads(person, campaign.id, chosen, sort, (number - 1) * rows, limit=rows)


main()
