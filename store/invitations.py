"""Invitations to a workspace: made, looked up by their link, accepted, and the mails that carry them.

What a link holds is derived from APP_SECRET and the id, so that a worker can write it into a mail; the table keeps
a hash.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import settings
from store.database import secret_for
from store.users import NewUser


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """One that can still be accepted. ``inviter`` is None when they are not in the workspace any more."""

    id: UUID
    email: str
    role: str
    inviter: str | None
    created_at: datetime
    expires_at: datetime
    mail_due: bool
    mailed_at: datetime | None
    mail_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """What a link opens. ``hint`` is enough of the address to know it again."""

    workspace_name: str
    role: str
    hint: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationMail:
    """A claimed mail."""

    id: UUID
    recipient: str
    workspace_name: str
    role: str
    inviter: str
    claimed_at: datetime
    expires_at: datetime


def link_of(invitation: UUID) -> str:
    """The link of an invitation. Raises SettingsError without an APP_SECRET."""
    return f"{settings.get().address()}/invitation?key={_key_of(invitation)}"


def _key_of(invitation: UUID) -> str:
    return secret_for(f"invitation {invitation}")


def _proof(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="replace")).digest()


def invite(
    conn: Connection, workspace_id: UUID, invitation: UUID, email: str, role: str, *, by_mail: bool
) -> str:
    """Keep an invitation; returns what came of it."""
    return _came_to(
        conn,
        sa.text("select team_invite(:workspace, :id, :email, :role, :proof, :mail)"),
        {
            "workspace": workspace_id,
            "id": invitation,
            "email": email,
            "role": role,
            "proof": _proof(_key_of(invitation)),
            "mail": by_mail,
        },
    )


def revoke(conn: Connection, workspace_id: UUID, invitation: UUID) -> str:
    """Take one back; returns what came of it."""
    statement = sa.text("select team_uninvite(:workspace, :id)")
    return _came_to(conn, statement, {"workspace": workspace_id, "id": invitation})


def open_ones(conn: Connection, workspace_id: UUID) -> list[InvitationRow]:
    """Those that can still be accepted, the newest first."""
    rows = conn.execute(
        sa.text("""
            select i.id, i.email, i.role, u.email as inviter, i.created_at, i.expires_at,
                i.mail_due_at is not null as mail_due, i.mailed_at, i.mail_error
            from invitations i
            left join users u on u.id = i.invited_by
            where i.workspace_id = :workspace
                and i.accepted_at is null
                and i.revoked_at is null
                and i.expires_at > now()
            order by i.created_at desc, i.id
        """),
        {"workspace": workspace_id},
    )
    return [InvitationRow(**row._mapping) for row in rows]


def offer(conn: Connection, key: str) -> OfferRow | None:
    """What the link with this key opens; None when it is used, taken back, too old or made up."""
    row = conn.execute(sa.text("select * from invitation_of(:proof)"), {"proof": _proof(key)}).one_or_none()
    return None if row is None else OfferRow(**row._mapping)


def accept(conn: Connection, key: str) -> str:
    """Join as whoever asks, who works there from then on; returns what came of it."""
    return _came_to(conn, sa.text("select invitation_accept(:proof)"), {"proof": _proof(key)})


def accept_as(conn: Connection, key: str, user: NewUser) -> str:
    """Store an account and have it join; returns what came of it."""
    return _came_to(
        conn,
        sa.text("select invitation_accept_new(:proof, :id, :workspace, :email, :hash)"),
        {
            "proof": _proof(key),
            "id": user.id,
            "workspace": user.workspace_id,
            "email": user.email,
            "hash": user.password_hash,
        },
    )


def mails_are_due(conn: Connection) -> bool:
    """Whether an invitation waits to be sent now."""
    statement = sa.text("select exists (select from invitations where mail_due_at <= now())")
    return bool(conn.execute(statement).scalar_one())


def claim_mail(conn: Connection, hold_s: int) -> InvitationMail | None:
    """Take the oldest mail that is due: nobody else takes it for ``hold_s`` seconds."""
    row = conn.execute(sa.text("select * from invitation_claim_mail(:hold)"), {"hold": hold_s}).one_or_none()
    return None if row is None else InvitationMail(**row._mapping)


def mail_done(conn: Connection, invitation: UUID, problem: str | None, *, again: bool) -> None:
    """Note that it was sent, or why not and whether to try again later."""
    conn.execute(
        sa.text("select invitation_mail_done(:id, :problem, :again)"),
        {"id": invitation, "problem": problem, "again": again},
    )


def _came_to(conn: Connection, statement: sa.TextClause, values: dict[str, object]) -> str:
    return str(conn.execute(statement, values).scalar_one())
