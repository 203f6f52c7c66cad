"""Money limits as the database keeps them: set by its functions alone, kept by its triggers, whoever writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from pipeline.money.limits import Period, Scope

_REACHED, _KEY_REACHED, _CAP_REACHED, _EMPTY = "PPLIM", "PPKEY", "PPBLK", "PPWAL"


class Passed(Exception):
    """What was to be written would pass a limit, so nothing was. ``left_micros`` is what an order may still have."""

    def __init__(self, scope: Scope, period: Period, left_micros: int) -> None:
        super().__init__(f"the {scope}'s limit of the {period} is reached")
        self.scope = scope
        self.period = period
        self.left_micros = left_micros


class KeyPassed(Exception):
    """The same of the limit of the key that asked. ``is_own``: the campaign was ordered with it."""

    def __init__(self, left_micros: int, *, is_own: bool) -> None:
        super().__init__("the limit of the key is reached")
        self.left_micros = left_micros
        self.is_own = is_own


class CapPassed(Exception):
    """A call would pass the cap of the bulk order its campaign is of."""

    called = "The cap of the bulk order"


class WalletEmpty(Exception):
    """What was to be written may cost more than is in the wallet; ``owed_micros`` is what has to be paid in first."""

    called = "The wallet of the workspace"

    def __init__(self, left_micros: int, owed_micros: int) -> None:
        super().__init__("the wallet has too little")
        self.left_micros = left_micros
        self.owed_micros = owed_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """A limit as somebody may know it. Money in micro-dollars; what this person may not know is None.

    ``used`` is what the calls of the period cost, those on their way at full price; ``promised`` is what open campaigns
    may still spend; ``is_near``: less than a fifth is left; ``binds``: it is not that of another person.
    """

    scope: Scope
    period: Period
    user_id: UUID | None
    email: str | None
    micros: int | None
    used_micros: int | None
    promised_micros: int | None
    left_micros: int
    is_near: bool
    renews_at: datetime
    set_by: str | None
    set_at: datetime | None
    binds: bool


@contextmanager
def kept() -> Iterator[None]:
    """Around whatever opens a campaign or begins a call. Raises Passed, KeyPassed, CapPassed and WalletEmpty."""
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "pgcode", None)
        if code == _CAP_REACHED:
            raise CapPassed from None
        if code not in (_REACHED, _KEY_REACHED, _EMPTY):
            raise
        said = json.loads(error.orig.diag.message_detail)  # type: ignore[union-attr]
        if code == _EMPTY:
            raise WalletEmpty(said["left"], said["owed"]) from None
        if code == _KEY_REACHED:
            raise KeyPassed(said["left"], is_own=said["is_own"]) from None
        raise Passed(Scope(said["scope"]), Period(said["period"]), said.get("left", 0)) from None


def known(conn: Connection, workspace_id: UUID) -> tuple[LimitRow, ...]:
    """The limits that who asks may know of in a workspace of theirs."""
    rows = conn.execute(sa.text("select * from app_limits(:workspace)"), {"workspace": workspace_id})
    return tuple(
        LimitRow(**{**row._mapping, "scope": Scope(row.scope), "period": Period(row.period)}) for row in rows
    )


def set_to(
    conn: Connection, workspace_id: UUID | None, user_id: UUID | None, period: Period, micros: int | None
) -> int | None:
    """Set a limit, or take it away with None: the installation's without a workspace, a person's with one.

    Returns the most it may be when a wider limit of the same period allows less, else None.
    """
    values = {"workspace": workspace_id, "user": user_id, "period": period, "micros": micros}
    most: int | None = conn.execute(
        sa.text("select app_set_limit(:workspace, :user, :period, :micros)"), values
    ).scalar_one()
    return most


def members(conn: Connection, workspace_id: UUID) -> list[tuple[UUID, str]]:
    """Who is in a workspace of one's own: id and e-mail."""
    rows = conn.execute(
        sa.text("""
            select m.user_id, u.email
            from memberships m
            join users u on u.id = m.user_id
            where m.workspace_id = :workspace
            order by u.email
        """),
        {"workspace": workspace_id},
    )
    return [(row.user_id, row.email) for row in rows]
