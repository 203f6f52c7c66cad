"""People and their sessions, through the few functions that may look before anyone is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.output.ending_mail import MailWhen


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A person and their workspace."""

    id: UUID
    email: str
    is_admin: bool
    workspace_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What is needed to check a password."""

    user_id: UUID
    password_hash: str


def any_exist(conn: Connection) -> bool:
    """Whether anybody has an account yet."""
    return bool(conn.execute(sa.text("select auth_users_exist()")).scalar_one())


def create(conn: Connection, user: UserRow, password_hash: str, *, only_if_first: bool = False) -> bool:
    """Store a person and workspace; False when the e-mail, or with ``only_if_first`` anyone, exists."""
    made = conn.execute(
        sa.text("select auth_create_user(:id, :workspace, :email, :hash, :admin, :first)"),
        {
            "id": user.id,
            "workspace": user.workspace_id,
            "email": user.email,
            "hash": password_hash,
            "admin": user.is_admin,
            "first": only_if_first,
        },
    ).scalar_one()
    return bool(made)


def credentials(conn: Connection, email: str) -> Credentials | None:
    """The person behind an e-mail address, whatever its letter case."""
    row = conn.execute(sa.text("select * from auth_credentials(:email)"), {"email": email}).one_or_none()
    return None if row is None else Credentials(user_id=row.user_id, password_hash=row.password_hash)


def only_email(conn: Connection) -> str | None:
    """The e-mail of the only account; None when there is none or more than one."""
    email: str | None = conn.execute(sa.text("select auth_only_email()")).scalar_one()
    return email


def person(conn: Connection, user_id: UUID) -> UserRow | None:
    """A person who may still sign in."""
    row = conn.execute(sa.text("select * from auth_person(:id)"), {"id": user_id}).one_or_none()
    if row is None:
        return None
    return UserRow(id=row.user_id, email=row.email, is_admin=row.is_admin, workspace_id=row.workspace_id)


def person_of_session(conn: Connection, token_hash: bytes) -> UserRow | None:
    """The person a live session belongs to."""
    row = conn.execute(
        sa.text("select p.* from auth_person(auth_session(:token)) p"), {"token": token_hash}
    ).one_or_none()
    if row is None:
        return None
    return UserRow(id=row.user_id, email=row.email, is_admin=row.is_admin, workspace_id=row.workspace_id)


def open_session(conn: Connection, token_hash: bytes, user_id: UUID, hours: int) -> None:
    """Start a session that ends by itself after ``hours``."""
    conn.execute(
        sa.text("select auth_open_session(:token, :user_id, :hours)"),
        {"token": token_hash, "user_id": user_id, "hours": hours},
    )


def close_session(conn: Connection, token_hash: bytes) -> None:
    """End a session for good."""
    conn.execute(sa.text("select auth_close_session(:token)"), {"token": token_hash})


def recent_failures(conn: Connection, email_hash: bytes, ip: str) -> tuple[int, int]:
    """Failed sign-ins of the last 15 minutes: for this e-mail, and from this address."""
    row = conn.execute(
        sa.text("select * from auth_recent_failures(:email, :ip)"), {"email": email_hash, "ip": ip}
    ).one()
    return row.by_email, row.by_ip


def note_attempt(conn: Connection, email_hash: bytes, ip: str, *, succeeded: bool) -> None:
    """Remember one sign-in attempt; a success forgives the earlier failures of its e-mail."""
    conn.execute(
        sa.text("select auth_note_attempt(:email, :ip, :ok)"),
        {"email": email_hash, "ip": ip, "ok": succeeded},
    )


def mail_when(conn: Connection, user_id: UUID) -> MailWhen:
    """When a person wants mails; for the person alone."""
    return MailWhen(
        conn.execute(sa.text("select mail_when from users where id = :id"), {"id": user_id}).scalar_one()
    )


def choose_mail_when(conn: Connection, user_id: UUID, when: MailWhen) -> None:
    """Keep when a person wants mails; for the person alone."""
    conn.execute(
        sa.text("update users set mail_when = :mail_when where id = :id"), {"mail_when": when, "id": user_id}
    )
