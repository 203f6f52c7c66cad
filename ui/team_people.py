"""The people of a workspace as cards that fit a phone, and what can be changed about each."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from services import teams
from services.roles import MemberRole
from services.teams import GIVEN, Member, Spent, Team
from ui import question, said, session
from ui.format import ago, amounts
from ui.question import Question
from ui.text import plain
from ui.viewer_time import local
from ui.words import Colour

ROLE_COLOUR: dict[MemberRole, Colour] = {
    MemberRole.OWNER: "violet",
    MemberRole.ADMIN: "blue",
    MemberRole.MEMBER: "green",
    MemberRole.VIEWER: "gray",
}


def people(team: Team) -> None:
    """Draw everybody."""
    for member in team.members:
        _card(member)
    if team.formerly and team.formerly.all_micros:
        st.caption(plain(f"People who have left: {_spent(team.formerly)}. Months are those of UTC."))


def _spent(spent: Spent) -> str:
    month, in_all = amounts([spent.month_micros, spent.all_micros])
    return f"spent {month} this month, {in_all} in all"


def _card(member: Member) -> None:
    row = member.row
    with st.container(border=True, key=f"pp-card-row-{row.user_id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(row.email, width="content")
            st.badge(member.role.capitalize(), color=ROLE_COLOUR[member.role])
            if member.is_you:
                st.badge("You", color="gray")
            if row.is_disabled:
                st.badge("Disabled", color="red")
        seen = f"last seen {ago(local(row.last_seen_at))}" if row.last_seen_at else "not seen yet"
        money = f" · {_spent(member.spent)}" if member.spent else ""
        st.caption(plain(f"{seen.capitalize()}{money}"))
        if member.can_be_changed:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                _role(member)
                asked = (_removal(member),)
                st.button(
                    "Remove", key=f"remove-{row.user_id}", type="tertiary", on_click=question.ask, args=asked
                )


def _role(member: Member) -> None:
    # The key holds the role there is, so that a change which was refused goes back to it.
    key = f"role-{member.row.user_id}-{member.role}"
    st.selectbox(
        f"Role of {member.row.email}",
        list(GIVEN),
        index=list(GIVEN).index(member.role),
        format_func=str.capitalize,
        key=key,
        label_visibility="collapsed",
        width=160,
        on_change=lambda: _change(member.row.user_id, member.row.email, st.session_state[key]),
    )


def _change(user_id: UUID, email: str, role: MemberRole) -> None:
    said.after(
        lambda: teams.set_role(session.require_person(), user_id, MemberRole(role)),
        f"{email} is {role.with_article} now.",
    )


def _removal(member: Member) -> Question:
    email = member.row.email
    return Question(
        title="Remove from the workspace?",
        body=f"{email} will not see this workspace any more, and their API keys for it end. What they ordered"
        " stays here.",
        yes="Yes, remove",
        act=lambda person: teams.remove(person, member.row.user_id),
        done=f"{email} is not in this workspace any more.",
    )


def emails(members: Sequence[Member]) -> dict[str, UUID]:
    """People to choose from."""
    return {each.row.email: each.row.user_id for each in members}
