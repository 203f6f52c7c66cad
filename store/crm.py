"""Customer systems a workspace is connected to, and what it handed over, as people see and steer it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.ids import as_array

PURPOSE = "crm"
"""What the tokens are sealed for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRow:
    """A connection as it is shown. ``properties`` are those its companies have, None until it was asked; ``problem`` is
    why it does not work. ``pushed`` and ``failed`` count companies."""

    crm: str
    mapping: Mapping[str, str]
    min_confidence: int
    min_reach: int
    with_contacts: bool
    created_by: str | None
    created_at: datetime
    check_due_at: datetime | None
    checked_at: datetime | None
    problem: str | None
    properties: Sequence[str] | None
    customers_due_at: datetime | None
    customers_at: datetime | None
    customers_count: int | None
    customers_problem: str | None
    pushed: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """Companies that were chosen together: how far they are, and how many came to what."""

    id: UUID
    crm: str
    created_by: str | None
    created_at: datetime
    state: str
    pushes: bool
    due_at: datetime | None
    tries: int
    problem: str | None
    companies: int
    waits: int
    creates: int
    updates: int
    same: int
    skipped: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A company of a run; ``name`` is None when its leads are gone."""

    company_id: UUID
    name: str | None
    state: str
    action: str | None
    fields: Sequence[str]
    why: str | None
    their_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """What a company is in a customer system. ``seen`` marks all our values as they were pushed."""

    crm: str
    their_id: str | None
    seen: str | None
    mapping: Mapping[str, str]
    pushed_at: datetime | None
    problem: str | None
    failed_at: datetime | None


def connect(
    conn: Connection, workspace_id: UUID, person_id: UUID, crm: str, token: str, mapping: Mapping[str, str]
) -> None:
    """Connect one, or give it another sealed token; it is checked soon."""
    conn.execute(
        sa.text("""
            insert into crm_connections (workspace_id, crm, token, mapping, created_by)
            values (:workspace, :crm, :token, cast(:mapping as jsonb), :person)
            on conflict (workspace_id, crm) do update
            set token = :token, check_due_at = now()
        """),
        {
            "workspace": workspace_id,
            "crm": crm,
            "token": token,
            "mapping": json.dumps(dict(mapping)),
            "person": person_id,
        },
    )


def change(conn: Connection, workspace_id: UUID, crm: str, wanted: Mapping[str, object]) -> bool:
    """Set ``mapping``, ``min_confidence``, ``min_reach`` and ``with_contacts``; it is checked soon."""
    done = conn.execute(
        sa.text("""
            update crm_connections
            set mapping = cast(:mapping as jsonb), min_confidence = :min_confidence, min_reach = :min_reach,
                with_contacts = :with_contacts, check_due_at = now()
            where workspace_id = :workspace and crm = :crm
        """),
        {"workspace": workspace_id, "crm": crm, **wanted, "mapping": json.dumps(wanted["mapping"])},
    )
    return done.rowcount > 0


def check(conn: Connection, workspace_id: UUID, crm: str) -> bool:
    """Have it checked soon; False when there is none."""
    done = conn.execute(
        sa.text(
            "update crm_connections set check_due_at = now() where workspace_id = :workspace and crm = :crm"
        ),
        {"workspace": workspace_id, "crm": crm},
    )
    return done.rowcount > 0


def fetch_customers(conn: Connection, workspace_id: UUID, person_id: UUID, crm: str) -> bool:
    """Have its customers fetched soon; False when there is none."""
    done = conn.execute(
        sa.text("""
            update crm_connections
            set customers_due_at = now(), customers_by = :person
            where workspace_id = :workspace and crm = :crm
        """),
        {"workspace": workspace_id, "crm": crm, "person": person_id},
    )
    return done.rowcount > 0


def disconnect(conn: Connection, workspace_id: UUID, crm: str) -> bool:
    """Forget it, its token and what was handed over; False when there is none."""
    done = conn.execute(
        sa.text("delete from crm_connections where workspace_id = :workspace and crm = :crm"),
        {"workspace": workspace_id, "crm": crm},
    )
    return done.rowcount > 0


def listing(conn: Connection, workspace_id: UUID) -> list[ConnectionRow]:
    """The connections of a workspace."""
    rows = conn.execute(
        sa.text("""
            select c.crm, c.mapping, c.min_confidence, c.min_reach, c.with_contacts, u.email as created_by,
                c.created_at, c.check_due_at, c.checked_at, c.problem, c.properties, c.customers_due_at,
                c.customers_at, c.customers_count, c.customers_problem,
                count(s.pushed_at) as pushed, count(s.problem) as failed
            from crm_connections c
            left join users u on u.id = c.created_by
            left join crm_states s on s.workspace_id = c.workspace_id and s.crm = c.crm
            where c.workspace_id = :workspace
            group by c.workspace_id, c.crm, c.mapping, c.min_confidence, c.min_reach, c.with_contacts, u.email,
                c.created_at, c.check_due_at, c.checked_at, c.problem, c.properties, c.customers_due_at,
                c.customers_at, c.customers_count, c.customers_problem
            order by c.crm
        """),
        {"workspace": workspace_id},
    )
    return [ConnectionRow(**row._mapping) for row in rows]


def begin(
    conn: Connection, workspace_id: UUID, person_id: UUID, run: UUID, crm: str, companies: Sequence[UUID]
) -> int:
    """Have these companies looked up there; how many of them there are."""
    conn.execute(
        sa.text("""
            delete from crm_runs
            where workspace_id = :workspace and crm = :crm and state = 'looked'
        """),
        {"workspace": workspace_id, "crm": crm},
    )
    conn.execute(
        sa.text("""
            insert into crm_runs (workspace_id, id, crm, created_by)
            values (:workspace, :run, :crm, :person)
        """),
        {"workspace": workspace_id, "run": run, "crm": crm, "person": person_id},
    )
    done = conn.execute(
        sa.text("""
            insert into crm_items (workspace_id, run_id, company_id)
            select distinct cast(:workspace as uuid), cast(:run as uuid), l.company_id
            from leads l
            where l.workspace_id = :workspace
                and l.company_id = any(cast(:companies as uuid[]))
                and l.is_current
        """),
        {"workspace": workspace_id, "run": run, "companies": as_array(companies)},
    )
    return int(done.rowcount)


def is_busy(conn: Connection, workspace_id: UUID, crm: str) -> bool:
    """Whether a run is under way."""
    found = conn.execute(
        sa.text("""
            select exists (
                select
                from crm_runs
                where workspace_id = :workspace and crm = :crm and state in ('looking', 'pushing')
            )
        """),
        {"workspace": workspace_id, "crm": crm},
    )
    return bool(found.scalar_one())


def push(conn: Connection, workspace_id: UUID, run: UUID) -> bool:
    """Have what was looked up pushed, or what stopped or failed tried again; False when there is no such run."""
    done = conn.execute(sa.text("select crm_push(:workspace, :run)"), {"workspace": workspace_id, "run": run})
    return bool(done.scalar_one())


def stop(conn: Connection, workspace_id: UUID, run: UUID) -> bool:
    """Stop a run that is under way; False when there is none."""
    done = conn.execute(sa.text("select crm_stop(:workspace, :run)"), {"workspace": workspace_id, "run": run})
    return bool(done.scalar_one())


def discard(conn: Connection, workspace_id: UUID, run: UUID) -> bool:
    """Forget a run that is not under way, not what it brought; False when there is none."""
    done = conn.execute(
        sa.text("""
            delete from crm_runs
            where workspace_id = :workspace and id = :run and state not in ('looking', 'pushing')
        """),
        {"workspace": workspace_id, "run": run},
    )
    return done.rowcount > 0
