"""Notes that mention whoever looks, on the Home page, until they are read."""

from __future__ import annotations

import streamlit as st

from services import mentions
from services.identity import Person
from ui import navigation, said, session
from ui.format import ago
from ui.text import plain, someone
from ui.viewer_time import local

_LONGEST = 120
_HERE = "home_mentions"


def draw(person: Person) -> None:
    """Draw the newest; nothing when all are read. Opening the company reads those about it."""
    said.show(_HERE)
    found = mentions.unread(person)
    if not found.newest:
        return
    with st.container(border=True, key="pp-card-mentions", gap="xsmall"):
        is_more = found.number > mentions.MOST_COUNTED
        st.header(f"Mentions ({f'{mentions.MOST_COUNTED}+' if is_more else found.number})", anchor=False)
        for each in found.newest:
            with st.container(gap=None):
                st.page_link(
                    navigation.LEADS, label=plain(each.company), query_params={"company": each.company_id.hex}
                )
                text = each.text if len(each.text) <= _LONGEST else f"{each.text[:_LONGEST].rstrip()} …"
                who = someone(each.author) if each.author else "A former member"
                st.caption(f"{someone(text)}  \n{who} · {ago(local(each.at))}")
        if found.number > len(found.newest):
            st.caption("Those before stand here once these are read.")
        st.button("Mark all as read", key="mentions_read", type="tertiary", on_click=_read)


def _read() -> None:
    said.after(lambda: mentions.mark_all_read(session.require_person()), "", _HERE)
