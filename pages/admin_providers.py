"""Providers: which work, what they cost today, and what may be exported; for administrators."""

from __future__ import annotations

from collections.abc import Container

import streamlit as st

from services import export_terms, installation_keys, provider_upkeep
from services.export_terms import Restriction
from services.permissions import Right
from ui import cards, mail_health, provider_card, question, session
from ui.format import day
from ui.text import plain, someone
from ui.viewer_time import local


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.SEE_PROVIDERS)
    cards.heading("Providers", "The outside systems this installation asks, and how they are.")
    kept = installation_keys.listing(person)
    rows = provider_upkeep.overview(person)
    for row in rows:
        provider_card.draw(row, kept.get(row.key))
    mail_health.card(person, kept.get(installation_keys.MAIL))
    for found in export_terms.restrictions(person):
        _restriction(found, {row.key for row in rows if not row.missing})
    question.draw()


def _restriction(found: Restriction, working: Container[str]) -> None:
    with st.container(border=True, key=f"pp-card-export-{found.key}"):
        st.header(plain(f"Exporting what only {found.label} said"), anchor=False)
        st.markdown(
            plain(
                f"{found.about} What a company's own website or another source confirms is not affected. Values that"
                f" only {found.label} gave are removed when their time is over."
            )
        )
        chosen = st.toggle("Export them all the same", value=found.is_allowed, key=f"export_{found.key}")
        if chosen != found.is_allowed:
            _confirm(found, allowed=chosen)
        st.caption("Exports hold them." if found.is_allowed else "Exports leave them out, and say so.")
        if found.decision:
            who = found.decision.by or "somebody who has no account any more"
            st.caption(someone(f"Decided by {who} on {day(local(found.decision.at))}."))
        elif found.key in working:
            st.caption("Nobody has decided yet.")
            if st.button("Keep leaving them out", key=f"withhold_{found.key}"):
                _decide(found.key, allowed=False)


@st.dialog("Are you sure?", dismissible=False)
def _confirm(found: Restriction, *, allowed: bool) -> None:
    then = "will hold" if allowed else "will leave out"
    st.markdown(plain(f"From now on everybody's exports {then} what only {found.label} said. {found.about}"))
    st.markdown("Your name and the day are kept with this decision.")
    with st.container(horizontal=True):
        if st.button("Yes, decide that", type="primary", key=f"decide_{found.key}"):
            _decide(found.key, allowed=allowed)
        if st.button("Leave it as it is", key=f"undecided_{found.key}"):
            del st.session_state[f"export_{found.key}"]
            st.rerun()


def _decide(key: str, *, allowed: bool) -> None:
    export_terms.decide(session.require_right(Right.DECIDE_EXPORT), key, allowed=allowed)
    st.rerun()


main()
