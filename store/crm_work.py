"""Handing companies over: what the process does that has taken one of the works up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.ids import as_array
from store.lead_rows import lead_of
from store.leads import StoredLead
from store.value_hashes import covering


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A connection that is to be checked, or whose customers are wanted; the token is sealed."""

    workspace_id: UUID
    crm: str
    token: str = field(repr=False)
    mapping: Mapping[str, str]
    wants_customers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run to go on with, and what its connection says; the token is sealed."""

    workspace_id: UUID
    id: UUID
    crm: str
    is_push: bool
    tries: int
    token: str = field(repr=False)
    mapping: Mapping[str, str]
    min_confidence: int
    min_reach: int
    with_contacts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A company whose turn it is, with its newest lead, and what it is there from an earlier push."""

    company_id: UUID
    stored: StoredLead
    is_customer: bool
    is_suppressed: bool
    is_simulated: bool
    their_id: str | None
    contact_id: str | None
    sent: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Another company of the workspace that is one there already, or is about to be."""

    company_id: UUID
    their_id: str | None
    marks: frozenset[str]


def are_due(conn: Connection) -> bool:
    """Whether something is to be done."""
    return bool(conn.execute(sa.text("select crm_work_due()")).scalar_one())


def link(conn: Connection, hold_s: int) -> Link | None:
    """Take a connection; nobody else takes it for ``hold_s`` seconds."""
    statement = sa.text("select * from crm_work_connection(:hold)")
    row = conn.execute(statement, {"hold": hold_s}).one_or_none()
    return None if row is None else Link(**row._mapping)


def checked(conn: Connection, one: Link, problem: str | None, properties: Sequence[str] | None) -> None:
    """Note what came of asking what its companies have."""
    conn.execute(
        sa.text("select crm_work_checked(:workspace, :crm, :why, cast(:properties as text[]))"),
        {
            "workspace": one.workspace_id,
            "crm": one.crm,
            "why": problem,
            "properties": None if properties is None else list(properties),
        },
    )


def customers(conn: Connection, one: Link, problem: str | None, kept: Mapping[str, object] | None) -> None:
    """Keep its customers as a list (``list``, ``called``, ``digest``, ``rows``, ``places``, ``count``), or why not."""
    given = dict(kept or {"list": None, "called": "", "digest": b"", "rows": b"", "places": {}, "count": 0})
    given["places"] = json.dumps(given["places"])
    conn.execute(
        sa.text("""
            select crm_work_customers(:workspace, :crm, :why, cast(:list as uuid), :called, :digest, :rows,
                cast(:places as jsonb), :count)
        """),
        {**given, "workspace": one.workspace_id, "crm": one.crm, "why": problem},
    )


def run(conn: Connection, hold_s: int) -> Run | None:
    """Take a run; nobody else takes it for ``hold_s`` seconds."""
    row = conn.execute(sa.text("select * from crm_work_run(:hold)"), {"hold": hold_s}).one_or_none()
    return None if row is None else Run(**row._mapping)


def waiting(conn: Connection, work: Run, most: int) -> list[Waiting]:
    """The next companies; those whose leads are gone are noted as such."""
    of = {"workspace": work.workspace_id, "run": work.id}
    conn.execute(sa.text("select crm_work_gone(:workspace, :run)"), of)
    leads = conn.execute(
        sa.text("select * from crm_work_leads(:workspace, :run, :most)"), {**of, "most": most}
    ).all()
    facts = conn.execute(
        sa.text("select * from crm_work_facts(:workspace, :run, cast(:companies as uuid[]))"),
        {**of, "companies": as_array([row.company_id for row in leads])},
    )
    known = {row.company_id: row._mapping for row in facts}
    return [
        Waiting(
            **known[row.company_id],
            stored=StoredLead(id=row.id, lead=lead_of(row)),
            is_customer=row.is_customer,
        )
        for row in leads
    ]


def listed(conn: Connection, work: Run, values: Sequence[str]) -> frozenset[str]:
    """Those of the values that are on the suppression list, themselves or through their domain."""
    hashes = {value: covering(value) for value in values}
    rows = conn.execute(
        sa.text("select * from crm_work_listed(:workspace, cast(:hashes as bytea[]))"),
        {"workspace": work.workspace_id, "hashes": [hash for each in hashes.values() for hash in each]},
    )
    there = {bytes(hash) for hash in rows.scalars()}
    return frozenset(value for value, each in hashes.items() if not there.isdisjoint(each))


def taken(
    conn: Connection, work: Run, companies: Sequence[UUID], ids: Sequence[str], marks: Sequence[str]
) -> list[Taken]:
    """Others that are one of these there, or share a mark with one of ours."""
    rows = conn.execute(
        sa.text("""
            select *
            from crm_work_taken(:workspace, :run, cast(:companies as uuid[]), cast(:ids as text[]),
                cast(:marks as text[]))
        """),
        {
            "workspace": work.workspace_id,
            "run": work.id,
            "companies": as_array(companies),
            "ids": list(ids),
            "marks": list(marks),
        },
    )
    return [
        Taken(company_id=row.company_id, their_id=row.their_id, marks=frozenset(row.marks)) for row in rows
    ]


def done(conn: Connection, work: Run, outcomes: Sequence[Mapping[str, object]]) -> None:
    """Note what came of companies: ``company_id``, ``state``, ``action``, ``fields``, ``why``, ``their_id``,
    ``contact_id``, ``sent``, ``seen``, ``marks``."""
    conn.execute(
        sa.text("select crm_work_done(:workspace, :run, cast(:outcomes as jsonb))"),
        {"workspace": work.workspace_id, "run": work.id, "outcomes": json.dumps(list(outcomes))},
    )


def wait(conn: Connection, work: Run, problem: str | None, wait_s: float | None) -> None:
    """Go on after so many seconds; None: it is over, or ``problem`` stopped it."""
    conn.execute(
        sa.text("select crm_work_wait(:workspace, :run, :why, :wait_s)"),
        {"workspace": work.workspace_id, "run": work.id, "why": problem, "wait_s": wait_s},
    )


def forget(conn: Connection, days: int) -> int:
    """Remove runs that old; returns how many."""
    return int(conn.execute(sa.text("select forget_crm_runs(:days)"), {"days": days}).scalar_one())
