"""What a person sees when a page fails: a calm sentence and a reference, never a traceback."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from pipeline import events
from services.errors import DATABASE_AWAY, Refused
from ui.text import plain

_LOG = logging.getLogger(__name__)
_AGAIN_S = 3.0


def show(error: Exception) -> bool:
    """Streamlit's ``on_script_error``: log the error under a reference, show that; True hides the rest."""
    if isinstance(error, Refused):
        st.warning(plain(str(error)))
        return True
    if isinstance(error, DATABASE_AWAY):
        away(error)
        return True
    reference = secrets.token_hex(4).upper()
    events.error(_LOG, "page_failed", error, reference=reference)
    st.error(
        "**Something went wrong on our side.** Nothing you saved is lost. Reload the page to try again; "
        f"if it keeps happening, give an administrator this reference: `{reference}`."
    )
    return True


def away(error: Exception) -> None:
    """Say that the database does not answer, and go on once it does."""
    events.warning(_LOG, "page_waits", reason=type(error).__name__)
    st.warning(
        "**Reconnecting …** The database does not answer at this moment. Nothing you saved is lost, and this page goes"
        " on by itself. Look then whether what you did last was done."
    )
    _draw_again()


def _draw_again() -> None:
    """Have all of the page drawn anew in a while."""
    is_later = False

    def again() -> None:
        nonlocal is_later
        if is_later:
            st.rerun()
        is_later = True

    st.fragment(again, run_every=_AGAIN_S)()
