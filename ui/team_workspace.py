"""What can be done with a workspace as a whole: its name, its owner, and leaving it."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from services import teams
from services.identity import Person
from services.permissions import Right, may
from services.roles import MemberRole
from services.teams import LONGEST_NAME, Team
from ui import question, said, session
from ui.question import Question
from ui.team_people import emails


def workspace(person: Person, team: Team) -> None:
    """Draw what the person may do."""
    if may(person, Right.RENAME_WORKSPACE):
        _name(person)
    if may(person, Right.HAND_OVER):
        _hand_over(team)
    _leave(person)


def _name(person: Person) -> None:
    with st.form("workspace_name", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name of the workspace", person.workspace_name, key="name", max_chars=LONGEST_NAME
        )
        is_sent = st.form_submit_button("Rename", key="rename_workspace")
    if is_sent:
        said.after(
            lambda: teams.rename(session.require_person(), name or ""), "The workspace has its new name."
        )
        st.rerun()


def _hand_over(team: Team) -> None:
    heirs = emails(team.heirs)
    if not heirs:
        st.caption("You own this workspace. Once somebody else is in it, you can hand it over.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        email = st.selectbox(
            "Hand over ownership to", list(heirs), index=None, key="heir", placeholder="Choose a person"
        )
        if email:
            asked = (_hand_over_to(email, heirs[email]),)
            st.button("Hand over", key="hand_over", on_click=question.ask, args=asked)


def _hand_over_to(email: str, heir: UUID) -> Question:
    return Question(
        title="Hand over this workspace?",
        body=f"{email} will own it, and you stay as an admin. Only they can undo this.",
        yes="Yes, hand over",
        act=lambda person: teams.hand_over(person, heir),
        done=f"{email} owns this workspace now.",
    )


def _leave(person: Person) -> None:
    if person.role is MemberRole.OWNER:
        return
    name = person.workspace_name
    asked = Question(
        title="Leave this workspace?",
        body=f"You will not see {name} any more, and your API keys for it end. What you ordered stays there.",
        yes="Yes, leave",
        act=teams.leave,
        done=f"You have left {name}.",
    )
    st.button("Leave this workspace", key="leave", type="tertiary", on_click=question.ask, args=(asked,))
