"""What a service refused, beside the fields it is about, for forms that keep what was typed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from services.errors import Invalid, Refused
from ui.text import plain

WHOLE = ""


def sentences(refused: Refused) -> dict[str, str]:
    """Its sentences by field; what is about the whole stands under ``WHOLE``."""
    fields = refused.fields if isinstance(refused, Invalid) else {}
    return dict(fields) or {WHOLE: str(refused)}


def below(wrong: Mapping[str, str], field: str = WHOLE) -> None:
    """Draw what is wrong with a field, if anything is."""
    if field in wrong:
        st.error(plain(wrong[field]))
