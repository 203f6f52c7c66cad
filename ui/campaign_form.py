"""The fields of a new campaign; each sits in the address, so a link or a reload brings them back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.campaign import CampaignSpec
from pipeline.order_limits import default_of, in_range
from services import planning, providers
from services.lists import Orderable
from services.providers import Choice
from ui import address, draft, draft_address, form_criteria, own_list_card
from ui.draft_address import KEYS
from ui.form_minimums import minimums
from ui.text import plain

_ASKED = "draft_asked"


def fields(
    own: Orderable | None = None,
) -> tuple[CampaignSpec | None, dict[str, str], dict[str, DeltaGenerator]]:
    """Draw every field, for an ``own`` list without whom and where; returns the order, or None and what is missing or
    wrong, by field; and the place below each for what there is to say of it.

    What is wrong shows below its field at once, what is missing only after ``ask_for_missing``.
    """
    draft_address.fill()
    notes: dict[str, DeltaGenerator] = {}
    with st.container(border=True, key="pp-card-form"):
        if own:
            own_list_card.draw(own)
        else:
            st.header("Who are you looking for?", anchor=False)
            _whom()
        notes["business_types"] = st.empty()
        if not own:
            _where()
        notes["location"], notes["radius_km"] = st.empty(), st.empty()
    with st.container(border=True, key="pp-card-form-limits"):
        st.header("How many, how sure, for how much?", anchor=False)
        _amounts()
        notes["max_results"], notes["budget_usd"] = st.empty(), st.empty()
        minimums(notes, is_of_book=own is not None and own.is_of_book)
    with st.container(border=True, key="pp-card-form-criteria"):
        form_criteria.criteria(notes)
    with st.container(border=True, key="pp-card-form-ways"):
        st.header("What to look up?" if own else "Where to look, and what to look up?", anchor=False)
        if not own:
            _sources()
        notes["sources"] = st.empty()
        _waterfall()
        notes["waterfall"] = st.empty()
    address.write(draft_address.as_query())
    spec, errors = draft.current(own)
    for field, sentence in errors.items():
        if st.session_state.get(_ASKED) or not draft.is_missing(field):
            notes[field].caption(f":red[{plain(sentence)}]")
    return spec, errors, notes


def ask_for_missing(ask: bool) -> None:
    """From the next rerun on, whether empty fields count as mistakes: an untouched form has none."""
    st.session_state[_ASKED] = ask


def _whom() -> None:
    st.multiselect(
        "Business types",
        _category_labels(),
        key=KEYS["business_types"],
        accept_new_options=True,
        select_all=False,
        filter_mode="contains",
        placeholder="Cafe, dentist, plumber …",
        help="Pick from the list, or type words of any language. Several are fine.",
        on_change=draft.move_place,
    )
    if st.session_state.get(KEYS["by_name"]):
        _by_name()


def _by_name() -> None:
    """Shown once there is one: the words a person chose to search names for."""
    st.multiselect(
        "Searched for in names",
        st.session_state.get(KEYS["business_types"]) or [],
        key=KEYS["by_name"],
        accept_new_options=True,
        select_all=False,
        help="These are no type of business: names and descriptions are searched for them.",
    )


def _where() -> None:
    place, radius = st.columns([2, 1])
    place.selectbox(
        "Location",
        planning.location_choices(),
        index=None,
        key=KEYS["location"],
        accept_new_options=True,
        filter_mode="contains",
        placeholder="A city or district",
        help="Pick a place, or type one.",
    )
    radius.number_input(
        "Radius in km (optional)",
        value=None,
        step=0.5,
        format="%.1f",
        key=KEYS["radius_km"],
        on_change=draft_address.forget_unread,
        args=("radius_km",),
        placeholder="Whole place",
        help=f"How far around the middle of the place to look, {in_range('radius_km')} km.",
    )


def _amounts() -> None:
    count, budget = st.columns(2)
    count.number_input(
        "How many leads",
        value=None,
        step=1,
        placeholder=f"{default_of('max_results'):g}",
        key=KEYS["max_results"],
        on_change=draft_address.forget_unread,
        args=("max_results",),
        help=f"The best ones first; {in_range('max_results')}.",
    )
    budget.number_input(
        "Budget in US dollars",
        value=None,
        step=1.0,
        placeholder="0.00",
        format="%.2f",
        key=KEYS["budget_usd"],
        on_change=draft_address.forget_unread,
        args=("budget_usd",),
        help="The campaign never spends more. With $0 only what is free is asked.",
    )


def _sources() -> None:
    offers = providers.sources()
    st.pills(
        "Sources",
        [offer.label for offer in offers if not offer.why_not],
        selection_mode="multi",
        key=KEYS["sources"],
        on_change=draft_address.forget_unread,
        args=("sources",),
        help="Free sources are asked first. A paid one is only asked for what they leave open.",
    )
    _notes(offers)


def _waterfall() -> None:
    offers = providers.steps()
    st.multiselect(
        "Look-ups, in this order",
        [offer.label for offer in offers if not offer.why_not],
        key=KEYS["waterfall"],
        on_change=draft_address.forget_unread,
        args=("waterfall",),
        select_all=False,
        placeholder="None: only what the sources say",
        help="Each is asked only for what the ones before it did not find. Remove one to switch it off; remove and add"
        " to change the order.",
    )
    _notes(offers)


def _notes(offers: Sequence[Choice]) -> None:
    """What each choice costs, or why it cannot be chosen."""
    told = [offer.why_not or f"{offer.label}: {offer.price}" for offer in offers]
    st.caption(plain(" · ".join(part.removesuffix(".") for part in told)))


@st.cache_data(ttl=60, show_spinner=False)
def _category_labels() -> list[str]:
    return [choice.label for choice in planning.category_choices()]
