"""Team: who is in the workspace, in which role, and what that allows."""

from __future__ import annotations

import streamlit as st

from services import teams
from ui import (
    cards,
    question,
    role_table,
    session,
    team_assigning,
    team_invitations,
    team_people,
    team_workspace,
)


def main() -> None:
    """Draw the page."""
    person = session.require_account()
    cards.heading("Team", f"{person.workspace_name} · you are {person.role.with_article} here.")
    team = teams.team(person)
    team_people.people(team)
    team_invitations.section(person)
    st.header("Workspace", anchor=False)
    with st.container(border=True, key="pp-card-workspace"):
        team_workspace.workspace(person, team)
    team_assigning.section(person)
    st.header("What each role may do", anchor=False)
    role_table.draw()
    question.draw()


main()
