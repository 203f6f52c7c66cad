"""The credit that the sources of what is shown ask for."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from pipeline.campaign import OWN_LIST
from pipeline.output.credits import Credit, attributions, credit, licences
from pipeline.providers.registry import registry
from pipeline.words.osm_tags import SOURCE
from ui.text import plain


def attribution(shown: Iterable[Credit], sources: Iterable[str] = ()) -> None:
    """Everybody to credit for what is ``shown`` and for the ``sources`` of an order, and the licences: OpenStreetMap as
    section 4.3 of the Open Database Licence asks of a produced work, others as their terms ask wherever their content
    is. An own list asks for none.
    """
    on_map, own = credit(SOURCE, None, None), credit(OWN_LIST, None, None)
    asked = [credit(spec.origin, None, None) for spec in registry().chosen(sources) if spec.terms.credit]
    credits = dict.fromkeys([*asked, *shown])
    others = [each for each in credits if each not in (on_map, own)]
    said = []
    if on_map in credits:
        said.append(
            "Business data © [OpenStreetMap contributors](https://www.openstreetmap.org/copyright), "
            "available under the Open Database Licence."
        )
    if others:
        granted = f" ({plain(licences(others))})" if licences(others) else ""
        said.append(
            f"{'Some of it' if said else 'Business data'} from {plain(attributions(others))}{granted}."
        )
    if said:
        with st.container(key="pp-foot"):
            st.markdown(" ".join(said))
