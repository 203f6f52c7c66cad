"""The keys that work the pages, and the list of them, which ``?`` opens (``api/browser.js``)."""

from __future__ import annotations

import streamlit as st

NEXT_LEAD, PREVIOUS_LEAD, CLOSE_LEAD = "J", "K", "Esc"
OUTCOMES = "123456"
"""One key for each outcome of a call, in the order of the buttons."""
SKIP = "S"
_KEYS = (
    ("Everywhere", (("?", "these keys"), ("Esc", "close what is open"))),
    ("A table of leads", (("arrows", "walk the cells"), ("Enter", "open the lead"), ("Space", "tick it"))),
    ("An open lead", ((NEXT_LEAD, "next lead"), (PREVIOUS_LEAD, "previous lead"), (CLOSE_LEAD, "close it"))),
    ("Call list", ((f"{OUTCOMES[0]} to {OUTCOMES[-1]}", "what came of the call"), (SKIP, "skip for now"))),
    ("Map", (("arrows", "move"), ("+ and -", "zoom"), ("Tab", "go from lead to lead"))),
)


def draw() -> None:
    """Draw the button that lists the keys."""
    with st.popover("Keyboard", icon=":material/keyboard:", type="tertiary", key="keyboard"):
        for place, keys in _KEYS:
            st.markdown(f"**{place}**")
            st.markdown("\n".join(f"- `{key}` {what}" for key, what in keys))
