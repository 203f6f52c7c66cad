"""Guests, who have no account: what they may do is kept by functions and triggers of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from store.ids import new_id
from store.users import NewSession

_REFUSED = "PPGST"


class TooMuch(StrEnum):
    """Why an order is more than whoever orders may have."""

    COSTS = "costs"
    LARGE = "large"
    USED_UP = "used_up"
    BUSY = "busy"


class Refused(Exception):
    """What was to be written is more than they may order, so nothing was."""

    def __init__(self, why: TooMuch) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a guest gets: so many campaigns of so many leads, kept for so many days."""

    campaigns: int
    leads: int
    days: int


def terms(conn: Connection) -> Terms | None:
    """What guests get here; None when none are let in."""
    row = conn.execute(sa.text("select campaigns, leads, days from auth_guest_terms()")).one_or_none()
    return None if row is None else Terms(**row._mapping)


def arrive(conn: Connection, network: str, new: NewSession) -> str:
    """Make a guest with a workspace and a session: ``in``, ``off`` or ``too_many``. The session lasts as long as the
    guest may stay, whatever ``new`` says."""
    return str(
        conn.execute(
            sa.text("select auth_open_guest(:user, :workspace, :proof, :network, :device, :ip)"),
            {
                "user": new_id(),
                "workspace": new_id(),
                "proof": new.proof,
                "network": network,
                "device": new.device,
                "ip": new.ip,
            },
        ).scalar_one()
    )


def sign_up(conn: Connection, email: str, password_hash: str) -> str:
    """Give the guest who asks an account and end their session: ``done``, ``gone``, ``known`` or ``too_many``."""
    return str(
        conn.execute(
            sa.text("select auth_sign_up(:email, :hash)"), {"email": email, "hash": password_hash}
        ).scalar_one()
    )


def left(conn: Connection) -> int | None:
    """How many campaigns whoever asks may still order; None when they are no guest."""
    found: int | None = conn.execute(sa.text("select app_guest_left()")).scalar_one()
    return found


@contextmanager
def kept() -> Iterator[None]:
    """Around whatever opens a campaign. Raises Refused."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != _REFUSED:
            raise
        raise Refused(TooMuch(error.orig.diag.message_detail)) from None  # type: ignore[union-attr]


def forget(conn: Connection) -> int:
    """Remove a hundred guests whose time is over, with all of theirs; returns how many."""
    return int(conn.execute(sa.text("select forget_guests()")).scalar_one())
