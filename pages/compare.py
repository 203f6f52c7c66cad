"""Compare: two runs beside each other, with what is new, gone and changed, each to look at and to take away."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import streamlit as st

from services import campaign_orders, comparing
from services.comparing import Comparison, Look
from services.errors import Invalid, NotFound
from services.identity import Person
from ui import (
    campaign_heading,
    cards,
    comparison,
    comparison_filters,
    lead_panel,
    lead_table,
    links,
    navigation,
    session,
    workspace_menu,
)
from ui.text import plain


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    campaign_heading.mark_in_menu()
    st.page_link(navigation.CAMPAIGNS, label="← All campaigns")
    cards.heading("Compare two runs")
    one, other = links.two_campaigns()
    if one is None or other is None:
        _choose(person)
        return
    found = _compared(person, one, other)
    comparison.runs(found)
    if comparison.is_comparable(found):
        _differences(person, found)


def _choose(person: Person) -> None:
    campaign = links.campaign_in_address(person)
    comparison.choice(campaign, campaign_orders.comparable(person, campaign.id))


def _compared(person: Person, one: UUID, other: UUID) -> Comparison:
    show, value = comparison_filters.wanted(one, other)
    here = lead_table.page_number()
    look = Look(show=show, value=value, offset=(here - 1) * lead_table.PAGE_ROWS, limit=lead_table.PAGE_ROWS)
    try:
        found = comparing.compare(person, one, other, look)
        if found.matching and not found.rows:
            # The address asks for a page behind the last one, as after a narrower filter.
            here = -(-found.matching // lead_table.PAGE_ROWS)
            found = comparing.compare(person, one, other, replace(look, offset=(here - 1) * look.limit))
    except Invalid as refused:
        st.info(plain(str(refused)))
        _choose(person)
        st.stop()
    except NotFound:
        for campaign_id in (one, other):
            workspace_menu.follow(person, campaign_id)
        links.no_such_campaign()
    workspace_menu.came_for(one)
    lead_table.turn_to(here)
    return found


def _differences(person: Person, found: Comparison) -> None:
    comparison_filters.draw(found)
    if not found.matching:
        comparison.nothing(found)
        return
    comparison.caveat(found)
    here = lead_table.page_number()
    bar = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    # The tools of the table cover what stands above its right end.
    with bar.container(horizontal=True, vertical_alignment="center", width="content"):
        comparison.download(person, found)
    comparison.table(found, here)
    comparison.pager(found, here)
    if found.rows:
        opens = lead_panel.of_campaign(found.rows[0].campaign_id)
        lead_panel.draw(person, opens, [row.lead.id for row in found.rows])


main()
