"""Spend: where the money went, down to the single call."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from pipeline.output.formats.csv import FORMAT as CSV
from services import calls_export, campaigns, spending
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from services.spending import By
from ui import campaign_cost, cards, charts, navigation, session
from ui.format import amounts
from ui.text import plain

_BY: dict[str, By] = {"Day": "day", "Campaign": "campaign", "Provider": "provider", "User": "user"}
_CURSORS = "spend_cursors"


def main() -> None:
    """Draw the page."""
    person = session.require_person()
    cards.heading("Spend", "Every cent is written down before it is spent.")
    campaign_id = _campaign()
    try:
        if campaign_id:
            _only(person, campaign_id)
        view = spending.summary(person, "day", campaign_id=campaign_id)
    except Refused as refused:
        cards.empty("No calls here", str(refused), "search", key="calls")
        return
    if not (view.total.calls or view.total.saved_micros):
        cards.empty(
            "Nothing was spent yet", "Paid look-ups and searches are listed here, call by call.", "list"
        )
        return
    with st.container(horizontal=True, key="pp-figures-spend"):
        total = view.total
        sums = (total.cost_micros, total.saved_micros, total.missed_micros, total.uncertain_micros)
        for label, sum_ in zip(("Spent", "Saved", "Found nothing", "Uncertain"), amounts(sums), strict=True):
            st.metric(label, sum_, border=True)
    _sums(person, campaign_id)
    _calls(person, campaign_id)


def _campaign() -> UUID | None:
    """The campaign in the address; anything that is none counts as no filter."""
    try:
        return UUID(st.query_params.get("campaign", ""))
    except ValueError:
        return None


def _only(person: Person, campaign_id: UUID) -> None:
    """Say which campaign the page is about, and the way back to all. Raises NotFound."""
    st.markdown(f"Only **{plain(campaigns.get(person, campaign_id).title)}**")
    with st.container(horizontal=True):
        if st.button("Show all campaigns", key="all_campaigns"):
            st.query_params.clear()
            st.rerun()
        if st.button("Back to the campaign", key="to_campaign", type="tertiary"):
            navigation.open_progress(campaign_id)


def _sums(person: Person, campaign_id: UUID | None) -> None:
    by = _BY[st.segmented_control("By", list(_BY), default="Day", key="by", bind="query-params") or "Day"]
    may_ask = may(person, Right.SEE_ALL_SPENDING) and by != "campaign" and campaign_id is None
    everybody = may_ask and st.toggle("Everybody's", key="everybody")
    view = (
        spending.everybody(person, by) if everybody else spending.summary(person, by, campaign_id=campaign_id)
    )
    if by == "day" and view.rows:
        st.plotly_chart(
            charts.spent_by_group(view.rows), config=charts.CONFIG, key="by_day", alt="Money spent by day"
        )
    heading = next(name for name, value in _BY.items() if value == by)
    campaign_cost.table(view.rows, "Day (UTC)" if by == "day" else heading, key="sums")


def _calls(person: Person, campaign_id: UUID | None) -> None:
    st.header("Every call", anchor=False)
    providers = {label: key for key, label in spending.providers()}
    words = st.selectbox(
        "Provider", list(providers), index=None, key="provider", placeholder="Any", bind="query-params"
    )
    provider = providers.get(words or "")
    seen: tuple[str, ...] = st.session_state.get(_CURSORS, ())
    page = spending.calls(person, campaign_id, provider, seen[-1] if seen else None)
    if not page.rows:
        cards.empty("No calls here", "Choose another provider or campaign.", "filter", key="calls")
        return
    st.download_button(
        f"All calls as {CSV.label}",
        data=lambda: calls_export.calls_csv(person, campaign_id, provider).data,
        file_name=f"prospectpro-calls.{CSV.extension}",
        mime=CSV.mime,
        key="calls_csv",
        on_click="ignore",
    )
    campaign_cost.calls_table(page.rows, f"calls-{len(seen)}-{plain(provider or '')}")
    with st.container(horizontal=True):
        if seen:
            st.button("Previous", key="previous", on_click=_turn, args=(seen[:-1],))
        if page.next_cursor:
            st.button("Next", key="next", on_click=_turn, args=((*seen, page.next_cursor),))


def _turn(cursors: tuple[str, ...]) -> None:
    st.session_state[_CURSORS] = cursors


main()
