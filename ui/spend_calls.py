"""Every call of the Spend page, newest first."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from pipeline.output.formats.csv import FORMAT as CSV
from services import calls_export, spending
from services.identity import Person
from services.permissions import Right
from services.spend_sums import Chosen
from ui import campaign_cost, cards, rights
from ui.text import plain

_CURSORS = "spend_cursors"


def calls(person: Person, campaign_id: UUID | None, chosen: Chosen) -> None:
    """Draw the calls, a page at a time, and their download. Raises NotFound."""
    st.header("Every call", anchor=False)
    providers = {label: key for key, label in spending.providers()}
    words = st.selectbox(
        "Provider", list(providers), index=None, key="provider", placeholder="Any", bind="query-params"
    )
    provider = providers.get(words or "")
    # Where one list was left says nothing about another.
    which = (campaign_id, provider, chosen)
    seen: tuple[str, ...] = st.session_state.get(_CURSORS, {}).get(which, ())
    page = spending.calls(person, campaign_id, provider, seen[-1] if seen else None, chosen=chosen)
    if not page.rows:
        cards.empty("No calls here", "Choose another provider or time.", "filter", key="calls")
        return
    if rights.offered(person, Right.EXPORT_LEADS):
        st.download_button(
            f"All calls as {CSV.label}",
            data=lambda: calls_export.calls_csv(person, campaign_id, provider, chosen=chosen).data,
            file_name=f"prospectpro-calls.{CSV.extension}",
            mime=CSV.mime,
            key="calls_csv",
            on_click="ignore",
        )
    campaign_cost.calls_table(page.rows, f"calls-{len(seen)}-{plain(provider or '')}")
    with st.container(horizontal=True):
        if seen:
            st.button("Previous", key="previous", on_click=_turn, args=(which, seen[:-1]))
        if page.next_cursor:
            st.button("Next", key="next", on_click=_turn, args=(which, (*seen, page.next_cursor)))


def _turn(which: tuple[object, ...], cursors: tuple[str, ...]) -> None:
    st.session_state[_CURSORS] = {which: cursors}
