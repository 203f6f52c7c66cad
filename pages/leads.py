"""Leads: every company the workspace's campaigns have found, to filter and to work with."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services import book
from services.book import BookPage
from services.identity import Person
from services.lead_filter import LeadFilter
from services.permissions import Right, may
from services.results import LeadSort
from ui import (
    book_changes,
    book_downloads,
    book_files,
    book_table,
    cards,
    client_sharing,
    lead_filters,
    lead_list,
    lead_panel,
    lead_table,
    lead_ticks,
    lead_views,
    navigation,
    session,
    view_bar,
)
from ui.lead_list import LeadList
from ui.viewer_time import today

# What the address says of this page alone; filters and order go along to the call list.
_NOT_CARRIED = ("page", "company", "view")


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    cards.heading("Leads", "Every company your campaigns have found, once, with what you did about it.")
    choices = book.choices(person)
    if not choices.categories:
        with cards.empty("No leads yet", "Campaigns put what they find here.", "search"):
            if st.button("Start a campaign", type="primary", key="start_campaign"):
                st.switch_page(navigation.NEW_CAMPAIGN)
        return
    book_files.draw(person)
    book_changes.outcome(person)
    of = lead_list.of_book(person, choices)
    chosen, sort = lead_filters.filters(of)
    here = lead_table.page_number()
    page = _page(person, chosen, sort, here)
    if page.matching and not page.rows:
        # The address asks for a page behind the last one, as after a narrower filter.
        here = -(-min(page.matching, book.MOST_COUNTED) // lead_table.PAGE_ROWS)
        page = _page(person, chosen, sort, here)
    lead_table.turn_to(here)
    if not page.rows:
        view_bar.draw(of)
        with cards.empty("No company matches these filters", "Every one is still there.", "filter"):
            st.button("Clear filters", type="primary", key="clear", on_click=lead_filters.clear)
        return
    is_table = lead_views.seeded() != lead_views.MAP
    key = "pp-tools" if is_table and may(person, Right.WORK_LEADS) else None
    # All at the left: the tools of the table cover what stands above its right end.
    bar = st.container(horizontal=True, vertical_alignment="center", key=key)
    tools = bar.container(horizontal=True, vertical_alignment="center", width="content")
    with tools:
        view_bar.draw(of)
    bar.markdown(f"**{book_table.how_many(page.matching)}** in the book match", width="content")
    _list(of, page, (chosen, sort), here, tools)


def _list(
    of: LeadList,
    page: BookPage,
    view: tuple[LeadFilter, LeadSort],
    here: int,
    tools: DeltaGenerator,
) -> None:
    person, (chosen, sort) = of.person, view
    with tools:
        drawn_as = lead_views.chosen_view()
    if drawn_as == lead_views.MAP:
        with tools:
            client_sharing.of_book(of, chosen)
        lead_views.book_map(person, chosen)
        lead_panel.draw(person, lead_panel.BOOK, [row.company_id for row in page.rows])
        return
    listing = book_table.listing(person, page, chosen, sort, here)
    ticked = lead_ticks.ticked(listing.view, listing.key, listing.ids) if listing.has_ticks else ()
    lead_table.table(listing)
    with tools:
        if may(person, Right.WORK_LEADS) and st.button(
            "Call these", key="call_these", icon=":material/call:"
        ):
            kept = {
                name: st.query_params.get_all(name) for name in st.query_params if name not in _NOT_CARRIED
            }
            st.switch_page(navigation.CALL_LIST, query_params=kept)
        book_changes.bar(person, ticked, chosen, page.matching, of.choices)
        book_downloads.downloads(of, (chosen, sort), page.matching, ticked)
        client_sharing.of_book(of, chosen)
        lead_ticks.note(len(ticked))
    book_table.pager(page, here)
    st.caption("Click a row to open the company; tick rows to change several; click a head to sort.")
    lead_panel.draw(person, lead_panel.BOOK, [row.company_id for row in page.rows])


def _page(person: Person, chosen: LeadFilter, sort: LeadSort, number: int) -> BookPage:
    rows = lead_table.PAGE_ROWS
    return book.companies(person, chosen, sort, today(), (number - 1) * rows, limit=rows)


main()
