"""Billing: the plan of the workspace, what is used of it, other plans, and invoices."""

from __future__ import annotations

import streamlit as st

from services import billing
from ui import billing_cards, cards, session, wallet_cards
from ui.billing_words import TEST_MODE


def main() -> None:
    """Draw the page."""
    person = session.require_account()
    if not billing.is_on():
        st.stop()
    billing_cards.way_back()
    view = billing.look(person)
    caption = f"{person.workspace_name} · payments are made at Stripe."
    if view.is_test:
        caption = f"{person.workspace_name} · the key of Stripe is one for testing: no money moves."
    cards.heading("Billing", caption, TEST_MODE if view.is_test else None)
    billing_cards.standing(person, view)
    wallet_cards.draw(person)
    billing_cards.plans(person, view)
    billing_cards.bills(person, view)


main()
