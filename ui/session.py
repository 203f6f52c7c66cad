"""The guard every page begins with: who is looking, asked anew at each rerun.

Streamlit's discovery of ``pages/`` can run a page without the entry script, so no page relies on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import streamlit as st

from services import identity, watching
from services.identity import Person
from services.permissions import Right, may
from services.watching import Watched
from ui import cards

TOKEN_KEY = "session_token"  # noqa: S105
_SHOWN = "campaign_state_shown"
Query = Mapping[str, str | Sequence[str]]


def current_person() -> Person | None:
    """The signed-in person, or None; the session is looked up again at every call."""
    return identity.who_is(_token())


def require_person(draft: Callable[[], Query] | None = None) -> Person:
    """The signed-in person; anybody else sees a calm way to sign in and the script stops.

    ``draft`` gives the query parameters that bring back what was typed, when the address does not hold it.
    """
    person = current_person()
    if person is None:
        _ask_to_sign_in(draft)
        st.stop()
    return person


def require_sight(person: Person, campaign_id: UUID) -> Watched:
    """A campaign as the person may see it, in one look that asks anew whether their session holds; anybody else sees a
    calm way to sign in and the script stops. Raises NotFound."""
    watched = watching.look(person, campaign_id, st.session_state.get(_SHOWN, ""))
    if watched is None:
        _ask_to_sign_in(None)
        st.stop()
    st.session_state[_SHOWN] = watched.state
    return watched


def require_right(right: Right) -> Person:
    """The signed-in person, who has the right; anybody else is told so and the script stops."""
    person = require_person()
    if not may(person, right):
        cards.empty("This page is for administrators.", "Ask an administrator if you need access.", "lock")
        st.stop()
    return person


def require_account() -> Person:
    """The signed-in person; a guest, who has no account, is shown how to get one and the script stops."""
    person = require_person()
    if person.guest_until is not None:
        text = "Sign up, and you keep the campaigns you ran as a guest."
        with cards.empty("This needs an account", text, "lock"):
            cards.own_page_link("Sign up", "/sign-up", "/")
        st.stop()
    return person


def _token() -> str | None:
    # The browser's cookie is read once per tab: signing in as somebody else in another tab must not
    # turn this one into theirs.
    if TOKEN_KEY not in st.session_state:
        st.session_state[TOKEN_KEY] = st.context.cookies.get(identity.SESSION_COOKIE)
    token = st.session_state[TOKEN_KEY]
    return token if isinstance(token, str) else None


def _ask_to_sign_in(draft: Callable[[], Query] | None) -> None:
    query: Query = draft() if draft else {key: st.query_params.get_all(key) for key in st.query_params}
    path = urlsplit(st.context.url or "/").path or "/"
    text = "Your session has ended. Sign in and you will come back to this page as you left it."
    with cards.empty("Please sign in again", text, "lock"):
        cards.own_page_link("Sign in", "/sign-in", f"{path}?{urlencode(query, doseq=True)}".rstrip("?"))
