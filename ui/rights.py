"""What somebody may not do is not offered to them, with the reason in its place."""

from __future__ import annotations

import streamlit as st

from services import permissions
from services.identity import Person
from services.permissions import Right
from ui.text import plain


def offered(person: Person, right: Right) -> bool:
    """Whether the person has the right; where not, why not is drawn."""
    why_not = permissions.why_not(person, right)
    if why_not:
        st.caption(plain(why_not))
    return why_not is None
