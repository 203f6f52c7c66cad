"""Providers: which work, what they cost today, and what may be exported; for administrators."""

from __future__ import annotations

import streamlit as st

from services import export_terms, providers
from services.export_terms import Restriction
from services.permissions import Right
from services.providers import ProviderRow
from ui import cards, live, mail_health, session
from ui.format import ago, counted, day, money
from ui.text import plain, someone
from ui.viewer_time import local
from ui.words import PROVIDER_STATE

_LOOK_S = 10.0


def main() -> None:
    """Draw the page."""
    person = session.require_right(Right.SEE_PROVIDERS)
    cards.heading("Providers", "The outside systems this installation asks, and how they are.")
    live.part("providers", _LOOK_S, _read, _providers)
    mail_health.card(person)
    for found in export_terms.restrictions(person):
        _restriction(found)


def _read() -> tuple[ProviderRow, ...]:
    return providers.overview(session.require_right(Right.SEE_PROVIDERS))


def _providers(rows: tuple[ProviderRow, ...]) -> None:
    for row in rows:
        _provider(row)


def _provider(row: ProviderRow) -> None:
    words, colour = PROVIDER_STATE[row.state]
    with st.container(border=True, key=f"pp-card-row-{row.label.replace(' ', '-')}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row.label)}**", width="content")
            if row.missing:
                st.badge("Not set up", color="gray")
            else:
                st.badge(words, color=colour)
                if row.key_setting:
                    st.badge(
                        "Key set", color="gray", help=f"{row.key_setting} has a value. It is never shown."
                    )
        st.caption(plain(row.help))
        if row.missing:
            st.caption(f"Set {row.missing} and start the installation again.")
            return
        if row.since:
            st.caption(plain(f"{row.message.rstrip('.')} · {ago(local(row.since))}"))
        today = f"{counted(row.calls_today, 'call')}, {money(row.spent_today_micros)} today"
        prices = f" · {', '.join(row.prices)}" if row.prices else " · free"
        st.caption(plain(f"{today}{prices} · at most {row.limits} for everybody together"))


def _restriction(found: Restriction) -> None:
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
        elif found.is_configured:
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
