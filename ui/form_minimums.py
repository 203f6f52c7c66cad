"""The settings of a new campaign that leave businesses out, each with what it keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.campaign import KnownCompanies
from pipeline.money.estimate import Estimate
from pipeline.money.kept import SETTINGS, SWITCHES
from pipeline.order_limits import bounds
from pipeline.scoring.demands import DEMANDS
from pipeline.scoring.switches import SWITCHES as BY_NAME
from ui import draft_address, figure_words, plan_figures
from ui.draft_address import KEYS
from ui.form_demands import demands

_KNOWN = "known_companies"
_CUSTOMERS = "skip_customers"
_LABELS = {"min_confidence": "Minimum confidence", "min_reach": "Minimum reach"}
_WAYS = {
    KnownCompanies.INCLUDE.value: (
        "Include them",
        "They are leads like others. What is held about them is used, and nothing is bought twice.",
    ),
    KnownCompanies.SKIP.value: (
        "New companies only",
        "They are not looked up, not stored again, and do not count towards how many leads.",
    ),
    KnownCompanies.REFRESH.value: (
        "Look them up anew",
        "Their websites are read again, and answers we hold are bought anew, for all leads of the order.",
    ),
}
_HELP = {"min_confidence": figure_words.CONFIDENCE, "min_reach": figure_words.REACH}


def minimums(notes: dict[str, DeltaGenerator], *, is_of_book: bool) -> None:
    """Draw the settings; below each a place in ``notes`` for what is wrong with it, and for what it keeps.

    ``is_of_book``: the companies were chosen from the book, so that none of them is new."""
    former = st.query_params.get(draft_address.FORMER_MINIMUM)
    if former and re.fullmatch("[0-9]{1,3}", former):
        st.caption(
            f"The order you started from asked for a score of {former}, the single figure of earlier versions,"
            " which mixed these two. Choose anew whom to leave out, if anybody."
        )
    for field, column in zip(_LABELS, st.columns(2), strict=True):
        with column:
            _slider(field)
            notes[field] = st.empty()
    names = list(BY_NAME)
    for pair in (names[start : start + 2] for start in range(0, len(names), 2)):
        for name, column in zip(pair, st.columns(2), strict=False):
            with column:
                st.checkbox(BY_NAME[name].label, key=KEYS[name], help=BY_NAME[name].help)
                notes[name] = st.empty()
    unread = draft_address.unread_sentences()
    _, places = demands(KEYS, draft_address.forget_unread, is_open=any(name in unread for name in DEMANDS))
    notes.update(places)
    _ways(is_of_book=is_of_book)
    notes[_KNOWN] = st.empty()
    st.checkbox(
        "Leave out customers",
        key=KEYS[_CUSTOMERS],
        help="Leaves out companies on the lists of customers that were uploaded on Lists: they are not looked up, not"
        " stored, and do not count towards how many leads.",
    )
    notes[_CUSTOMERS] = st.empty()


def keeps(notes: Mapping[str, DeltaGenerator], expected: Estimate) -> None:
    """Say beside each setting how many of the known businesses it keeps, unless something is wrong with it."""
    wrong = draft_address.unread_sentences()
    for setting in (each for each in SETTINGS if each not in wrong):
        is_on = setting not in SWITCHES or bool(st.session_state.get(KEYS[setting]))
        if said := plan_figures.kept_by(expected, setting, is_on=is_on):
            notes[setting].caption(said)
    way = st.session_state.get(KEYS[_KNOWN])
    told = plan_figures.new_of(expected, is_on=way == KnownCompanies.SKIP)
    if told and _KNOWN not in wrong:
        notes[_KNOWN].caption(told)
    if said := plan_figures.others_of(expected, is_on=bool(st.session_state.get(KEYS[_CUSTOMERS]))):
        notes[_CUSTOMERS].caption(said)


def _ways(*, is_of_book: bool) -> None:
    ways = {way: words for way, words in _WAYS.items() if not (is_of_book and way == KnownCompanies.SKIP)}
    if st.session_state[KEYS[_KNOWN]] not in ways:
        st.session_state[KEYS[_KNOWN]] = KnownCompanies.INCLUDE.value
    st.radio(
        "Companies in your book already",
        list(ways),
        key=KEYS[_KNOWN],
        format_func=lambda way: ways[way][0],
        captions=[caption for _, caption in ways.values()],
        on_change=draft_address.forget_unread,
        args=(_KNOWN,),
    )
    if is_of_book:
        st.caption("All of these are in your book, so there is no choice of new companies only.")


def _slider(field: str) -> None:
    least, most = bounds(field)
    st.slider(
        _LABELS[field],
        int(least),
        int(most),
        key=KEYS[field],
        on_change=draft_address.forget_unread,
        args=(field,),
        help=f"{_HELP[field]} By what the sources say, before anything is looked up. With 0 nobody is left out: the"
        " best come first.",
    )
