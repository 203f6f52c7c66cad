"""Passkeys: what the database keeps of them, and the sessions they open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import secret_for
from store.ids import new_id
from store.own_account import Password
from store.sealing import VOUCHER
from store.users import NewSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One of whoever asks. ``last_used_at``: None before the first sign-in by it."""

    id: UUID
    credential_id: bytes
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a signature is compared with; ``sign_count``: how many signatures the device had made at the last one."""

    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """One about to be stored, and the challenge it was made for."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    challenge: bytes
    name: str


def find(conn: Connection, credential_id: bytes) -> Kept | None:
    """The passkey with this id, whosever it is."""
    row = conn.execute(sa.text("select * from auth_passkey(:id)"), {"id": credential_id}).one_or_none()
    return None if row is None else Kept(bytes(row.public_key), row.sign_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A challenge that a passkey has signed; ``sign_count`` is that of the signature."""

    credential_id: bytes
    sign_count: int
    challenge: bytes


def sign_in(conn: Connection, signed: Signed, new: NewSession, device: bytes) -> bool:
    """Open a session; False when the challenge was used before, or the passkey is a copy or gone."""
    return bool(
        conn.execute(
            sa.text("""
                select auth_sign_in_by_passkey(:key, :id, :count, :challenge,
                    :proof, :hours, :idle_hours, :device, :ip, :new_device)
            """),
            {
                "key": secret_for(VOUCHER),
                "id": signed.credential_id,
                "count": signed.sign_count,
                "challenge": signed.challenge,
                "proof": new.proof,
                "hours": new.hours,
                "idle_hours": new.idle_hours,
                "device": new.device,
                "ip": new.ip,
                "new_device": device,
            },
        ).scalar_one()
    )


def confirm_password(conn: Connection, current: Password) -> bool:
    """Whether it is the password of whoever asks."""
    return bool(
        conn.execute(
            sa.text("select app_confirm_password(:ticket, :derived)"),
            {"ticket": current.ticket, "derived": current.derived},
        ).scalar_one()
    )


def add(conn: Connection, new: NewPasskey) -> bool:
    """Keep one for whoever asks; False when it is kept already, its challenge was used, or there are twenty."""
    return bool(
        conn.execute(
            sa.text("select app_add_passkey(:key, :new_id, :id, :public_key, :count, :challenge, :name)"),
            {
                "key": secret_for(VOUCHER),
                "new_id": new_id(),
                "id": new.credential_id,
                "public_key": new.public_key,
                "count": new.sign_count,
                "challenge": new.challenge,
                "name": new.name,
            },
        ).scalar_one()
    )


def all_of(conn: Connection) -> tuple[Passkey, ...]:
    """The passkeys of whoever asks, oldest first."""
    found = conn.execute(sa.text("select * from app_passkeys()"))
    return tuple(Passkey(**{**row._mapping, "credential_id": bytes(row.credential_id)}) for row in found)


def remove(conn: Connection, current: Password, passkey_id: UUID) -> str:
    """It opens nothing any more: ``removed``, ``gone``, or ``wrong`` for a wrong password."""
    return str(
        conn.execute(
            sa.text("select app_remove_passkey(:ticket, :derived, :id)"),
            {"ticket": current.ticket, "derived": current.derived, "id": passkey_id},
        ).scalar_one()
    )
