"""Links by which a new password is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.account_links import NewLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """The account a link is for: by its id, or by its address."""

    user_id: UUID | None = None
    email: str | None = None


def ask(conn: Connection, email: str, ip: str, link: NewLink) -> bool:
    """Have the link sent to whoever has this address, if anybody has; False after too many."""
    return bool(
        conn.execute(
            sa.text("select auth_ask_reset(:email, :ip, :link, :hash)"),
            {"email": email, "ip": ip, "link": link.id, "hash": link.key_hash},
        ).scalar_one()
    )


def make(conn: Connection, whose: Whose, link: NewLink, *, drops_factor: bool) -> str | None:
    """Store a link that is handed over; returns the address of the account, or None when there is none."""
    found: str | None = conn.execute(
        sa.text("select auth_make_reset_link(:user, :email, :link, :hash, :drops)"),
        {
            "user": whose.user_id,
            "email": whose.email,
            "link": link.id,
            "hash": link.key_hash,
            "drops": drops_factor,
        },
    ).scalar_one()
    return found


def use(conn: Connection, key_hash: bytes, new_hash: str) -> bool:
    """Keep the new password and end all sessions; False when the link cannot be used."""
    return bool(
        conn.execute(
            sa.text("select auth_use_reset_link(:hash, :new)"), {"hash": key_hash, "new": new_hash}
        ).scalar_one()
    )
