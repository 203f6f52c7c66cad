"""Webhooks: other systems that are told of what happens in the workspace."""

from __future__ import annotations

import streamlit as st

from services import webhooks
from services.permissions import Right
from ui import cards, question, said, session, webhook_cards

_CAPTION = (
    "Other systems are sent a signed message when something happens in this workspace: ids, counts and amounts, nothing"
    " about a business or a person."
)


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.MANAGE_WEBHOOKS)
    cards.heading("Webhooks", _CAPTION)
    said.show()
    question.draw()
    webhook_cards.shown_once()
    with st.container(border=True, key="pp-card-new-webhook"):
        webhook_cards.new()
    rows = webhooks.listing(person)
    if not rows:
        webhook_cards.nothing()
        return
    st.header("Where messages go", anchor=False)
    for row in rows:
        webhook_cards.card(row)
    webhook_cards.messages(rows)


main()
