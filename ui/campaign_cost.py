"""What a campaign cost: over time and by provider, a lead and a usable lead, what was saved and what found nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from services import providers, spending
from services.campaigns import CampaignView
from services.spend_sums import SpendView, SumView
from services.watching import Watched
from ui import figure_words, figures
from ui.figures import Figure
from ui.format import amounts, money, number
from ui.text import plain
from ui.viewer_time import to_the_second, zone_name

_MONEY: dict[str, Any] = {
    name: st.column_config.TextColumn(alignment="right")
    for name in ("Cost", "Saved", "Found nothing", "Uncertain")
}


def card(watched: Watched, *, has_chart: bool) -> str:
    """The cost of a campaign that asked somebody for money or saved some, as markup.

    While it runs only what moves is drawn: a table would lose its scroll every second.
    """
    campaign, view = watched.campaign, watched.spend()
    if not _is_any(view):
        return ""
    heading = "What it cost" if campaign.status.is_final else "What it costs so far"
    return figures.card(heading, _figures(campaign, view) + figures.ROOM * has_chart, "cost")


def in_full(watched: Watched) -> None:
    """Draw what a campaign that has ended paid whom."""
    view = watched.spend()
    if not _is_any(view):
        return
    with st.container(border=True, key="pp-card-cost"):
        st.header("By provider", anchor=False)
        table(view.rows, "Provider", key="cost_table")
        if st.button("Every call", key="to_calls", type="tertiary"):
            st.switch_page("pages/spend.py", query_params={"campaign": str(watched.campaign.id)})


def _is_any(view: SpendView) -> bool:
    return bool(view.total.cost_micros or view.total.saved_micros)


def _figures(campaign: CampaignView, view: SpendView) -> str:
    total, saved, missed = amounts([campaign.spent_micros, campaign.saved_micros, view.total.missed_micros])
    usable = or_dash(campaign.cost_per_usable_lead_micros)
    return figures.markup(
        [
            Figure("Total", total),
            Figure("Cost per lead", or_dash(campaign.cost_per_lead_micros)),
            Figure("Cost per usable lead", usable, figure_words.USABLE),
            Figure("Saved", saved, "Held answers, free checks and leads already known."),
            Figure("Found nothing", missed, "Paid for answers that held nothing."),
        ]
    )


def per_usable_lead(view: SpendView) -> None:
    """Draw what a usable lead of the campaigns ordered in a time cost."""
    st.metric(
        "Cost per usable lead",
        or_dash(view.per_usable_lead_micros),
        border=True,
        help=f"Of the campaigns ordered in this time. {figure_words.USABLE}",
    )


def table(rows: Sequence[SumView], heading: str, key: str) -> None:
    """Draw sums, one row a group."""
    cells: dict[str, Sequence[object]] = {
        heading: [row.group for row in rows],
        "Calls": [row.calls for row in rows],
        "Cost": amounts([row.cost_micros for row in rows]),
        "Saved": amounts([row.saved_micros for row in rows]),
        "Found nothing": amounts([row.missed_micros for row in rows]),
        "Uncertain": amounts([row.uncertain_micros for row in rows]),
    }
    st.dataframe(
        cells,
        column_config=_MONEY,
        hide_index=True,
        key=key,
        alt=f"Cost by {heading.lower()}",
    )


def calls_table(rows: Sequence[spending.CallView], key: str) -> None:
    """Draw calls, newest first."""
    costs, saved = amounts([row.cost_micros for row in rows]), amounts([row.saved_micros for row in rows])
    st.dataframe(
        [
            {
                "Time": to_the_second(row.at),
                "Provider": spending.label_of(row.provider),
                "What": spending.what(row),
                "Asked for": spending.asked_for(row),
                "Outcome": spending.outcome(row),
                "Cost": costs[place],
                "Saved": saved[place],
                "Business": row.business,
                "Campaign": row.campaign,
            }
            for place, row in enumerate(rows)
        ],
        column_config=_MONEY,
        hide_index=True,
        placeholder="–",
        key=key,
        alt="Calls to providers, one per row",
    )
    st.caption(f"{number(len(rows))} shown, newest first. Times in {zone_name()}.")


def or_dash(micros: int | None) -> str:
    """An average, to a hundredth of a cent: more would promise too much precision."""
    return "–" if micros is None else money(round(micros, -2))


def simulated_banner(campaign: CampaignView) -> None:
    """Say that nothing here is real, when a stand-in answered."""
    if campaign.simulated and not providers.is_demonstration():
        st.warning(plain("Simulated contacts: a stand-in for the providers answered. Nothing here is real."))
