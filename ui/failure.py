"""What a person sees when a page fails: a calm sentence and a reference, never a traceback."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from services.errors import Refused
from ui.text import plain

_LOG = logging.getLogger(__name__)


def show(error: Exception) -> bool:
    """Streamlit's ``on_script_error``: log the error under a reference, show that; True hides the rest."""
    if isinstance(error, Refused):
        st.warning(plain(str(error)))
        return True
    reference = secrets.token_hex(4).upper()
    _LOG.error("page_failed reference=%s", reference, exc_info=error)
    st.error(
        "**Something went wrong on our side.** Nothing you saved is lost. Reload the page to try again; "
        f"if it keeps happening, give an administrator this reference: `{reference}`."
    )
    return True
