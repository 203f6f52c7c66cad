"""Places that a typed one may mean, each one click away."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import CampaignSpec
from pipeline.geo.countries import country_name
from services import place_loading, places
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from services.places import Candidate
from ui import said, session
from ui.draft_address import KEYS
from ui.format import number
from ui.text import plain


def draw(person: Person, spec: CampaignSpec) -> None:
    """Draw what there is to choose from, if the place of an order is not clear; and having it loaded, if nobody here
    knows it."""
    try:
        meaning = places.meaning(spec.location)
    except Refused:
        return
    offers = meaning.offers
    if offers:
        st.caption("Which place do you mean?")
    for index, offer in enumerate(offers):
        st.button(
            plain(_words(offer)), key=f"place-{index}", on_click=_choose, args=(offer.label,), width="stretch"
        )

    if not meaning.candidates and not meaning.is_chosen:
        _unknown(person, spec.location)


def _unknown(person: Person, location: str) -> None:
    if may(person, Right.LOAD_PLACES):
        words, act = f"Load “{location}” from OpenStreetMap", _load
    else:
        words, act = f"Ask an administrator to load “{location}”", _wish
    st.button(plain(words), key="place-load", on_click=act, args=(location,), width="stretch")


def _load(location: str) -> None:
    """A callback."""
    person = session.require_person()
    done = (
        f"“{location}” is loaded as soon as a worker comes to it; see Admin, Places. Order when it is there."
    )
    said.after(lambda: place_loading.load_city(person, location), done)


def _wish(location: str) -> None:
    """A callback."""
    person = session.require_person()
    done = "The administrators are told that you miss it."
    said.after(lambda: place_loading.wish(person, location), done)


def _words(offer: Candidate) -> str:
    country = country_name(offer.country) if offer.country else ""
    where = offer.label if not country or country in offer.label else f"{offer.label}, {country}"
    return f"{where} · {number(offer.businesses)} {'business' if offer.businesses == 1 else 'businesses'}"


def _choose(label: str) -> None:
    st.session_state[KEYS["location"]] = label
