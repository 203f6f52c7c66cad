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
    lead_list,
    lead_panel,
    lead_table,
    lead_ticks,
    lead_views,
    left_out_words,
    navigation,
    result_table,
    session,
    still_running,
    view_bar,
)
from ui.attribution import attribution
from ui.format import averages, counted, money, number
from ui.lead_list import LeadList
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
    of = lead_list.of_campaign(person, campaign.id)
    _leads(of, campaign, *lead_filters.filters(of))


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
    for said in left_out_words.told(campaign):
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


def _leads(of: LeadList, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort) -> None:
    person, here = of.person, lead_table.page_number()
    page = _page(person, campaign, chosen, sort, here)
    if page.matching == 0:
        view_bar.draw(of)
        with cards.empty("No lead matches these filters", "Every lead is still there.", "filter"):
            st.button("Clear filters", type="primary", key="clear", on_click=lead_filters.clear)
        return
    if not page.rows:
        # The address asks for a page behind the last one, as after a narrower filter.
        here = -(-page.matching // lead_table.PAGE_ROWS)
        page = _page(person, campaign, chosen, sort, here)
    lead_table.turn_to(here)
    listing = result_table.listing(person, campaign.id, page, (chosen, sort), here)
    # All at the left, as the tools of the table cover what is above its right end.
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(horizontal=True, vertical_alignment="center", width="content", gap="xsmall"):
            view = lead_views.chosen_view()
            ticked = lead_ticks.ticked(listing.view, listing.key, listing.ids) if listing.has_ticks else ()
            lead_downloads.downloads(person, campaign, (chosen, sort), page.matching, ticked)
            view_bar.draw(of)
            lead_ticks.note(len(ticked))
        st.markdown(f"Showing **{number(page.matching)}** of {number(page.total)}", width="content")
    if view == lead_views.MAP:
        lead_views.campaign_map(person, campaign, chosen)
    else:
        lead_table.table(listing)
        lead_table.pager(here, len(page.rows), number(page.matching), has_more=page.next_cursor is not None)
        st.caption("Click a row to open the lead; click the head of a column to sort by it.")
    lead_panel.draw(person, lead_panel.of_campaign(campaign.id), [row.id for row in page.rows])
    attribution(page.credits, campaign.spec.sources if view == lead_views.MAP else ())


def _page(
    person: Person, campaign: CampaignView, chosen: LeadFilter, sort: LeadSort, number: int
) -> LeadPage:
    rows = lead_table.PAGE_ROWS
    return results.leads(person, campaign.id, chosen, sort, (number - 1) * rows, limit=rows)


main()
