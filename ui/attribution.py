"""The credit that open data asks for wherever it is shown."""

from __future__ import annotations

import streamlit as st


def attribution() -> None:
    """OpenStreetMap's attribution, as section 4.3 of the Open Database Licence asks of a produced work."""
    with st.container(key="pp-foot"):
        st.markdown(
            "Business data © [OpenStreetMap contributors](https://www.openstreetmap.org/copyright), "
            "available under the Open Database Licence."
        )
