"""Saved views and the address: a view holds what the address holds, so that opening one is going to an address."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from services.saved_views import Query, SavedView
from ui import address

SAVED = "saved"
NAMES = "view_names"
"""In the session: the names of an address that a view of this list holds."""
_ALL = "all"
_HAS_DEFAULT = "view_has_default"
_PAGE = "page"


def expand(views: Sequence[SavedView], names: Sequence[str]) -> None:
    """On arriving: an address that names a view and nothing else means all of the view, and one that says nothing at
    all the view the list opens with."""
    default = next((view for view in views if view.is_default), None)
    st.session_state[_HAS_DEFAULT] = default is not None
    wanted = st.query_params.get(SAVED, "")
    is_there = next((view for view in views if view.id.hex == wanted), None)
    if wanted and wanted != _ALL and is_there is None:
        st.info("That view is gone, or it is not shared with you.")
        address.write({SAVED: []})
    if wanted == _ALL or any(st.query_params.get_all(name) for name in names):
        return
    view = is_there or (None if wanted else default)
    if view is not None:
        address.write({**_known(view.query, names), SAVED: [view.id.hex]})


def opened(views: Sequence[SavedView]) -> SavedView | None:
    """The view the address names."""
    return next((view for view in views if view.id.hex == st.query_params.get(SAVED)), None)


def shown() -> Query:
    """What of the address a view would hold."""
    held = {name: st.query_params.get_all(name) for name in st.session_state.get(NAMES, ())}
    return {name: values for name, values in held.items() if values}


def is_changed(view: SavedView) -> bool:
    """Whether something else is chosen than the view holds."""
    return {name: list(values) for name, values in view.query.items()} != shown()


def open_view(view_id: UUID | None, query: Query) -> None:
    """A callback: go where a view leads, or with None to all leads in their usual order."""
    names: Sequence[str] = st.session_state.get(NAMES, ())
    address.write({name: [] for name in (*names, _PAGE)})
    address.write({**_known(query, names), SAVED: [view_id.hex] if view_id else _nothing()})
    address.start_anew()


def leave() -> None:
    """A callback: no view is open any more."""
    address.write({SAVED: _nothing()})


def _nothing() -> list[str]:
    # An address that said nothing would open the list with its view again.
    return [_ALL] if st.session_state.get(_HAS_DEFAULT) else []


def _known(query: Query, names: Sequence[str]) -> dict[str, Sequence[str]]:
    return {name: query[name] for name in names if name in query}
