"""Accounts for tests: three mailboxes, none of them a person's."""

from __future__ import annotations

from services import identity
from services.identity import Person

PASSWORD = "a long enough password"


def person(mailbox: str, *, is_admin: bool = False) -> Person:
    """A new account ``mailbox@example.com``."""
    identity.create_user(f"{mailbox}@example.com", PASSWORD, is_admin=is_admin)
    return identity.named(f"{mailbox}@example.com")
