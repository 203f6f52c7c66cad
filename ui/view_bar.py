"""The button that holds the views of a list: open one, save, share and delete them, and choose the columns."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from services import saved_views
from services.errors import Refused
from services.identity import Person
from services.permissions import Right, may
from services.saved_views import MAX_NAME, Listing, SavedView
from ui import lead_columns, once, question, said, session, view_address
from ui.lead_list import LeadList
from ui.question import Question
from ui.text import plain

_OPEN, _NAME, _FOR_ALL, _NEW_NAME = "view_open", "view_name", "view_for_all", "view_new_name"
_ALL = "All leads"


def draw(of: LeadList) -> None:
    """Draw the button; its words say which view is open and whether something else is chosen by now."""
    view = view_address.opened(of.views)
    changed = view is not None and view_address.is_changed(view)
    label = "View" if view is None else f"View: {view.name}{', changed' if changed else ''}"
    with st.popover(plain(label), key="views", icon=":material/bookmark:"):
        _choice(of.views, view)
        lead_columns.draw(of.listing)
        if view is not None:
            _of_open(of.person, view, is_changed=changed)
        _save(of.person, of.listing)
    question.draw()


def _choice(views: Sequence[SavedView], view: SavedView | None) -> None:
    if not views:
        st.caption("Choose filters, an order and columns, and keep them under a name.")
        return
    words = {each.id.hex: f"{each.name} (shared)" if each.is_shared else each.name for each in views}
    st.session_state[_OPEN] = view.id.hex if view else None
    st.selectbox(
        "Open",
        [None, *words],
        key=_OPEN,
        format_func=lambda key: words.get(key or "", _ALL),
        on_change=_opened,
        args=(views,),
    )


def _opened(views: Sequence[SavedView]) -> None:
    """A callback."""
    view = next((each for each in views if each.id.hex == st.session_state[_OPEN]), None)
    view_address.open_view(view.id if view else None, view.query if view else {})


def _of_open(person: Person, view: SavedView, *, is_changed: bool) -> None:
    st.toggle(
        "Open the list with this view",
        value=view.is_default,
        key=f"view_default_{view.id.hex}",
        on_change=_as_default,
        args=(view,),
    )
    if not view.may_change:
        st.caption("Its maker or an admin changes it. Save it under another name to have it your way.")
        return
    with st.container(horizontal=True):
        if is_changed:
            st.button("Save changes", key="view_overwrite", on_click=_overwrite, args=(view,))
        if view.is_shared and view.is_mine:
            st.button("Keep to myself", key="view_keep", on_click=_keep, args=(view,))
        if not view.is_shared and may(person, Right.SHARE_VIEWS):
            st.button("Share with everybody", key="view_share", on_click=_share, args=(view,))
        st.button("Delete", key="view_delete", on_click=_ask_to_delete, args=(view,), type="tertiary")
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    key = f"{_NEW_NAME}_{view.id.hex}"
    left.text_input("Name", value=view.name, key=key, max_chars=MAX_NAME)
    right.button("Rename", key="view_rename", on_click=_rename, args=(view, key), width="stretch")


def _save(person: Person, listing: Listing) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    left.text_input("Save this view as", key=_NAME, max_chars=MAX_NAME, placeholder="Call today")
    right.button("Save view", key="view_save", on_click=_saved, args=(listing,), width="stretch")
    if may(person, Right.SHARE_VIEWS):
        st.checkbox("For everybody in the workspace", key=_FOR_ALL)


def _saved(listing: Listing) -> None:
    """A callback: keep what is shown, and go on with it."""
    person, name, query = session.require_person(), st.session_state[_NAME], view_address.shown()
    is_for_all = bool(st.session_state.get(_FOR_ALL))

    def save() -> UUID:
        made = saved_views.save(person, listing, name, query)
        if is_for_all:
            saved_views.share(person, made)
        return made

    try:
        view_address.open_view(once.once(("view", listing, name, is_for_all), save), query)
        st.session_state[_NAME] = ""
    except Refused as refused:
        said.keep_refusal(str(refused))
        return
    said.keep("The view is saved.")


def _overwrite(view: SavedView) -> None:
    shown = view_address.shown()
    said.after(lambda: saved_views.overwrite(session.require_person(), view.id, shown), "The view is saved.")


def _rename(view: SavedView, key: str) -> None:
    name = st.session_state[key]
    said.after(lambda: saved_views.rename(session.require_person(), view.id, name), "The view is renamed.")


def _share(view: SavedView) -> None:
    done = "Everybody in the workspace sees this view now."
    said.after(lambda: saved_views.share(session.require_person(), view.id), done)


def _keep(view: SavedView) -> None:
    done = "This view is yours alone again."
    said.after(lambda: saved_views.keep_to_oneself(session.require_person(), view.id), done)


def _as_default(view: SavedView) -> None:
    wanted = bool(st.session_state[f"view_default_{view.id.hex}"])
    done = "The list opens with this view." if wanted else "The list opens with all leads."
    said.after(lambda: saved_views.open_with(session.require_person(), view.id, wanted=wanted), done)


def _ask_to_delete(view: SavedView) -> None:
    who = "Everybody in the workspace loses it." if view.is_shared else "No lead changes by it."
    question.ask(
        Question(
            title="Delete this view?",
            body=f"“{view.name}” goes for good. {who}",
            yes="Delete the view",
            act=lambda person: saved_views.delete(person, view.id),
            done="The view is deleted.",
        )
    )
