"""Who somebody is at the other site they sign in by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import secret_for
from store.ids import new_id
from store.own_account import Password
from store.sealing import VOUCHER
from store.users import NewSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody the issuer calls ``subject``; ``email`` is an address it has verified."""

    issuer: str
    subject: str
    email: str


def sign_in(conn: Connection, who: Identity, new: NewSession, device: bytes, *, may_make: bool) -> str:
    """Open a session: ``in``, or ``second_factor`` while one is to be shown; ``unknown`` when nobody has such an
    account and none may be made, ``conflict`` when the address alone does not open it."""
    return str(
        conn.execute(
            sa.text("""
                select auth_sign_in_by_issuer(:key, :issuer, :subject, :email, :may_make, :user, :workspace,
                    :proof, :hours, :idle_hours, :device, :ip, :new_device)
            """),
            {
                "key": secret_for(VOUCHER),
                "issuer": who.issuer,
                "subject": who.subject,
                "email": who.email,
                "may_make": may_make,
                "user": new_id(),
                "workspace": new_id(),
                "proof": new.proof,
                "hours": new.hours,
                "idle_hours": new.idle_hours,
                "device": new.device,
                "ip": new.ip,
                "new_device": device,
            },
        ).scalar_one()
    )


def connect(conn: Connection, who: Identity) -> bool:
    """Link it to whoever asks; False when it, or another one of theirs there, is linked already."""
    return bool(
        conn.execute(
            sa.text("select app_connect_identity(:key, :issuer, :subject)"),
            {"key": secret_for(VOUCHER), "issuer": who.issuer, "subject": who.subject},
        ).scalar_one()
    )


def since(conn: Connection, issuer: str) -> datetime | None:
    """Since when whoever asks signs in by the issuer."""
    found: datetime | None = conn.execute(
        sa.text("select app_identity_since(:issuer)"), {"issuer": issuer}
    ).scalar_one()
    return found


def disconnect(conn: Connection, current: Password, issuer: str) -> bool:
    """They sign in by it no more; False for a wrong password."""
    return bool(
        conn.execute(
            sa.text("select app_disconnect_identity(:ticket, :derived, :issuer)"),
            {"ticket": current.ticket, "derived": current.derived, "issuer": issuer},
        ).scalar_one()
    )
