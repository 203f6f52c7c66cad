"""Asking the suppression list about somebody, and putting people on it: by typing, and from a file."""

from __future__ import annotations

import streamlit as st

from pipeline.imports.subject_file import MOST_ROWS, SubjectFile
from pipeline.suppression import MAX_REASON
from services import suppression_list
from services.errors import Refused
from services.identity import Person
from ui.format import counted
from ui.suppression_words import KIND, SOURCE
from ui.text import plain
from ui.viewer_time import local

_SAID, _TAKEN = "suppression_said", "suppression_files_taken"
_WHO = "E-mail address, domain or phone number"
_EXAMPLE = "info@example.com, example.com or +358 9 1234567"
_TOWN = "Town or postcode, for the name of a company"
_MOST_BAD = 10


def said_last() -> None:
    """Draw what came of the last action, once."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said))


def check(person: Person) -> None:
    """Draw the question whether somebody is on the list, and its answer."""
    st.header("Is somebody on it?", anchor=False)
    with st.form("check_form", border=False):
        left, right = st.columns([2, 1])
        who = left.text_input(
            f"{_WHO}, or a company's name", key="check_who", max_chars=320, placeholder=_EXAMPLE
        )
        place = right.text_input(_TOWN, key="check_place", max_chars=100)
        is_sent = st.form_submit_button("Look", key="check_send")
    if not is_sent:
        return
    try:
        entry = suppression_list.check(person, who or "", place or "")
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    if entry is None:
        st.info("Not on the list.")
        return
    since = f"{local(entry.since):%Y-%m-%d}"
    whose = ", for the whole installation" if entry.is_installation else ""
    st.warning(
        plain(
            f"On the list since {since}, {SOURCE[entry.source]}{whose}, by {KIND[entry.kind].lower()}: {entry.reason}."
        )
    )


def add(person: Person) -> None:
    """Draw the form that puts somebody on the list."""
    st.header("Put somebody on it", anchor=False)
    with st.form("add_form", border=False, clear_on_submit=False):
        left, right = st.columns([2, 1])
        who = left.text_input(
            f"{_WHO}, or a company's name", key="add_who", max_chars=320, placeholder=_EXAMPLE
        )
        place = right.text_input(_TOWN, key="add_place", max_chars=100)
        reason = st.text_input(
            "Reason", key="add_reason", max_chars=MAX_REASON, placeholder="Asked us not to write again",
            help="It is shown to everybody in the workspace and with campaigns; write no names into it.",
        )  # fmt: skip
        is_sent = st.form_submit_button("Put on the list", type="primary", key="add_send")
    if not is_sent:
        return
    try:
        subject = suppression_list.understood(who or "", place or "")
        added = suppression_list.add(person, [subject], reason or "")
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    kind = KIND[subject.kind].lower()
    _say(f"The {kind} is on the list now." if added.new else f"The {kind} was on the list already.")


def upload(person: Person) -> None:
    """Draw the upload of a file; what is in it is shown before anything is kept."""
    st.header("Put many on it", anchor=False)
    st.caption(
        f"A CSV file of up to {MOST_ROWS:,} rows with columns such as email, domain, phone, or name and place, and"
        " reason if you like. You see what is in it before anything is kept."
    )
    left, right = st.columns(2)
    reason = left.text_input("Reason for rows without one", key="file_reason", max_chars=MAX_REASON)
    country = right.text_input(
        "Country of numbers without +", key="file_country", max_chars=2, placeholder="FI"
    )
    # A file that was taken over is let go of by giving the field a new name.
    given = st.file_uploader("CSV file", key=f"file_given-{st.session_state.get(_TAKEN, 0)}", type=None)
    if given is None:
        return
    try:
        file = suppression_list.read(given.getvalue(), (country or "").upper() or None)
    except Refused as refused:
        st.error(plain(str(refused)))
        return
    _found(person, file, reason or "")


def _found(person: Person, file: SubjectFile, reason: str) -> None:
    repeated = (
        f" {counted(file.repeated, 'entry', 'entries')} stood there more than once." if file.repeated else ""
    )
    st.markdown(plain(f"The file names {counted(len(file.named), 'entry', 'entries')}.{repeated}"))
    if file.bad:
        st.warning(plain(f"{counted(len(file.bad), 'row')} cannot be used, so nothing is kept yet."))
        for number, why in file.bad[:_MOST_BAD]:
            st.caption(plain(f"Row {number:,}: {why}"))
        if len(file.bad) > _MOST_BAD:
            st.caption(f"And {counted(len(file.bad) - _MOST_BAD, 'more row', 'more rows')}.")
    if not file.named:
        return
    label = f"Put {counted(len(file.named), 'entry', 'entries')} on the list"
    if file.bad:
        label += f", skip {counted(len(file.bad), 'row')}"
    if st.button(label, type="primary", key="file_send"):
        try:
            added = suppression_list.add_file(person, file, reason, skip_bad=True)
        except Refused as refused:
            st.warning(plain(str(refused)))
            return
        st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
        _say(f"{added.new:,} put on the list; {added.known:,} were on it already.")


def _say(said: str) -> None:
    st.session_state[_SAID] = said
    st.rerun()
