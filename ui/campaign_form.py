"""The fields of a new campaign; each sits in the address, so a link or a reload brings them back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pipeline.campaign import MAX_TYPES, CampaignSpec, bounds, default_of, in_range
from services import planning, providers
from services.providers import Choice
from ui import draft
from ui.draft import KEYS
from ui.text import plain

_ASKED = "draft_asked"


def fields() -> tuple[CampaignSpec | None, dict[str, str]]:
    """Draw every field; returns the order, or None and what is missing or wrong, by field.

    What is wrong shows below its field at once, what is missing only after ``ask_for_missing``.
    """
    notes: dict[str, DeltaGenerator] = {}
    with st.container(border=True, key="pp-card-form"):
        st.subheader("Who are you looking for?", anchor=False)
        _whom()
        notes["business_types"] = st.empty()
        _where()
        notes["location"], notes["radius_km"] = st.empty(), st.empty()
    with st.container(border=True, key="pp-card-form-limits"):
        st.subheader("How many, how sure, for how much?", anchor=False)
        _amounts()
        notes["max_results"], notes["budget_usd"] = st.empty(), st.empty()
        _confidence()
        notes["min_confidence"] = st.empty()
    sources, steps = providers.defaults()
    with st.container(border=True, key="pp-card-form-ways"):
        st.subheader("Where to look, and what to look up?", anchor=False)
        _sources(sources)
        notes["sources"] = st.empty()
        _waterfall(steps)
    spec, errors = draft.current()
    for field, sentence in errors.items():
        if st.session_state.get(_ASKED) or not draft.is_missing(field):
            notes[field].caption(f":red[{plain(sentence)}]")
    return spec, errors


def ask_for_missing(ask: bool) -> None:
    """From the next rerun on, whether empty fields count as mistakes: an untouched form has none."""
    st.session_state[_ASKED] = ask


def _whom() -> None:
    st.multiselect(
        "Business types",
        _category_labels(),
        key=KEYS["business_types"],
        accept_new_options=True,
        max_selections=MAX_TYPES,
        select_all=False,
        filter_mode="contains",
        placeholder="Cafe, dentist, plumber …",
        help="Pick from the list, or type your own words and press Enter. Several are fine.",
        bind="query-params",
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
        help="Pick a place, or type one and press Enter.",
        bind="query-params",
    )
    radius.number_input(
        "Radius in km (optional)",
        value=None,
        step=0.5,
        format="%.1f",
        key=KEYS["radius_km"],
        placeholder="Whole place",
        help=f"How far around the middle of the place to look, {in_range('radius_km')} km.",
        bind="query-params",
    )


def _amounts() -> None:
    count, budget = st.columns(2)
    count.number_input(
        "How many leads",
        value=int(default_of("max_results")),
        step=1,
        key=KEYS["max_results"],
        help=f"The best ones first; {in_range('max_results')}.",
        bind="query-params",
    )
    budget.number_input(
        "Budget in US dollars",
        value=default_of("budget_usd"),
        step=1.0,
        format="%.2f",
        key=KEYS["budget_usd"],
        help="The campaign never spends more. With $0 only what is free is asked.",
        bind="query-params",
    )


def _confidence() -> None:
    least, most = bounds("min_confidence")
    st.slider(
        "Minimum confidence",
        int(least),
        int(most),
        value=int(default_of("min_confidence")),
        key=KEYS["min_confidence"],
        help="Leads below it are left out. Each lead shows how its confidence came about.",
        bind="query-params",
    )


def _sources(chosen: Sequence[str]) -> None:
    offers = providers.sources()
    st.pills(
        "Sources",
        [offer.label for offer in offers if not offer.why_not],
        selection_mode="multi",
        default=[offer.label for offer in offers if offer.value in chosen],
        key=KEYS["sources"],
        help="Free sources are asked first. A paid one is only asked for what they leave open.",
        bind="query-params",
    )
    _notes(offers)


def _waterfall(chosen: Sequence[str]) -> None:
    offers = providers.steps()
    st.multiselect(
        "Look-ups, in this order",
        [offer.label for offer in offers if not offer.why_not],
        default=[offer.label for offer in offers if offer.value in chosen],
        key=KEYS["waterfall"],
        select_all=False,
        placeholder="None: only what the sources say",
        help="Each is asked only for what the ones before it did not find. Remove one to switch it off; remove and add"
        " to change the order.",
        bind="query-params",
    )
    _notes(offers)


def _notes(offers: Sequence[Choice]) -> None:
    """What each choice costs, or why it cannot be chosen."""
    told = [offer.why_not or f"{offer.label}: {offer.price}" for offer in offers]
    st.caption(plain(" · ".join(part.removesuffix(".") for part in told)))


@st.cache_data(ttl=60, show_spinner=False)
def _category_labels() -> list[str]:
    return [choice.label for choice in planning.category_choices()]
