"""Call list: one company after the other to call, and what came of it."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from services import book, call_list
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right
from ui import call_card, cards, lead_detail, lead_filters, lead_list, navigation, rights, session
from ui.format import counted
from ui.text import plain
from ui.viewer_time import today

_NEXT_SHOWN = 5


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    cards.heading("Call list", "Follow-ups that are due first, then who is open now; one at a time.")
    if not rights.offered(person, Right.WORK_LEADS):
        return
    choices = book.choices(person)
    if not choices.categories:
        with cards.empty("Nobody to call yet", "Campaigns put what they find here.", "search"):
            if st.button("Start a campaign", type="primary", key="start_campaign"):
                st.switch_page(navigation.NEW_CAMPAIGN)
        return
    call_card.undo()
    below = st.container()
    with st.expander("Whom to call", icon=":material/filter_list:"):
        chosen, sort = lead_filters.filters(lead_list.of_book(person, choices))
    found = call_list.upcoming(person, chosen, sort, today(), call_card.skipped())
    with below:
        _current(person, found)


def _current(person: Person, found: call_list.Upcoming) -> None:
    rows = found.rows
    wanted = call_card.opened() or (rows[0].company_id if rows else None)
    if wanted is None:
        with cards.empty(
            "Nobody left to call", "Everybody here is done, waits for a later day or was skipped.", "filter"
        ):
            call_card.start_again()
        return
    try:
        company = book.company(person, wanted)
    except NotFound as gone:
        st.info(plain(str(gone)))
        call_card.next_one()
        return
    call_card.card(company)
    with st.expander("Everything known", icon=":material/info:"):
        lead_detail.detail(company.detail, company.edits)
    _next(found, wanted)


def _next(found: call_list.Upcoming, current: UUID) -> None:
    others = [row for row in found.rows if row.company_id != current]
    if others:
        least = "at least " if found.is_cut else ""
        st.markdown(f"**Next** · {least}{counted(len(others), 'more company', 'more companies')} to call")
    for row in others[:_NEXT_SHOWN]:
        st.caption(plain(" · ".join(part for part in (row.name, row.city, call_card.why(row)) if part)))


main()
