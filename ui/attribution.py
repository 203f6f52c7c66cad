"""The credit that open data asks for wherever it is shown."""

from __future__ import annotations

import streamlit as st


def attribution(*, with_google: bool) -> None:
    """OpenStreetMap's attribution, as section 4.3 of the Open Database Licence asks of a produced work, and Google's,
    as its policies ask wherever its content is shown without its map.
    """
    with st.container(key="pp-foot"):
        st.markdown(
            "Business data © [OpenStreetMap contributors](https://www.openstreetmap.org/copyright), "
            f"available under the Open Database Licence.{' Some of it from Google Maps.' if with_google else ''}"
        )
