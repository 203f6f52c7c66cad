"""The entries of the suppression list, a page at a time, and taking one off."""

from __future__ import annotations

import streamlit as st

from pipeline.suppression import SuppressedBy
from services import suppression_list
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from services.suppression_list import EntryView
from ui import cards, session
from ui.format import counted
from ui.suppression_words import KIND, SOURCE
from ui.text import plain, someone
from ui.viewer_time import local

_PAGE, _SHOWN = 25, "suppressions_shown"
_MOST_SHOWN = 200
_BY_WORDS = {words: kind for kind, words in KIND.items()}


def table(person: Person) -> None:
    """Draw the entries, newest first."""
    counts = suppression_list.counts(person)
    total = sum(counts.values())
    if not total:
        cards.empty("Nobody is on the list", "Whoever asks not to be contacted belongs here.", "list")
        return
    st.header(counted(total, "entry", "entries"), anchor=False)
    words = st.pills("Kind", [KIND[kind] for kind in counts], key="suppressions_kind")
    limit = min(_MOST_SHOWN, int(st.session_state.get(_SHOWN, _PAGE)))
    page = suppression_list.entries(person, _BY_WORDS.get(words or ""), limit=limit)
    may_lift = may(person, Right.LIFT_SUPPRESSIONS)
    for entry in page.rows:
        _row(entry, may_lift=may_lift)
    if page.next_cursor and limit < _MOST_SHOWN:
        st.button("Show more", key="more_suppressions", on_click=_more, args=(limit,))
    elif page.next_cursor:
        st.caption(f"The newest {_MOST_SHOWN} are shown; ask above about anybody else.")


def _more(limit: int) -> None:
    st.session_state[_SHOWN] = limit + _PAGE


def _row(entry: EntryView, *, may_lift: bool) -> None:
    with st.container(border=True, key=f"pp-card-row-{entry.hash.hex()[:16]}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{KIND[entry.kind]}** {plain(entry.hint)}", width="content")
            if may_lift and st.button("Take off", key=f"lift-{entry.hash.hex()}", type="tertiary"):
                _confirm(entry)
        who = f" · {entry.added_by}" if entry.added_by else ""
        st.caption(someone(f"{entry.reason} · {SOURCE[entry.source]}{who} · {local(entry.since):%Y-%m-%d}"))


@st.dialog("Take this entry off the list?")
def _confirm(entry: EntryView) -> None:
    st.markdown(
        plain(f"{KIND[entry.kind]} {entry.hint}, since {local(entry.since):%Y-%m-%d}: {entry.reason}")
    )
    st.markdown("The next campaign may find, store and ask about them again.")
    if entry.source is SuppressedBy.ERASURE:
        st.warning("They asked to be erased. Take them off only when they themselves wish it.")
    with st.container(horizontal=True):
        if st.button("Yes, take it off", type="primary", key="lift_yes"):
            try:
                suppression_list.remove(session.require_person(), entry.hash)
            except Refused as refused:
                st.warning(plain(str(refused)))
                return
            st.rerun()
        if st.button("Keep it", key="lift_no"):
            st.rerun()
