"""Loads of places: what people asked for, what is under way, what came of the last ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

import streamlit as st

from services import place_loading
from services.identity import Person
from services.permissions import Right
from services.place_loading import LoadKind, LoadRow, LoadState, Wish
from ui import said, session
from ui.format import ago, counted
from ui.place_load_words import KIND, STATE, progress, result
from ui.text import plain, someone
from ui.viewer_time import local

_LOOK_S = 2.0
_UNDER_WAY = (LoadState.WAITING, LoadState.RUNNING)


def wishes(found: Sequence[Wish]) -> None:
    """Draw the places people miss, each with what can be done about it."""
    if not found:
        return
    with st.container(border=True, key="pp-card-wishes", gap="xsmall"):
        st.header("People asked for", anchor=False)
        for index, wish in enumerate(found):
            with st.container(horizontal=True, vertical_alignment="center"):
                who = counted(wish.people, "person", "people")
                st.markdown(plain(f"{wish.place} · {who}, {ago(local(wish.asked_at))}"), width="stretch")
                done = f"“{wish.place}” is loaded as soon as a worker comes to it."
                act = partial(_act, partial(place_loading.load_city, place=wish.place), done)
                st.button("Load", key=f"wish-load-{index}", on_click=act)
                done = f"“{wish.place}” is not asked for any more."
                act = partial(_act, partial(place_loading.turn_down, place=wish.place), done)
                st.button("Turn down", key=f"wish-drop-{index}", type="tertiary", on_click=act)


def under_way(found: Sequence[LoadRow]) -> None:
    """Draw what waits or runs, anew every few seconds."""
    drawn = _going(found)
    if drawn:
        st.fragment(_under_way, run_every=_LOOK_S)([load.id for load in drawn])


def _under_way(drawn: Sequence[UUID]) -> None:
    going = _going(place_loading.loads(session.require_right(Right.SEE_PLACES)))
    if [load.id for load in going] != list(drawn):
        st.rerun()
    for load in going:
        with st.container(border=True, key=f"pp-card-load-{load.id.hex}", gap="xsmall"):
            _title(load)
            share, words = progress(load)
            st.progress(share, text=plain(words))
            done = "It is stopped. What was stored stays, and it can go on from there."
            act = partial(_act, partial(place_loading.stop, load_id=load.id), done)
            st.button("Stop", key=f"load-stop-{load.id.hex}", on_click=act)


def history(found: Sequence[LoadRow]) -> None:
    """Draw what came of the last loads."""
    ended = [load for load in found if load.state not in _UNDER_WAY]
    if not ended:
        return
    st.header("What was loaded", anchor=False)
    for load in ended:
        with st.container(border=True, key=f"pp-card-load-{load.id.hex}", gap="xsmall"):
            _title(load)
            if told := result(load):
                st.markdown(plain(told))
            if load.said:
                st.markdown(
                    f":red[{plain(load.said)}]" if load.state is LoadState.FAILED else plain(load.said)
                )
            if load.state is not LoadState.DONE:
                _again(load)


def _again(load: LoadRow) -> None:
    if not (load.has_file or load.kind in (LoadKind.CITY, LoadKind.REMOVE)):
        st.caption("Its file is not kept any more; upload it again.")
        return
    act = partial(_act, partial(place_loading.go_on, load_id=load.id), "It goes on where it stood.")
    st.button("Go on", key=f"load-again-{load.id.hex}", on_click=act)


def _title(load: LoadRow) -> None:
    words, colour = STATE[load.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(load.name)}**", width="content")
        st.badge(words, color=colour)
    of_file = f" · {load.file_name}" if load.file_name else ""
    who = load.asked_by or "somebody who has no account any more"
    when = local(load.ended_at or load.asked_at)
    st.caption(someone(f"{KIND[load.kind]}{of_file} · {ago(when)} · asked for by {who}"))


def _going(found: Sequence[LoadRow]) -> list[LoadRow]:
    return [load for load in found if load.state in _UNDER_WAY]


def _act(act: Callable[[Person], None], done: str) -> None:
    """A callback."""
    person = session.require_right(Right.LOAD_PLACES)
    said.after(lambda: act(person), done)
