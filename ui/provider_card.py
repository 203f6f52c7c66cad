"""One provider as administrators see it."""

from __future__ import annotations

import streamlit as st

from services import provider_upkeep
from services.installation_keys import KeptSecret
from services.provider_upkeep import CreditRow, ProviderRow, ProviderState
from ui import provider_keys, question, said, session
from ui.format import ago, counted, money
from ui.question import Question
from ui.text import plain, someone
from ui.viewer_time import local
from ui.words import PROVIDER_STATE, STOPPED

_FREE = "Asks each provider with a key what credit is left; it costs nothing"


def draw(row: ProviderRow, kept: KeptSecret | None) -> None:
    """Draw how it is, what it did today, and its key; ``kept`` is the one that was set here."""
    is_stopped = row.stop is not None and row.stop.is_stopped
    words, colour = STOPPED if is_stopped else PROVIDER_STATE[row.state]
    with st.container(border=True, key=f"pp-card-row-{row.label.replace(' ', '-')}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row.label)}**", width="content")
            if row.missing:
                st.badge("Not set up", color="gray")
            else:
                st.badge(words, color=colour)
        st.caption(plain(row.help))
        if row.missing:
            st.caption(plain(_what_is_missing(row)))
        else:
            _how_it_does(row)
            _steering(row, is_stopped=is_stopped)
        if {setting.name for setting in row.keys}.issuperset(row.missing):
            provider_keys.draw(row, kept)


def _what_is_missing(row: ProviderRow) -> str:
    names = " and ".join(row.missing)
    if row.key_of:
        return f"It takes the key of {row.key_of}."
    if {setting.name for setting in row.keys}.issuperset(row.missing):
        return f"Set its key here, or set {names} and start the installation again."
    return f"Set {names} and start the installation again."


def _how_it_does(row: ProviderRow) -> None:
    if row.tells_credit:
        _credit(row)
    if row.since:
        st.caption(plain(f"{row.message.rstrip('.')} · {ago(local(row.since))}"))
    today = f"{counted(row.calls_today, 'call')}, {money(row.spent_today_micros)} today"
    prices = f" · {', '.join(row.prices)}" if row.prices else " · free"
    st.caption(plain(f"{today}{prices} · at most {row.limits} for everybody together"))


def _credit(row: ProviderRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(_credit_left(row.credit)), width="content")
        st.button("Ask now", key=f"ask-{row.key}", type="tertiary", on_click=_ask, help=_FREE)


def _credit_left(credit: CreditRow | None) -> str:
    if credit is None:
        return "What credit is left is not known yet"
    left = f"{counted(int(credit.left_over), 'credit')} left"
    if credit.share is not None:
        of = f"{credit.whole:,.0f}" if credit.whole else f"the {credit.most:,.0f} there were when last bought"
        left += f", {credit.share:.0%} of {of}"
    return f"{left} · asked {ago(local(credit.asked_at))}"


def _steering(row: ProviderRow, *, is_stopped: bool) -> None:
    """What an administrator wanted of it last, and what can be wanted."""
    if row.stop:
        what = "Stopped: no campaign asks it. Wanted" if is_stopped else "Tried again, as wanted"
        who = row.stop.changed_by or "somebody who has no account any more"
        st.caption(someone(f"{what} by {who} · {ago(local(row.stop.changed_at))}"))
    with st.container(horizontal=True):
        if not is_stopped:
            st.button("Stop asking", key=f"stop-{row.key}", on_click=_ask_to_stop, args=(row,))
        if is_stopped or row.state not in (None, ProviderState.OK):
            label = "Ask again" if is_stopped else "Try again now"
            st.button(label, key=f"again-{row.key}", on_click=_ask_to_try, args=(row,))


def _ask_to_stop(row: ProviderRow) -> None:
    question.ask(
        Question(
            title="Stop asking it?",
            body=f"Within a second no campaign asks {row.label} any more, until somebody has it asked again."
            " Campaigns go on without it, say so, and can be continued later. Answers at hand are still used.",
            yes="Stop asking",
            act=lambda person: provider_upkeep.stop(person, row.key),
            done=f"{row.label} is stopped.",
        )
    )


def _ask_to_try(row: ProviderRow) -> None:
    question.ask(
        Question(
            title="Ask it again?",
            body=f"Campaigns ask {row.label} again at once, also those that run and had given it up.",
            yes="Ask again",
            act=lambda person: provider_upkeep.try_again(person, row.key),
            done=f"{row.label} is asked again.",
        )
    )


def _ask() -> None:
    """A callback."""
    person = session.require_person()
    said.after(lambda: provider_upkeep.ask_for_credit(person), "A worker asks all of them within seconds.")
