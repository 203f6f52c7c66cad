"""Links that are used once: what they hold is made from APP_SECRET, so that neither the database nor a mail that waits
holds anything that opens an account."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import secret_for
from store.ids import new_id


class LinkKind(StrEnum):
    """What a link is for: another address counts from now on, or a new password is chosen."""

    EMAIL = "email"
    RESET = "reset"


_PATHS = {LinkKind.EMAIL: "/confirm-email", LinkKind.RESET: "/new-password"}


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link about to be stored."""

    id: UUID
    key_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLink:
    """A link that can still be used. ``email``: the address the account has, or will have."""

    kind: LinkKind
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMail:
    """A claimed mail with a link; ``tries`` counts this one."""

    id: UUID
    kind: LinkKind
    recipient: str
    tries: int
    claimed_at: datetime


def new() -> NewLink:
    """A link nobody has used. Raises SettingsError without APP_SECRET."""
    link_id = new_id()
    return NewLink(link_id, hash_of(key_of(link_id)))


def key_of(link_id: UUID) -> str:
    """What the address of the link holds. Raises SettingsError without APP_SECRET."""
    return link_id.hex + secret_for(f"account link {link_id}")


def address_of(site: str, kind: LinkKind, link_id: UUID) -> str:
    """The whole link, below the address of the site. Raises SettingsError without APP_SECRET."""
    return f"{site}{_PATHS[kind]}?key={key_of(link_id)}"


def hash_of(key: str) -> bytes:
    """What the database knows a link by."""
    return hashlib.sha256(key.encode(errors="replace")).digest()


def see(conn: Connection, key: str) -> OpenLink | None:
    """What a link is for; None when it was used, is too old, or never was one."""
    row = conn.execute(sa.text("select * from auth_see_link(:hash)"), {"hash": hash_of(key)}).one_or_none()
    return None if row is None else OpenLink(kind=LinkKind(row.kind), email=row.email)


def use_for_email(conn: Connection, key: str) -> bool:
    """From now on the address that the link was sent to counts; False when the link cannot be used."""
    return bool(
        conn.execute(sa.text("select auth_use_email_link(:hash)"), {"hash": hash_of(key)}).scalar_one()
    )


def mails_are_due(conn: Connection) -> bool:
    """Whether a mail with a link waits to be sent now."""
    return bool(conn.execute(sa.text("select account_mails_due()")).scalar_one())


def claim_mail(conn: Connection, hold_s: int) -> LinkMail | None:
    """Take the oldest mail that is due: nobody else takes it for ``hold_s`` seconds."""
    row = conn.execute(sa.text("select * from account_mail_claim(:hold)"), {"hold": hold_s}).one_or_none()
    return None if row is None else LinkMail(**{**row._mapping, "kind": LinkKind(row.kind)})


def mail_was_sent(conn: Connection, mail: LinkMail) -> None:
    """The mail server has taken it."""
    _came_to(conn, mail, sent=True)


def mail_failed(conn: Connection, mail: LinkMail, why: str, wait_s: int | None) -> None:
    """It is tried again after ``wait_s`` seconds; never when that is None."""
    _came_to(conn, mail, wait_s=wait_s, why=why)


def _came_to(
    conn: Connection, mail: LinkMail, *, sent: bool = False, wait_s: int | None = None, why: str | None = None
) -> None:
    conn.execute(
        sa.text("select account_mail_came_to(:id, :sent, :wait, :why)"),
        {"id": mail.id, "sent": sent, "wait": wait_s, "why": why},
    )
