"""What a person changes about their own account; the database compares the password and keeps the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.account_links import NewLink
from store.users import Guess


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """A live session of whoever asks; ``is_this``: it is the one they ask by."""

    id: UUID
    kind: str
    device: str
    ip: str
    opened_at: datetime
    last_used_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Password:
    """A password that was typed, as the database compares it, once."""

    ticket: UUID
    derived: str


def sessions(conn: Connection) -> tuple[OwnSession, ...]:
    """The live sessions of whoever asks: this one, then the last used ones first."""
    return tuple(OwnSession(**row._mapping) for row in conn.execute(sa.text("select * from app_sessions()")))


def end_other_sessions(conn: Connection) -> int:
    """End all sessions of whoever asks but this one; returns how many there were."""
    return int(conn.execute(sa.text("select app_end_other_sessions()")).scalar_one())


def begin_password_check(conn: Connection, fresh: str) -> Guess | bool:
    """Count an attempt and say what to derive the hash of one's own password with; False after too many, True for
    whoever does not ask by a session of a browser."""
    if not conn.execute(sa.text("select exists (select from app_sign_in_ways())")).scalar_one():
        return True
    row = conn.execute(sa.text("select * from app_begin_password_check(:fresh)"), {"fresh": fresh}).one()
    return not row.refused and Guess(ticket=row.ticket, parameters=row.parameters)


def change_password(conn: Connection, current: Password, new_hash: str) -> int | None:
    """Keep another password and end all other sessions; returns how many, or None when ``current`` is wrong."""
    found: int | None = conn.execute(
        sa.text("select app_change_password(:ticket, :derived, :hash)"),
        {"ticket": current.ticket, "derived": current.derived, "hash": new_hash},
    ).scalar_one()
    return found


def change_email(conn: Connection, current: Password, email: str, link: NewLink | None) -> str:
    """Keep another address: at once without a link (``changed`` or ``taken``), else once its link was opened (``sent``,
    also when it is somebody's already); ``wrong`` for a wrong password."""
    return str(
        conn.execute(
            sa.text("select app_change_email(:ticket, :derived, :email, :link, :hash)"),
            {
                "ticket": current.ticket,
                "derived": current.derived,
                "email": email,
                "link": link.id if link else None,
                "hash": link.key_hash if link else None,
            },
        ).scalar_one()
    )
