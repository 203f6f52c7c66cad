"""Our own colours of the theme a person looks at; ui/style.css says what they are for."""

from __future__ import annotations

import streamlit as st

_COLOURS = {
    "light": {
        "card": "#FFFFFF",
        "accent": "#0F766E",
        "line": "#D9E2DF",
        "muted": "#55655F",
        "warn": "#B45309",
        "here": "#DCE6E2",
    },
    "dark": {
        "card": "#131D1B",
        "accent": "#2DBFAF",
        "line": "#2A3835",
        "muted": "#9DB0AA",
        "warn": "#FBBF24",
        "here": "#22312E",
    },
}


def apply() -> None:
    """Put the colours on the page; call it once per rerun. A person may choose another theme than their system's."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    colours = " ".join(f"--pp-{name}: {value};" for name, value in _COLOURS[theme].items())
    st.html(f"<style>:root {{ {colours} }}</style>")
