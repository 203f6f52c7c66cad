"""Spend: where the money went, down to the single call, and the limits it keeps to."""

from __future__ import annotations

from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.output.formats.csv import FORMAT as CSV
from services import limits, spend_sums
from services.errors import Refused
from services.identity import Person
from services.spend_sums import ALL, SpendView
from ui import campaign_cost, cards, charts, navigation, session, spend_calls, spend_filters, spend_limits
from ui.format import amounts
from ui.links import find
from ui.text import plain


def main() -> None:
    """Draw the page."""
    person = session.require_account()
    cards.heading("Spend", "Every cent is written down before it is spent.")
    campaign_id = _campaign()
    if campaign_id:
        _of_one(person, campaign_id)
        return
    bounds = limits.listing(person)
    spend_limits.left(bounds)
    with st.container(horizontal=True):
        whose = spend_filters.whose(person)
        chosen = spend_filters.when(only_own=whose == "Mine")
    figures = st.container(horizontal=True, key="pp-figures-spend")
    place = st.empty()
    with place:
        by = spend_filters.by(person, whose)
    view = spend_filters.sums(person, whose, by, chosen)
    is_empty = not (view.total.calls or view.total.saved_micros)
    if not is_empty:
        _sums(view, by, figures)
    else:
        place.empty()
        said = "Paid look-ups and searches are listed here, call by call."
        cards.empty("Nothing was spent yet" if chosen == ALL else "Nothing was spent then", said, "list")
    spend_limits.section(person, bounds)
    if whose != "Installation" and not is_empty:
        spend_calls.calls(person, None, chosen)


def _campaign() -> UUID | None:
    """The campaign in the address; anything that is none counts as no filter."""
    try:
        return UUID(st.query_params.get("campaign", ""))
    except ValueError:
        return None


def _of_one(person: Person, campaign_id: UUID) -> None:
    """Draw what one campaign cost, and the way back to all."""
    try:
        st.markdown(f"Only **{plain(find(person, campaign_id).title)}**")
        figures = st.container(horizontal=True, key="pp-figures-spend")
        by = spend_filters.by(person, "Mine")
        view = spend_sums.summary(person, spend_filters.own(by), campaign_id=campaign_id)
    except Refused as refused:
        cards.empty("No calls here", str(refused), "search", key="calls")
        return
    with st.container(horizontal=True):
        if st.button("Show all campaigns", key="all_campaigns"):
            st.query_params.clear()
            st.rerun()
        if st.button("Back to the campaign", key="to_campaign", type="tertiary"):
            navigation.open_progress(campaign_id)
    _sums(view, by, figures)
    spend_calls.calls(person, campaign_id, ALL)


def _sums(view: SpendView, by: str, figures: DeltaGenerator) -> None:
    total = view.total
    sums = (total.cost_micros, total.saved_micros, total.missed_micros, total.uncertain_micros)
    with figures:
        for label, sum_ in zip(("Spent", "Saved", "Found nothing", "Uncertain"), amounts(sums), strict=True):
            st.metric(label, sum_, border=True)
        campaign_cost.per_usable_lead(view)
    if by == "Day" and view.rows:
        chart = charts.spent_by_group(view.rows)
        st.plotly_chart(chart, config=charts.CONFIG, key="by_day", alt="Money spent by day")
    heading = "Day (UTC)" if by == "Day" else by
    campaign_cost.table(view.rows, heading, key="sums")
    st.download_button(
        f"These sums as {CSV.label}",
        data=lambda: spend_sums.sums_csv(view, heading),
        file_name=f"prospectpro-spend-by-{by.lower()}.{CSV.extension}",
        mime=CSV.mime,
        key="sums_csv",
        on_click="ignore",
    )


main()
