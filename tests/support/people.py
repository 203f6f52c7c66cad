"""Accounts for tests: three mailboxes, none of them a person's."""

from __future__ import annotations

from services import identity
from services.identity import Person

PASSWORD = "a long enough password"


def person(mailbox: str, *, is_admin: bool = False) -> Person:
    """A new account ``mailbox@example.com``."""
    identity.create_user(f"{mailbox}@example.com", PASSWORD, is_admin=is_admin)
    return identity.named(f"{mailbox}@example.com")


def first_admin(email: str, password: str) -> str:
    """Create the first administrator as who was given the link does; returns the token of their session."""
    return identity.create_first_admin(email, password, first_admin_key())


def first_admin_key() -> str:
    """What the link for the first administrator holds; nothing when there is one already."""
    return (identity.first_admin_link() or "").partition("key=")[2]
