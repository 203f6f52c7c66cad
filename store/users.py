"""People and their sessions, through the few functions that may look before anyone is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.output.ending_mail import MailWhen


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """An account about to be stored, with the workspace that will be its own."""

    id: UUID
    workspace_id: UUID
    email: str
    password_hash: str | None
    is_admin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoRow:
    """Whoever proved to be somebody, in the workspace they work in. ``most`` is the rank of the highest role that their
    session or key lets them act in: 1 looks on, 2 works, 4 does all that their role may. ``session_id`` is None for a
    key, ``guest_until`` for who has an account. ``is_free``: they order nothing that may cost money."""

    user_id: UUID
    email: str
    is_admin: bool
    workspace_id: UUID
    workspace_name: str
    role: str
    most: int
    session_id: UUID | None
    guest_until: datetime | None
    is_free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A password may be compared once with this; ``parameters`` are those its hash is to be derived with."""

    ticket: UUID
    parameters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session about to be opened: how it proves itself, how long it lasts, and where from."""

    proof: bytes
    hours: int
    idle_hours: int
    device: str
    ip: str


def any_exist(conn: Connection) -> bool:
    """Whether anybody has an account yet."""
    return bool(conn.execute(sa.text("select auth_users_exist()")).scalar_one())


def create(conn: Connection, user: NewUser) -> bool:
    """Store a person and workspace; False when the e-mail has an account."""
    statement = sa.text("select auth_create_user(:id, :workspace, :email, :hash, :admin)")
    return bool(conn.execute(statement, {**_values(user), "admin": user.is_admin}).scalar_one())


def create_first(conn: Connection, user: NewUser, key: str) -> bool:
    """Store the first administrator; False when anybody exists, or the key is another one."""
    statement = sa.text("select auth_create_first(:id, :workspace, :email, :hash, :key)")
    return bool(conn.execute(statement, {**_values(user), "key": key}).scalar_one())


def _values(user: NewUser) -> dict[str, object]:
    return {
        "id": user.id,
        "workspace": user.workspace_id,
        "email": user.email,
        "hash": user.password_hash,
    }


def begin_sign_in(conn: Connection, email: str, ip: str, device: bytes | None, fresh: str) -> Guess | None:
    """Count an attempt and say what to derive the hash with; None after too many. An unknown e-mail is answered like a
    known one: with ``fresh`` parameters, and a salt that is always the same."""
    row = conn.execute(
        sa.text("select * from auth_begin_sign_in(:email, :ip, :device, :fresh)"),
        {"email": email, "ip": ip, "device": device, "fresh": fresh},
    ).one()
    return None if row.refused else Guess(ticket=row.ticket, parameters=row.parameters)


def sign_in(conn: Connection, guess: Guess, derived: str, new: NewSession, new_device: bytes | None) -> str:
    """Compare a derived hash, once, and open the session when it is the right one; returns what came of it."""
    return str(
        conn.execute(
            sa.text("""
                select auth_sign_in(:ticket, :derived, :proof, :hours, :idle_hours, :device, :ip, :new_device)
            """),
            {
                "ticket": guess.ticket,
                "derived": derived,
                "proof": new.proof,
                "hours": new.hours,
                "idle_hours": new.idle_hours,
                "device": new.device,
                "ip": new.ip,
                "new_device": new_device,
            },
        ).scalar_one()
    )


def who_columns() -> tuple[sa.ColumnClause[Any], ...]:
    """The columns of ``auth_who``, for statements that are put together."""
    ids: sa.Uuid[UUID] = sa.Uuid()
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        **dict.fromkeys(("user_id", "workspace_id", "session_id"), ids),
        **dict.fromkeys(("email", "workspace_name", "role"), sa.Text()),
        **dict.fromkeys(("is_admin", "is_free"), sa.Boolean()),
        "most": sa.Integer(),
        "guest_until": sa.TIMESTAMP(timezone=True),
    }
    return tuple(sa.column(name, kind) for name, kind in kinds.items())


def who(conn: Connection) -> WhoRow | None:
    """The person whose proof the transaction carries; their session counts as used."""
    row = conn.execute(sa.text("select * from auth_who()")).one_or_none()
    return None if row is None else WhoRow(**row._mapping)


def open_command_session(conn: Connection, email: str | None, proof: bytes, hours: int) -> str | None:
    """A session for a command on the machine itself: of the account with this e-mail, or of the only one there is.
    Returns its e-mail; None when there is no such account."""
    found: str | None = conn.execute(
        sa.text("select auth_open_command_session(:email, :proof, :hours)"),
        {"email": email, "proof": proof, "hours": hours},
    ).scalar_one()
    return found


def end_session(conn: Connection, session_id: UUID | None = None) -> bool:
    """End one's own session, or another one of one's sessions, for good; False when there is none."""
    return bool(conn.execute(sa.text("select app_end_session(:id)"), {"id": session_id}).scalar_one())


def switch_workspace(conn: Connection, workspace_id: UUID) -> bool:
    """From now on the session works in another workspace of its person; False when it is none of theirs."""
    return bool(conn.execute(sa.text("select app_switch_workspace(:id)"), {"id": workspace_id}).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One that somebody belongs to."""

    id: UUID
    name: str


def workspaces(conn: Connection) -> list[Workspace]:
    """Those that whoever asks belongs to, by name."""
    rows = conn.execute(
        sa.text("""
            select id, name
            from workspaces
            where id in (select app_workspaces())
            order by lower(name), id
        """)
    )
    return [Workspace(**row._mapping) for row in rows]


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


def mail_mentions(conn: Connection, user_id: UUID) -> bool:
    """Whether a person wants mails about notes that mention them; for the person alone."""
    wanted = conn.execute(sa.text("select mail_mentions from users where id = :id"), {"id": user_id})
    return bool(wanted.scalar_one())


def choose_mail_mentions(conn: Connection, user_id: UUID, wanted: bool) -> None:
    """Keep whether a person wants mails about notes that mention them; for the person alone."""
    conn.execute(
        sa.text("update users set mail_mentions = :wanted where id = :id"), {"wanted": wanted, "id": user_id}
    )
