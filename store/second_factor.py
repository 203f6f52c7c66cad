"""Second factors: what the database keeps of them, and what it takes the application's word for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.database import secret_for
from store.own_account import Password
from store.sealing import VOUCHER
from store.users import NewSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How whoever asks may sign in. ``factor_since``: None without a second factor."""

    has_password: bool
    factor_since: datetime | None
    codes_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A code may be compared with this, once. ``sealed``: the secret, encrypted; ``last_step``: codes up to this one
    were used; ``now_s``: seconds since 1970 by the database's clock."""

    sealed: str
    last_step: int
    now_s: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code as the database takes it: the step of one that fitted, or the hash of a recovery code; neither is a wrong
    one, which is noted."""

    step: int | None = None
    recovery: bytes | None = None

    def values(self) -> dict[str, object]:
        """What a statement is given; the key by which the application vouches for the step."""
        return {"key": secret_for(VOUCHER), "step": self.step, "code": self.recovery}


def ways(conn: Connection) -> Ways | None:
    """How whoever asks may sign in; None unless they ask by a session of a browser."""
    row = conn.execute(sa.text("select * from app_sign_in_ways()")).one_or_none()
    return None if row is None else Ways(**row._mapping)


def now_s(conn: Connection) -> int:
    """Seconds since 1970 by the database's clock."""
    return int(conn.execute(sa.text("select extract(epoch from now())::bigint")).scalar_one())


def begin(conn: Connection) -> Asked | bool:
    """Count an attempt; False after too many, True when no second factor is asked for."""
    row = conn.execute(sa.text("select * from auth_begin_second_factor()")).one_or_none()
    if row is None:
        return True
    return not row.refused and Asked(sealed=row.secret, last_step=row.last_step, now_s=row.now_s)


def pass_by(conn: Connection, code: Code, new: NewSession, device: bytes) -> bool:
    """The half sign-in becomes a session that proves itself by another token; False for a wrong code."""
    return bool(
        conn.execute(
            sa.text("select auth_pass_second_factor(:key, :step, :code, :proof, :hours, :idle, :device)"),
            {
                **code.values(),
                "proof": new.proof,
                "hours": new.hours,
                "idle": new.idle_hours,
                "device": device,
            },
        ).scalar_one()
    )


def switch_on(conn: Connection, current: Password, sealed: str, step: int, codes: list[bytes]) -> str:
    """Ask for a second factor from now on: ``on``, ``already``, or ``wrong`` for a wrong password."""
    return str(
        conn.execute(
            sa.text("select app_switch_on_second_factor(:ticket, :derived, :sealed, :step, :codes)"),
            {
                "ticket": current.ticket,
                "derived": current.derived,
                "sealed": sealed,
                "step": step,
                "codes": codes,
            },
        ).scalar_one()
    )


def switch_off(conn: Connection, current: Password, code: Code) -> str:
    """Ask for none any more: ``off``, ``wrong`` for a wrong password, ``refused`` for a wrong code."""
    return str(
        conn.execute(
            sa.text("select app_switch_off_second_factor(:ticket, :derived, :key, :step, :code)"),
            {**code.values(), "ticket": current.ticket, "derived": current.derived},
        ).scalar_one()
    )


def new_codes(conn: Connection, code: Code, codes: list[bytes]) -> bool:
    """Other recovery codes count from now on; False for a wrong code."""
    return bool(
        conn.execute(
            sa.text("select app_new_recovery_codes(:key, :step, :code, :codes)"),
            {**code.values(), "codes": codes},
        ).scalar_one()
    )
