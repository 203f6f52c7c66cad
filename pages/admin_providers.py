"""Providers: which work, what they cost today, and what may leave the house; for administrators."""

from __future__ import annotations

import streamlit as st

from pipeline.calls import Provider
from services import providers
from services.identity import Person
from services.permissions import Right
from services.providers import ProviderRow
from ui import cards, mail_health, session
from ui.format import ago, counted, day, money
from ui.text import plain
from ui.words import PROVIDER_STATE


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.SEE_PROVIDERS)
    cards.heading("Providers", "The outside systems this installation asks, and how they are.")
    rows = providers.overview(person)
    for row in rows:
        _provider(row)
    mail_health.card(person)
    _google_choice(
        person, has_key=any(row.label == Provider.GOOGLE_PLACES.label and row.configured for row in rows)
    )


def _provider(row: ProviderRow) -> None:
    words, colour = PROVIDER_STATE[row.state]
    with st.container(border=True, key=f"pp-card-row-{row.label.replace(' ', '-')}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row.label)}**", width="content")
            if row.configured:
                st.badge(words, color=colour)
            else:
                st.badge("No key", color="gray")
            if row.needs and row.configured:
                st.badge("Key set", color="gray", help=f"{row.needs} has a value. It is never shown.")
        if not row.configured:
            st.caption(f"Set {row.needs} and start the installation again.")
            return
        since = f" · {ago(row.since)}" if row.since else ""
        st.caption(plain(f"{row.message.rstrip('.')}{since}"))
        today = f"{counted(row.calls_today, 'call')}, {money(row.spent_today_micros)} today"
        st.caption(plain(f"{today} · at most {row.limits} for everybody together"))


def _google_choice(person: Person, *, has_key: bool) -> None:
    with st.container(border=True, key="pp-card-google"):
        st.subheader("Exporting what only Google said", anchor=False)
        st.markdown(
            "Google's terms let place ids be kept, and restrict storing and exporting names, phone numbers and"
            " addresses. What a company's own website or OpenStreetMap confirms is not affected. Values that only"
            " Google gave are removed after 30 days."
        )
        decision = providers.google_export_decision(person)
        allowed = decision is not None and decision.value == "allowed"
        chosen = st.toggle("Export them all the same", value=allowed, key="google_export")
        if chosen != allowed:
            _decide(allowed=chosen)
        st.caption("Exports hold them." if allowed else "Exports leave them out, and say so.")
        if decision:
            who = decision.by or "somebody who has no account any more"
            st.caption(plain(f"Decided by {who} on {day(decision.at)}."))
        elif has_key:
            st.caption("Nobody has decided yet.")
            if st.button("Keep leaving them out", key="google_withhold"):
                _decide(allowed=False)


def _decide(*, allowed: bool) -> None:
    providers.allow_google_export(session.require_right(Right.DECIDE_EXPORT), allowed=allowed)
    st.rerun()


main()
