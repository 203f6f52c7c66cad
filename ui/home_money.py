"""The month in money on the Home page: usable leads, what was spent, the limits, and what a usable lead costs."""

from __future__ import annotations

import streamlit as st

from pipeline.money.limits import limit_name
from services import spend_sums
from services.home import Month
from services.limits import LimitRow
from ui import charts, figure_words, navigation
from ui.campaign_cost import or_dash
from ui.format import money, number
from ui.text import plain


def month(of: Month | None) -> None:
    """Draw it; nothing for a guest, who cannot spend."""
    if of is None:
        return
    with st.container(border=True, key="pp-card-month", gap="small"):
        st.header("This month", anchor=False)
        with st.container(horizontal=True, key="pp-figures-month"):
            ordered = f"Of the campaigns ordered this month (UTC). {figure_words.USABLE}"
            st.metric("Usable leads", number(of.ordered.usable), help=ordered)
            st.metric("Spent", money(of.spent_micros), help="By the workspace, this month (UTC).")
            st.metric("Per usable lead", or_dash(of.ordered.per_usable_micros), help=ordered)
        for row in of.limits.values():
            _limit(row)
        _by_week(of)
        st.page_link(
            navigation.SPEND, label="All spending", query_params={"when": spend_sums.When.MONTH.value}
        )


def _limit(row: LimitRow) -> None:
    name = limit_name(row.scope, row.period)
    if row.micros is None or row.used_micros is None or row.promised_micros is None:
        st.caption(plain(f"{name} leaves {money(row.left_micros)}."))
        return
    taken = row.used_micros + row.promised_micros
    said = f"{name}: {money(row.left_micros)} of {money(row.micros)} left"
    st.progress(min(1.0, taken / row.micros) if row.micros else 1.0, text=plain(said))


def _by_week(of: Month) -> None:
    if sum(week.usable > 0 for week in of.weeks) < 2:
        return
    st.caption("Cost per usable lead, by the week of the order")
    st.plotly_chart(
        charts.per_usable_by_week(of.weeks),
        config=charts.CONFIG,
        key="per_usable",
        alt="Cost per usable lead, by week",
    )
