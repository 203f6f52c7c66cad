"""Where a person is signed in: each device, and the way to end it."""

from __future__ import annotations

import streamlit as st

from pipeline.output.notices import counted
from services import own_account
from services.errors import Refused
from services.identity import Person
from services.own_account import OwnSession
from ui import session, viewer_time
from ui.device_words import device_words
from ui.text import plain


def sessions(person: Person) -> None:
    """The list of open sessions."""
    found = own_account.sessions(person)
    st.header("Where you are signed in", anchor=False)
    st.caption(
        f"Times are those of {plain(viewer_time.zone_name())}. End what you do not know, then change your password."
    )
    for each in found:
        _session(each)
    others = sum(not each.is_this for each in found)
    if others:
        st.button(
            f"End all other sessions ({others})", key="end-others", on_click=_end_others, type="secondary"
        )


def _session(one: OwnSession) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"pp-session-{one.id}"):
        with st.container(gap="xxsmall"):
            here = " :green-badge[This one]" if one.is_this else ""
            name = "A command on the machine itself" if one.kind == "command" else device_words(one.device)
            st.markdown(f"**{plain(name)}**{here}")
            place = f"From {one.ip} · " if one.ip else ""
            opened, used = (
                f"{viewer_time.local(at):%Y-%m-%d %H:%M}" for at in (one.opened_at, one.last_used_at)
            )
            st.caption(plain(f"{place}signed in {opened} · last used {used}"))
        if not one.is_this:
            st.button("End", key=f"end-{one.id}", on_click=_end, args=(one,), width="content")


def _end(one: OwnSession) -> None:
    try:
        own_account.end_session(session.require_person(), one.id)
    except Refused as refused:
        st.toast(plain(str(refused)))
    else:
        st.toast("The session has ended.")


def _end_others() -> None:
    ended = own_account.end_other_sessions(session.require_person())
    st.toast(f"{counted(ended, 'other session')} ended.")
