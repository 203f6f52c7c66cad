"""Having places loaded: a city by its name, or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from services import place_loading
from services.errors import Refused
from services.identity import Person
from services.place_loading import (
    COMMANDS,
    ENDINGS,
    LONGEST_NAME,
    LONGEST_PLACE,
    REGISTERS,
    FileLoad,
    LoadKind,
)
from ui import once, said
from ui.place_load_words import KIND
from ui.text import plain

_TAKEN = "place_forms_taken"
_FILES: Mapping[str, LoadKind] = {KIND[kind]: kind for kind in ENDINGS}


def draw(person: Person, *, may_fetch: bool) -> None:
    """Draw both ways; what is typed stays when it is refused."""
    # What was taken over is let go of by giving its fields new names.
    taken = st.session_state.get(_TAKEN, 0)
    with st.container(border=True, key="pp-card-add-city"):
        _city(person, taken, may_fetch=may_fetch)
    with st.container(border=True, key="pp-card-add-file"):
        _file(person, taken)


def _city(person: Person, taken: int, *, may_fetch: bool) -> None:
    st.header("Add a city", anchor=False)
    st.caption(
        "Its businesses as OpenStreetMap knows them today, fetched by a worker from the Overpass server of this"
        " installation, part by part. Countries and states come by file."
    )
    if not may_fetch:
        st.warning(
            "This installation could not reach that server lately. Upload a file instead, or try later."
        )
    with st.form(f"add_city-{taken}", border=False):
        place = st.text_input(
            "City", key=f"city_place-{taken}", max_chars=LONGEST_PLACE, placeholder="Tampere, Finland"
        )
        if st.form_submit_button("Load this city", type="primary"):
            _take(lambda: place_loading.load_city(person, place or ""), place or "")


def _file(person: Person, taken: int) -> None:
    st.header("Add a file", anchor=False)
    kind = _FILES[st.selectbox("What is it?", list(_FILES), key="place_kind")]
    _about(kind)
    with st.form(f"add_file-{taken}", border=False):
        given = st.file_uploader("File", key=f"place_file-{taken}", type=None)
        name, country, day = st.columns(3)
        called = name.text_input(
            "Name", key=f"place_name-{taken}", max_chars=LONGEST_NAME, placeholder="The file's own",
            help="A newer file under the name of an earlier one renews it: places that it lacks are hidden.",
        )  # fmt: skip
        land = country.text_input(
            "Country", key=f"place_country-{taken}", max_chars=60, placeholder="Finland or FI",
            help="Of places whose address names none.",
        )  # fmt: skip
        seen = day.date_input("Day of the snapshot", value=None, key=f"place_day-{taken}", max_value="today")
        whole = st.checkbox("Whatever it lacks is gone, however much", key=f"place_whole-{taken}")
        if not st.form_submit_button("Load this file", type="primary"):
            return
    if given is None:
        st.warning("Choose a file first.")
        return
    load = FileLoad(
        kind=kind,
        file_name=given.name,
        name=called or "",
        country=land or "",
        observed_on=seen,
        is_complete=whole,
    )
    _take(lambda: place_loading.load_file(person, load, given.getvalue()), given.name)


def _about(kind: LoadKind) -> None:
    """What files of a kind look like, and what there is to know before."""
    st.caption(
        plain(
            f"{place_loading.endings(kind)}, up to {place_loading.most_mb()} MB. Larger files, and several at once, are"
            f" read on the machine itself:"
        )
        + f" `manage.py {COMMANDS[kind]} FILE`"
    )
    if kind in REGISTERS:
        st.caption(
            "Registers state an address and no position: companies come in where loaded places, or a file of postcodes"
            " given on the machine itself by `--postcodes`, tell where their postcode is. Load places first."
        )


def _take(act: Callable[[], None], what: str) -> None:
    try:
        once.once(("place", what, st.session_state.get(_TAKEN)), act)
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
    said.keep(f"“{what}” is loaded as soon as a worker comes to it.")
    st.rerun()
