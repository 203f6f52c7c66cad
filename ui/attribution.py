"""The credit that the sources of what is shown ask for."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from pipeline.campaign import OWN_LIST
from pipeline.providers.registry import registry
from ui.text import plain


def attribution(sources: Iterable[str]) -> None:
    """OpenStreetMap's attribution, as section 4.3 of the Open Database Licence asks of a produced work, and that of the
    other ``sources`` of an order, as their terms ask wherever their content is shown. An own list asks for none.
    """
    sources = tuple(sources)
    if sources == (OWN_LIST,):
        return
    others = dict.fromkeys(
        spec.terms.credit
        for spec in registry().chosen(sources)
        if spec.terms.credit and spec.origin != "openstreetmap"
    )
    some = f" Some of it from {plain(', '.join(others))}." if others else ""
    with st.container(key="pp-foot"):
        st.markdown(
            "Business data © [OpenStreetMap contributors](https://www.openstreetmap.org/copyright), "
            f"available under the Open Database Licence.{some}"
        )
