"""Accounts for tests: three mailboxes, none of them a person's."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from services import accounts, identity
from services.identity import Person, Visitor
from services.roles import MemberRole
from store import users
from store.database import Role, transaction
from store.ids import new_id
from tests.support.servers import Database, change

PASSWORD = "a long enough password"


def person(mailbox: str, *, is_admin: bool = False) -> Person:
    """A new account ``mailbox@example.com``."""
    email = f"{mailbox}@example.com"
    made = replace(_checked(), id=new_id(), workspace_id=new_id(), email=email, is_admin=is_admin)
    with transaction(Role.OPERATOR) as conn:
        assert users.create(conn, made), email
    return identity.named(email)


@cache
def _checked() -> users.NewUser:
    """An account whose password was judged and hashed, which takes longer than most tests."""
    return accounts.new_user("somebody@example.com", PASSWORD, is_admin=False)


def joins(database: Database, somebody: Person, owner: Person, role: MemberRole) -> Person:
    """Put somebody into the workspace ``owner`` works in; returns them at work there."""
    change(
        database.superuser_url,
        "insert into memberships (workspace_id, user_id, role)"
        f" values ('{owner.workspace_id}', '{somebody.id}', '{role.value}')",
    )
    return replace(somebody, workspace_id=owner.workspace_id, workspace_name=owner.workspace_name, role=role)


def first_admin(email: str, password: str) -> str:
    """Create the first administrator as who was given the link does; returns the token of their session."""
    return accounts.create_first_admin(email, password, first_admin_key(), Visitor()).token


def signed_in(mailbox: str) -> str:
    """The token of a new session of ``mailbox@example.com``."""
    return identity.sign_in(f"{mailbox}@example.com", PASSWORD, Visitor()).token


def first_admin_key() -> str:
    """What the link for the first administrator holds; nothing when there is one already."""
    return (accounts.first_admin_link() or "").partition("key=")[2]
