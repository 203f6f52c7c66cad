"""Whom new companies are given to, as admins see and change it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from services import assigning
from services.assigning import LONGEST_PLACE, Assignment, Part, PlaceRow
from services.identity import Person
from services.permissions import Right, may
from ui import said, session
from ui.text import someone

_PART, _PLACE, _WHOM, _TURNS = "assign_part", "assign_place", "assign_whom", "assign_turns"
_WORDS = {Part.CITY: "City", Part.COUNTRY: "Country, two letters", Part.POSTCODE: "Postcode begins with"}
_CAPTION = (
    "A company that enters the book is given to who has its place, the rest in turns. Nobody's choice is changed, and"
    " companies that are there already stay as they are."
)


def section(person: Person) -> None:
    """Draw it for who may change it."""
    if not may(person, Right.ASSIGN):
        return
    found = assigning.assignment(person)
    st.header("Whom new companies are given to", anchor=False)
    with st.container(border=True, key="pp-card-assigning"):
        st.caption(_CAPTION)
        for row in found.places:
            _place(row)
        _new_place(found)
        _in_turns(found)


def _place(row: PlaceRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(someone(f"{_WORDS[Part(row.part)]}: {row.place} → {row.email}"), width="content")
        st.button(
            "Remove",
            key=f"unassign-{row.id.hex}",
            type="tertiary",
            on_click=_take,
            args=(row,),
        )


def _take(row: PlaceRow) -> None:
    """A callback."""
    gone = f"{row.place} is given to nobody in particular any more."
    said.after(lambda: assigning.take_place(session.require_person(), row.id), gone)


def _new_place(found: Assignment) -> None:
    with (
        st.form("assign_place_form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.selectbox("What is compared", list(_WORDS), key=_PART, format_func=lambda part: _WORDS[part])
        st.text_input("Place", key=_PLACE, max_chars=LONGEST_PLACE, placeholder="Turku")
        st.selectbox("Goes to", list(found.people), key=_WHOM, format_func=lambda one: found.people[one])
        st.form_submit_button("Add place", on_click=_give)


def _give() -> None:
    """A callback: what was typed stays when it is refused."""
    state = st.session_state
    part, place, whom = state[_PART], state[_PLACE], state[_WHOM]
    give = partial(assigning.give_place, part=part, place=place, member=whom)
    if said.after(lambda: give(session.require_person()), "New companies of this place have an owner."):
        state[_PLACE] = ""


def _in_turns(found: Assignment) -> None:
    with (
        st.form("assign_turns_form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        chosen = [one for one in found.turns if one in found.people]
        st.multiselect(
            "All others go in turns to",
            list(found.people),
            chosen,
            key=_TURNS,
            format_func=lambda one: found.people[one],
            placeholder="Nobody: they have no owner",
        )
        st.form_submit_button("Save turns", on_click=_take_turns)


def _take_turns() -> None:
    """A callback."""
    members = st.session_state[_TURNS]
    said.after(lambda: assigning.take_turns(session.require_person(), members), "The turns are saved.")
