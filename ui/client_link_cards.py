"""Client links as cards, with what was seen of each, and closing one."""

from __future__ import annotations

import streamlit as st

from services import client_links
from services.client_links import LinkRow
from services.identity import Person
from ui import question
from ui.format import counted, day
from ui.question import Question
from ui.text import plain, someone
from ui.viewer_time import local, to_the_second


def card(person: Person, row: LinkRow) -> None:
    """One link."""
    with st.container(border=True, key=f"pp-card-link-{row.id.hex}", gap="small"):
        st.markdown(f"**{plain(row.name)}** · {plain(row.shows)}")
        st.caption(someone(" · ".join(_facts(row))))
        if row.is_open:
            shown = client_links.formula(row.id) if row.schedule_id else client_links.address(row.id)
            st.code(shown, language=None, wrap_lines=True)
        if client_links.may_revoke(person, row):
            st.button("Close", key=f"close-{row.id.hex}", on_click=_ask_to_close, args=(row,))


def _facts(row: LinkRow) -> list[str]:
    until = f"open until {day(local(row.expires_at))}" if row.is_open else _ended(row)
    seen = "not opened yet"
    if row.viewed_at:
        seen = f"opened {counted(row.views, 'time')}, last on {to_the_second(row.viewed_at)}"
    shown = "contacts in full" if row.shows_contacts else "contacts masked"
    made = f"made {day(local(row.created_at))} by {row.maker}"
    return [until, seen, shown, *_also(row), made]


def _also(row: LinkRow) -> list[str]:
    asks = ["asks for a password"] if row.has_password else []
    return [*asks, *(["download allowed"] if row.allows_download else [])]


def _ended(row: LinkRow) -> str:
    if row.revoked_at:
        return f"closed {day(local(row.revoked_at))}"
    return f"not open; its time ends or ended {day(local(row.expires_at))}"


def _ask_to_close(row: LinkRow) -> None:
    question.ask(
        Question(
            title="Close this link?",
            body=f"Whoever has the link for “{row.name}” sees nothing any more. It cannot be opened again.",
            yes="Close it",
            act=lambda person: client_links.revoke(person, row.id),
            done="The link is closed.",
        )
    )
