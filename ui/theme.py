"""The theme a person looks at, for what opens above the page."""

from __future__ import annotations

import streamlit as st


def apply() -> None:
    """Tell the document which theme it is; call it once per rerun.

    The page itself always knows. Dialogs and lists hang beside it in the document, which else only knows the system's
    theme, and a person may have chosen another.
    """
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(f"<style>:root {{ color-scheme: {theme} }}</style>")
