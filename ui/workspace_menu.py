"""Which workspace a person works in: chosen in the menu, or by the address of one of its campaigns."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from services import workspaces
from services.identity import Person
from ui import said, session
from ui.text import plain

_LEFT, _CAME_FOR = "workspace_left", "campaign_came_for"


def draw(person: Person) -> None:
    """Draw the choice for somebody who belongs to several; everybody else needs none."""
    names = {each.id: each.name for each in workspaces.mine(person)}
    if len(names) < 2:
        return
    # The key holds where they work, so that a switch made elsewhere shows here.
    key = f"workspace-{person.workspace_id}"
    st.selectbox(
        "Workspace",
        list(names),
        index=list(names).index(person.workspace_id),
        format_func=lambda each: names[each],
        key=key,
        on_change=lambda: _switch(st.session_state[key]),
    )


def has_left() -> bool:
    """Whether the workspace was just switched, told once: a page about one campaign is not one of the new workspace."""
    return bool(st.session_state.pop(_LEFT, False))


def came_for(campaign_id: UUID) -> None:
    """This tab shows a campaign of the workspace."""
    st.session_state[_CAME_FOR] = campaign_id


def follow(person: Person, campaign_id: UUID) -> None:
    """Where the address names a campaign of another workspace of theirs: go there, and run the page again.

    A tab that has shown the campaign already asks first: the workspace was switched in another one, and two tabs must
    not take it from each other.
    """
    home = workspaces.of_campaign(person, campaign_id)
    if home is None or home.id == person.workspace_id:
        return
    if st.session_state.get(_CAME_FOR) == campaign_id:
        st.info(plain(f"This campaign is in {home.name}. You work in {person.workspace_name} now."))
        if not st.button(plain(f"Go to {home.name}"), type="primary", key="to_workspace"):
            st.stop()
    workspaces.switch(session.require_person(), home.id)
    said.keep(f"You work in {home.name} now: this campaign is there.")
    st.rerun()


def _switch(workspace_id: UUID) -> None:
    done = said.after(lambda: workspaces.switch(session.require_person(), workspace_id), "")
    st.session_state[_LEFT] = done
