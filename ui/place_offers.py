"""Places that a typed one may mean, each one click away."""

from __future__ import annotations

import streamlit as st

from pipeline.campaign import CampaignSpec
from pipeline.geo.countries import country_name
from services import places
from services.errors import Refused
from services.places import Candidate
from ui.draft_address import KEYS
from ui.format import number
from ui.text import plain


def draw(spec: CampaignSpec) -> None:
    """Draw what there is to choose from, if the place of an order is not clear."""
    try:
        offers = places.meaning(spec.location).offers
    except Refused:
        return
    if offers:
        st.caption("Which place do you mean?")
    for index, offer in enumerate(offers):
        st.button(
            plain(_words(offer)), key=f"place-{index}", on_click=_choose, args=(offer.label,), width="stretch"
        )


def _words(offer: Candidate) -> str:
    country = country_name(offer.country) if offer.country else ""
    where = offer.label if not country or country in offer.label else f"{offer.label}, {country}"
    return f"{where} · {number(offer.businesses)} {'business' if offer.businesses == 1 else 'businesses'}"


def _choose(label: str) -> None:
    st.session_state[KEYS["location"]] = label
