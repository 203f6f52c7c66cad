"""What was typed stays while its field is not shown: Streamlit forgets a widget that one run leaves out."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

_KEPT = "kept_fields_of_"


def keep(form: str, names: Iterable[str]) -> None:
    """Before the fields of a form are drawn: remember what the session has under these keys, and give back what it has
    no longer. A field with a key among them has no default of its own, see ``begin_with``."""
    held = st.session_state.setdefault(f"{_KEPT}{form}", {})
    for name in names:
        if name in st.session_state:
            held[name] = st.session_state[name]
        elif name in held:
            st.session_state[name] = held[name]


def begin_with(name: str, value: object) -> None:
    """Before a field is drawn: what it holds until somebody changes it."""
    st.session_state.setdefault(name, value)


def forget(form: str) -> None:
    """The form was sent or given up."""
    st.session_state.pop(f"{_KEPT}{form}", None)
