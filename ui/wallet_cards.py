"""The wallet of a workspace: what is in it, paying in, and what became of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import streamlit as st

from pipeline.billing.wallet import LEAST_USD, MOST_USD
from services import wallet
from services.identity import Person
from services.permissions import Right, may
from services.wallet import EntryRow, WalletView
from ui.billing_cards import button
from ui.format import day, money
from ui.text import plain
from ui.viewer_time import local

_KINDS: Final = {"top_up": "Paid in", "refund": "Given back", "dispute": "Disputed", "spend": "Spent"}


def draw(person: Person) -> None:
    """Draw it where wallets are kept."""
    view = wallet.look(person)
    if view is None:
        return
    st.header("Wallet", anchor=False)
    with st.container(border=True, key="pp-card-wallet"):
        st.markdown("Calls of paid providers are paid from it, and never more than is in it.")
        with st.container(horizontal=True, key="pp-figures-wallet"):
            st.metric("Balance", money(view.balance_micros), help="Less the price of calls on their way.")
            st.metric(
                "Promised", money(view.promised_micros), help="What running campaigns may still spend of it."
            )
            st.metric("Left for new orders", money(view.left_micros))
        if said := warning(view):
            st.warning(plain(said))
        if may(person, Right.PAY):
            _pay_in(person)
        else:
            st.caption("The owner of the workspace pays into it.")
    _entries(person)


def warning(view: WalletView) -> str:
    """What somebody should know of it; empty when all is well."""
    if view.owed_micros:
        return (
            f"{money(view.owed_micros)} are owed: payments that were given back or disputed had been spent. Nothing"
            " that costs money starts until they are paid in."
        )
    if view.is_low:
        return f"The wallet is low: {money(view.balance_micros)} are in it."
    return ""


def notice(person: Person) -> None:
    """Draw on Home that it is low, or that something is owed, for who can do or ask for something about it."""
    view = wallet.look(person) if may(person, Right.SET_LIMITS) else None
    if view is not None and (said := warning(view)):
        st.info(plain(f"{said} See Billing."))


def _pay_in(person: Person) -> None:
    amount = st.number_input(
        "Pay in, US dollars", min_value=LEAST_USD, max_value=MOST_USD, value=50, step=10, key="wallet_amount"
    )
    button(person, f"Pay in ${amount:,}", "pay-in", lambda who: wallet.top_up(who, Decimal(amount)))


def _entries(person: Person) -> None:
    rows = wallet.entries(person)
    if not rows:
        return
    with st.expander("What became of it"):
        st.markdown("\n".join(("| Day | What | Amount |", "|---|---|---:|", *map(_entry, rows))))
        st.caption(f"The newest {wallet.SHOWN} of 90 days; each campaign with all that it spent in them.")


def _entry(row: EntryRow) -> str:
    what = _KINDS[row.kind] + (f": {row.campaign}" if row.campaign else "")
    sign = "−" if row.micros < 0 else "+"
    return f"| {day(local(row.at))} | {plain(what)} | {sign}{plain(money(abs(row.micros)))} |"
