"""Inviting people to a workspace, and the invitations that are open."""

from __future__ import annotations

import streamlit as st

from services import invitations, notifying
from services.errors import Refused
from services.identity import Person
from services.invitations import InvitationRow, Made
from services.permissions import Right, may
from services.roles import MemberRole
from services.teams import GIVEN
from ui import said, session
from ui.format import ago, day
from ui.text import plain, someone
from ui.viewer_time import local

_MADE = "invitation_made"


def section(person: Person) -> None:
    """Draw it for whoever may invite."""
    if not may(person, Right.MANAGE_PEOPLE):
        return
    st.header("Invite somebody", anchor=False)
    with st.container(border=True, key="pp-card-invite"):
        _form()
        _made()
    rows = invitations.open_ones(person)
    if rows:
        st.header("Open invitations", anchor=False)
    for row in rows:
        _open(row)


def _form() -> None:
    with st.form("invite", border=False, clear_on_submit=True):
        left, right = st.columns([3, 1])
        email = left.text_input("E-mail address", key="invite_email", max_chars=254)
        role = right.selectbox(
            "Role",
            list(GIVEN),
            index=1,
            format_func=lambda each: MemberRole(each).capitalize(),
            key="invite_role",
        )
        by_mail = notifying.are_on() and st.checkbox("Send the link by mail", value=True, key="invite_mail")
        is_sent = st.form_submit_button("Invite", type="primary", key="invite_send")
    if is_sent:
        _invite(email or "", MemberRole(role), by_mail=by_mail)


def _invite(email: str, role: MemberRole, *, by_mail: bool) -> None:
    try:
        st.session_state[_MADE] = invitations.invite(session.require_person(), email, role, by_mail=by_mail)
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    st.rerun()


def _made() -> None:
    made: Made | None = st.session_state.pop(_MADE, None)
    if made is None:
        st.caption("The link is good for that address alone, once, and for seven days.")
        return
    how = "The link is on its way by mail, too" if made.is_mailed else "Send them this link yourself"
    st.success(someone(f"{made.email} is invited. {how}; it is not shown again."))
    st.code(made.link, language=None, wrap_lines=True)


def _open(row: InvitationRow) -> None:
    with st.container(border=True, key=f"pp-card-row-{row.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(row.email, width="content")
            st.badge(row.role.capitalize(), color="gray")
        by = f" by {row.inviter}" if row.inviter else ""
        until = f"good until {day(local(row.expires_at))}"
        st.caption(someone(f"Invited {ago(local(row.created_at))}{by} · {until}{_mail(row)}"))
        st.button("Take back", key=f"revoke-{row.id}", type="tertiary", on_click=_revoke, args=(row,))


def _mail(row: InvitationRow) -> str:
    if row.mailed_at:
        return " · sent by mail"
    if row.mail_due:
        return f" · mail waits: {row.mail_error}" if row.mail_error else " · mail on its way"
    return f" · mail not sent: {row.mail_error}" if row.mail_error else ""


def _revoke(row: InvitationRow) -> None:
    said.after(
        lambda: invitations.revoke(session.require_person(), row.id),
        f"The link for {row.email} does not open anything any more.",
    )
