"""Accounts as cards that fit a phone, and what an administrator can do with each."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from services import accounts, administration
from services.accounts import reset_link
from services.administration import AccountRow
from services.errors import Refused
from services.identity import Person
from ui import question, said, session
from ui.format import ago, counted, day
from ui.question import Question
from ui.text import plain, someone
from ui.viewer_time import local

_DELETING = "account_deleting"
_LINK = "account_link"
_MOST_HEIRS = 200


def card(person: Person, account: AccountRow) -> None:
    """Draw one account."""
    is_you = account.id == person.id
    with st.container(border=True, key=f"pp-card-row-{account.id}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(account.email, width="content")
            if account.administers:
                st.badge("Administrator", color="violet")
            if account.disabled_at:
                st.badge("Disabled", color="red")
            if account.guest_until:
                st.badge("Guest", color="gray")
            elif account.is_free:
                st.badge("Free campaigns only", color="orange")
            if is_you:
                st.badge("You", color="gray")
        until = (
            f"Removed on {day(local(account.guest_until))}, unless they sign up · "
            if account.guest_until
            else ""
        )
        seen = f"last seen {ago(local(account.last_seen_at))}" if account.last_seen_at else "not seen yet"
        places = counted(account.workspaces, "workspace")
        st.caption(plain(f"{until}Created {day(local(account.created_at))} · {seen} · in {places}"))
        with st.container(horizontal=True):
            _actions(account, is_you=is_you)


def _actions(account: AccountRow, *, is_you: bool) -> None:
    if account.guest_until:
        _action("end", account, _ending(account))
        return
    _action("admin", account, _administrator(account))
    if is_you:
        return
    _action("free", account, _free(account))
    if account.disabled_at:
        st.button("Enable", key=f"enable-{account.id}", type="tertiary", on_click=_enable, args=(account,))
    else:
        _action("disable", account, _disabling(account))
        st.button(
            "New password", key=f"reset-{account.id}", type="tertiary", on_click=_reset, args=(account,)
        )
    st.button("Delete", key=f"delete-{account.id}", type="tertiary", on_click=_wish_gone, args=(account,))


def _action(name: str, account: AccountRow, asked: Question) -> None:
    label = asked.title.rstrip("?")
    st.button(label, key=f"{name}-{account.id}", type="tertiary", on_click=question.ask, args=(asked,))


def _administrator(account: AccountRow) -> Question:
    email, account_id = account.email, account.id
    if account.administers:
        return Question(
            title="Take administration away?",
            body=f"{email} will see jobs, providers, accounts and the audit log no more.",
            yes="Yes, take it away",
            act=lambda person: administration.set_admin(person, account_id, wanted=False),
            done=f"{email} is no administrator any more.",
        )
    return Question(
        title="Make administrator?",
        body=f"{email} will look after the whole installation: jobs, providers, accounts and the audit log.",
        yes="Yes, make administrator",
        act=lambda person: administration.set_admin(person, account_id, wanted=True),
        done=f"{email} is an administrator now.",
    )


def _free(account: AccountRow) -> Question:
    email, account_id = account.email, account.id
    if account.is_free:
        return Question(
            title="Allow paid campaigns?",
            body=f"{email} will order campaigns that cost money, within the money limits.",
            yes="Yes, allow",
            act=lambda person: administration.set_free(person, account_id, wanted=False),
            done=f"{email} may order campaigns that cost money.",
        )
    return Question(
        title="Free campaigns only?",
        body=f"{email} will order nothing that may cost money; what runs goes on.",
        yes="Yes, free ones only",
        act=lambda person: administration.set_free(person, account_id, wanted=True),
        done=f"{email} orders free campaigns only.",
    )


def _ending(account: AccountRow) -> Question:
    return Question(
        title="Remove guest?",
        body="What they run stops, and everything of theirs is removed within the hour.",
        yes="Yes, remove",
        act=lambda person: administration.delete(person, account.id, None),
        done="The guest is removed.",
    )


def _disabling(account: AccountRow) -> Question:
    return Question(
        title="Disable?",
        body=f"{account.email} will be signed out everywhere, their API keys end for good, and their running campaigns"
        " stop. Nothing is deleted.",
        yes="Yes, disable",
        act=lambda person: administration.disable(person, account.id),
        done=f"{account.email} cannot sign in any more.",
    )


def _enable(account: AccountRow) -> None:
    done = f"{account.email} can sign in again."
    said.after(lambda: administration.enable(session.require_person(), account.id), done)


def _reset(account: AccountRow) -> None:
    said.after(lambda: _make_link(account), "")


def _make_link(account: AccountRow) -> None:
    st.session_state[_LINK] = (account.email, reset_link(session.require_person(), account.id))


def link() -> None:
    """Draw the link for a new password that was just made, once."""
    email, made = st.session_state.pop(_LINK, (None, ""))
    if email:
        st.success(
            someone(f"With this link {email} chooses a new password. Send it to them; it is not shown again.")
        )
        st.code(made, language=None, wrap_lines=True)


def _wish_gone(account: AccountRow) -> None:
    st.session_state[_DELETING] = account


def deletion(person: Person) -> None:
    """Draw the question about the account that is to be deleted, if one is."""
    account: AccountRow | None = st.session_state.get(_DELETING)
    if account is not None:
        st.dialog("Delete this account?", on_dismiss=_keep)(_deletion)(person, account)


def _deletion(person: Person, account: AccountRow) -> None:
    st.markdown(
        f"**{someone(account.email)}** will be gone for good, and what they ordered stops. The workspaces they own,"
        " with all that is in them, become somebody else's; empty ones go."
    )
    heirs = _heirs(person, account)
    email = st.selectbox(
        "Who takes over their workspaces", list(heirs), index=None, key="heir", placeholder="Choose"
    )
    with st.container(horizontal=True):
        if st.button("Yes, delete", type="primary", key="account_delete_yes"):
            _keep()
            heir = heirs[email] if email else None
            said.after(
                lambda: administration.delete(session.require_person(), account.id, heir),
                f"The account of {account.email} is deleted.",
            )
            st.rerun()
        if st.button("Keep it", key="account_delete_no"):
            _keep()
            st.rerun()


def _heirs(person: Person, account: AccountRow) -> dict[str, UUID]:
    rows = administration.listing(person, limit=_MOST_HEIRS).rows
    return {
        row.email: row.id
        for row in rows
        if row.id != account.id and not row.disabled_at and not row.guest_until
    }


def _keep() -> None:
    st.session_state.pop(_DELETING, None)


def new() -> None:
    """Draw the form for a new account."""
    with st.expander("New account"), st.form("new_account", border=False):
        email = st.text_input("E-mail address", key="account_email", max_chars=254)
        password = st.text_input("First password", type="password", key="account_password", max_chars=128)
        st.caption("Tell them this password on another way than by mail, and to choose one of their own.")
        is_admin = st.checkbox("Administrator", key="account_admin")
        is_sent = st.form_submit_button("Create account", type="primary", key="account_create")
    if is_sent:
        _created(
            lambda who: accounts.create_for(who, email or "", password or "", is_admin=is_admin),
            email or "",
        )


def _created(create: Callable[[Person], None], email: str) -> None:
    try:
        create(session.require_person())
    except Refused as refused:
        st.warning(plain(str(refused)))
        return
    said.keep(f"{email.strip()} has an account now.")
    st.rerun()
